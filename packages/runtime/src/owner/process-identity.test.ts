import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { HEARTBEAT_LIMIT_MS, isOwnerAlive, ownerInfo } from "./process-identity.js";

const me = ownerInfo("engine");

it("this process lives, however old its heartbeat", () => {
  expect(me).toMatchObject({ pid: process.pid, engine: "engine" });
  expect(isOwnerAlive(me, 0, Date.now())).toBe(true);
});

it("a process that has ended is dead, however fresh its heartbeat", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  const pid = child.pid ?? 0;
  await once(child, "exit");
  expect(isOwnerAlive({ ...me, pid }, 1_000, 1_000)).toBe(false);
});

it("a start time that cannot be read leaves the judgement to the heartbeat", () => {
  const unknown = { ...me, processStart: "" };
  expect(isOwnerAlive(unknown, 0, HEARTBEAT_LIMIT_MS - 1)).toBe(true);
  expect(isOwnerAlive(unknown, 0, HEARTBEAT_LIMIT_MS)).toBe(false);
});

it.skipIf(!existsSync("/proc/self/stat"))("a zombie is dead: its parent has only not asked yet", async () => {
  // The shell's background job ends at once, and `exec` leaves nobody who waits for it.
  const child = spawn("sh", ["-c", "true & echo $!; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const zombie = { ...me, pid: Number(line) };
  expect(isOwnerAlive(zombie, 0, 0)).toBe(false);
  const ended = once(child, "exit");
  child.stdin.end();
  await ended;
});
