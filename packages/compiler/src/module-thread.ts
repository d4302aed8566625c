/**
 * The thread that compiles modules, from its first line: esbuild, its plugin, and the files that come of it, while the analyser
 * goes on. It has no parser: what it has to know of a module's text comes from there. Orders are carried out one after the other.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type MessagePort, parentPort } from "node:worker_threads";
import { digestOutputs } from "@millrace/core/project";
import type { ModuleFacts } from "./emit/module-facts.js";
import { writeFileQuietly } from "./emit/write-file.js";
import { buildModules } from "./module-thread/build-modules.js";
import type { KeptModules } from "./module-thread/kept-modules.js";
import type { FromThread, ModulesReport, Order, ToThread } from "./module-thread/messages.js";

/** A project that is built. */
interface OpenProject {
  /** Compiled modules of its earlier builds. */
  readonly kept: KeptModules;
  /** Of the last one: path relative to the build folder → text. */
  outputs?: ReadonlyMap<string, string>;
}

const port = parentPort as MessagePort; // this module runs in a thread
const projects = new Map<number, OpenProject>();
const questions = new Map<number, (facts: ModuleFacts) => void>();
let asked = 0;
let last: Promise<void> = Promise.resolve();

port.on("message", (message: ToThread) => {
  if (message.type === "order") {
    last = last.then(() => answer(message.id, message.order));
  } else {
    questions.get(message.question)?.(message.facts);
    questions.delete(message.question);
  }
});

async function answer(id: number, order: Order): Promise<void> {
  try {
    say({ type: "done", id, answer: await carryOut(order) });
  } catch (error) {
    say({ type: "failed", id, error: error instanceof Error ? error : new Error(String(error)) });
  }
}

async function carryOut(order: Order): Promise<unknown> {
  if (order.do === "close") {
    projects.delete(order.project);
    return undefined;
  }
  const project: OpenProject = projects.get(order.project) ?? { kept: new Map() };
  projects.set(order.project, project);
  if (order.do === "compile") {
    const { outputs, ...built } = await buildModules(order.request, { kept: project.kept, read });
    project.outputs = outputs;
    return { ...built, digest: digestOutputs(outputs) } satisfies ModulesReport;
  }
  if (order.do === "write") return writeFiles(order.folder, project.outputs);
  project.kept.clear();
  return undefined;
}

function read(text: string, file: string): Promise<ModuleFacts> {
  return new Promise((resolve) => {
    const question = ++asked;
    questions.set(question, resolve);
    say({ type: "read", question, text, file });
  });
}

function writeFiles(folder: string, files: OpenProject["outputs"]): readonly string[] {
  if (!files) throw new Error("nothing was compiled that could be written");
  const all = [...files].map(([path, text]) => [join(folder, path), text] as const);
  // Whole when it was placed; mended if somebody has damaged it since.
  if (existsSync(folder)) return all.flatMap(([path, text]) => (writeFileQuietly(path, text) ? [path] : []));
  for (const below of new Set([folder, ...all.map(([path]) => dirname(path))])) mkdirSync(below, { recursive: true });
  for (const [path, text] of all) writeFileSync(path, text);
  return all.map(([path]) => path);
}

function say(message: FromThread): void {
  port.postMessage(message);
}
