import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunId } from "@millrace/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readLogs } from "./read-logs.js";

const RUN = "r1" as RunId;
let folder: string;
let logs: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-logs-"));
  logs = join(folder, RUN);
  mkdirSync(logs, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const said = (at: number, text: string): string => JSON.stringify({ at, level: "info", text });
const write = (name: string, ...lines: string[]): void => writeFileSync(join(logs, name), lines.join("\n"));

describe("the log lines of a run", () => {
  it("come by time, those of one time by file and place in it, as often as somebody goes through them", async () => {
    write("b.jsonl", said(2, "b1"), said(1, "b2"), "");
    write("a.jsonl", said(2, "a1"), said(2, "a2"), "");
    write("notes.txt", said(0, "no log"));
    const lines = await readLogs(folder, RUN);
    const texts = (): string[] => [...lines].map(({ text }) => text);
    expect(texts()).toEqual(["b2", "a1", "a2", "b1"]);
    expect(texts()).toEqual(["b2", "a1", "a2", "b1"]);
  });

  it("do without what is cut off or no line", async () => {
    write("a.jsonl", said(1, "whole"), '{"at":2,"level":"info"}', "null", said(3, "cut").slice(0, -4));
    expect([...(await readLogs(folder, RUN))]).toEqual([{ at: 1, level: "info", text: "whole" }]);
  });

  it("are none where no folder is", async () => {
    rmSync(folder, { recursive: true });
    expect([...(await readLogs(folder, RUN))]).toEqual([]);
  });
});
