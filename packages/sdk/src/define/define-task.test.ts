import { expect, test } from "vitest";
import { bindTask } from "../context/binding.js";
import type { TaskBinding } from "../context/task-binding.js";
import { giveParams } from "../metadata/give-params.js";
import { declarationOf } from "../metadata/store.js";
import { defineTask } from "./define-task.js";

const lines: string[] = [];
// A task of these tests asks for nothing else.
const binding = {
  signal: new AbortController().signal,
  log: { info: (message: string) => lines.push(message) },
  progress: (fraction: number | undefined, message: string | undefined) => lines.push(`${fraction} ${message}`),
} as unknown as TaskBinding;

function instanceOf<T extends object>(target: new () => T, params: object): T {
  const instance = new target();
  bindTask(instance, binding);
  giveParams(instance, params);
  return instance;
}

const add = defineTask({
  id: "Add",
  options: { timeout: "1s" },
  hooks: {
    onCreate: (p, task) => task.log.info(`create ${JSON.stringify(p)}`),
    onFailure: (error, p, { log }) => log.info(`${error.message} ${JSON.stringify(p)}`),
  },
  run: ({ a, b = 2 }: { a: number; b?: number }, { log, progress }) => {
    log.info("adding");
    progress(0.5, "half");
    progress("nearly");
    return a + b;
  },
});

test("a definition is a class with the name and the declaration of its id", () => {
  expect(add.name).toBe("Add");
  expect(declarationOf(add)).toEqual({ kind: "task", id: "Add", options: { timeout: "1s" } });
});

test("run gets its parameters and a context that may be taken apart", () => {
  lines.length = 0;
  expect(instanceOf(add, { a: 1 }).run()).toBe(3);
  expect(instanceOf(add, { a: 1, b: 4 }).run()).toBe(5);
  expect(lines.slice(0, 3)).toEqual(["adding", "0.5 half", "undefined nearly"]);
});

test("hooks get what those of classes get, then the arguments of run", () => {
  lines.length = 0;
  const instance = instanceOf(add, { a: 1 });
  instance.onCreate?.();
  instance.onFailure?.(new Error("no"));
  expect(lines).toEqual(['create {"a":1}', 'no {"a":1}']);
});

test("only hooks that are defined are there", () => {
  expect(Object.getOwnPropertyNames(add.prototype).filter((name) => name.startsWith("on"))).toEqual([
    "onCreate",
    "onFailure",
  ]);
});

test("hooks and run keep the `this` of their objects", () => {
  const self = defineTask({
    id: "Self",
    hooks: {
      onCreate() {
        lines.push(Object.keys(this).join());
      },
    },
    run() {
      return Object.keys(this).join();
    },
  });
  lines.length = 0;
  const instance = instanceOf(self, {});
  instance.onCreate?.();
  expect(instance.run()).toBe("id,hooks,run");
  expect(lines).toEqual(["onCreate"]);
});

test("two instances keep their parameters apart", () => {
  const [one, two] = [instanceOf(add, { a: 1 }), instanceOf(add, { a: 10 })];
  expect([one.run(), two.run(), one.run()]).toEqual([3, 12, 3]);
});

test("what runs outside of an engine is told so", () => {
  expect(() => new add().run()).toThrow(/Add is not running: no engine has given this task its context/);
});
