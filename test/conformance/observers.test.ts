/** The conformance of the observers that Millrace brings along. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import type { Observer } from "@millrace/core";
import {
  consoleObserver,
  emailObserver,
  extension,
  fileObserver,
  jsonLinesObserver,
  type LogWrite,
  logger,
  type MailTransport,
  RunTally,
  webhookObserver,
} from "@millrace/runtime";
import { type ObserverHome, observerConformance } from "@millrace/testing/conformance";

const MOMENTS = ["start", "restart", "success", "failure", "abort", "suspend"] as const;

observerConformance("console", () => onStream((stream) => consoleObserver({ stream })));
observerConformance("json-lines", () => onStream((stream) => jsonLinesObserver({ stream })));

observerConformance("logger", () => {
  const said: string[] = [];
  return { open: () => logger({ write: (line) => void said.push(line.message) }), written: () => said.join("\n") };
});

observerConformance("asynchronous logger", () => {
  const said: string[] = [];
  let broken = false;
  const write = async (line: LogWrite): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (broken) throw new Error("no paper");
    said.push(line.message);
  };
  return {
    open: () => logger({ start: () => Promise.resolve(), write, end: () => Promise.resolve() }),
    written: () => said.join("\n"),
    breakDown() {
      broken = true;
    },
  };
});

observerConformance("extension", () => {
  const said: string[] = [];
  return { open: () => extension({ update: ({ to }) => void said.push(to) }), written: () => said.join("\n") };
});

observerConformance("webhook", () => {
  const sent: string[] = [];
  let status = 200;
  const post = async (_: unknown, { body }: { body?: unknown } = {}): Promise<Response> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (status === 200) sent.push(String(body));
    return new Response("", { status });
  };
  return {
    // Safe: no more of fetch is used.
    open: () => webhookObserver({ url: "https://example.test/hook", on: MOMENTS, fetch: post as typeof fetch }),
    written: () => sent.join("\n"),
    breakDown() {
      status = 404;
    },
  };
});

observerConformance("email", () => {
  const sent: string[] = [];
  let broken = false;
  const transport: MailTransport = {
    async sendMail({ text }) {
      await new Promise((resolve) => setImmediate(resolve));
      if (broken) throw new Error("connection closed");
      sent.push(text);
    },
  };
  return {
    open: () => emailObserver({ transport, from: "a@example.test", to: "b@example.test", on: MOMENTS }),
    written: () => sent.join("\n"),
    breakDown() {
      broken = true;
    },
  };
});

observerConformance("tally", () => ({
  open() {
    const tally = new RunTally();
    return { name: "tally", on: (event) => tally.apply(event) };
  },
}));

observerConformance("file", async () => {
  const root = await mkdtemp(join(tmpdir(), "millrace-observer-"));
  const dir = join(root, "logs");
  return {
    open: () => fileObserver({ dir }),
    async written() {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return (await Promise.all(files.sort().map((file) => readFile(file, "utf8")))).join("");
    },
    breakDown: () => writeFile(dir, "a file stands where the folder should be"),
    remove: () => rm(root, { recursive: true }),
  };
});

/** A place that is a stream; it breaks as a pipe does whose reader goes away. */
function onStream(open: (stream: Writable) => Observer): ObserverHome {
  let text = "";
  let broken = false;
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += broken ? "" : String(chunk);
      done(broken ? new Error("EPIPE") : null);
    },
  });
  return {
    open: () => open(stream),
    written: () => text,
    breakDown() {
      broken = true;
    },
  };
}
