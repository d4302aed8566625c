/** What tasks say of each other, one by one: whom each saying means, whom it may mean once tasks were added, and that it means nobody. */
import { suggestName } from "@millrace/core";
import { mayAdd, mayAddFor } from "./may-add.js";
import { type Directives, type Task, textsOf } from "./task.js";

/** One text of one directive. */
export interface Saying {
  readonly task: string;
  readonly directive: "after" | "after-re" | "before" | "before-re" | "input" | "input-re";
  readonly text: string;
  /** Names of the tasks that are meant. Patterns and files never mean the task itself. */
  readonly met: readonly string[];
  /** What is wrong if nobody comes who is meant; absent if nothing is. */
  readonly unmet?: string;
  /** Whether a task with these `adds` may add one that is meant. */
  mayCome(adds: Directives["adds"]): boolean;
}

/** All that tasks say, whose names are unique. */
export function sayingsOf(tasks: readonly Pick<Task, "name" | "directives">[]): readonly Saying[] {
  const names = new Set(tasks.map(({ name }) => name));
  const makers = makersOf(tasks);
  return tasks.flatMap(({ name: task, directives }) => {
    const others = (found: readonly string[]): readonly string[] => found.filter((other) => other !== task);
    const all = (directive: Saying["directive"], say: (text: string) => Omit<Saying, "task" | "directive" | "text">) =>
      textsOf(directives[directive]).map((text) => ({ task, directive, text, ...say(text) }));
    const name = (text: string): Omit<Saying, "task" | "directive" | "text"> => {
      const isTask = names.has(text);
      const unmet = (): string =>
        `names "${text}", which is no task. ${suggestName(text, names, "Name one of its source")}`;
      return {
        met: isTask ? [text] : [],
        ...(isTask ? {} : { unmet: unmet() }),
        mayCome: (adds) => !isTask && mayAdd(adds, text),
      };
    };
    const pattern = (text: string): Omit<Saying, "task" | "directive" | "text"> => ({
      met: others(matching(names, text)),
      mayCome: (adds) => mayAddFor(adds, text),
    });
    return [
      ...all("after", name),
      ...all("after-re", pattern),
      ...all("before", name),
      ...all("before-re", pattern),
      ...all("input", (text) => {
        const found = makers.get(text);
        const unmet = (): string =>
          `is "${text}", and no task has such an output. ${suggestName(text, makers.keys(), "Add it to the `output` of the task that makes it")}`;
        return {
          met: others(found ?? []),
          ...(found ? {} : { unmet: unmet() }),
          mayCome: (adds) => !found && mayAdd(adds, text),
        };
      }),
      ...all("input-re", (text) => {
        const found = matching(makers.keys(), text);
        return {
          met: others(found.flatMap((output) => makers.get(output) ?? [])),
          ...(found.length > 0 ? {} : { unmet: `is "${text}", which meets no output of a task` }),
          mayCome: (adds) => mayAddFor(adds, text),
        };
      }),
    ];
  });
}

/** Output → names of the tasks that make it. */
function makersOf(tasks: readonly Pick<Task, "name" | "directives">[]): ReadonlyMap<string, readonly string[]> {
  const makers = new Map<string, string[]>();
  for (const { name, directives } of tasks)
    for (const output of textsOf(directives.output)) {
      const known = makers.get(output);
      if (known) known.push(name);
      else makers.set(output, [name]);
    }
  return makers;
}

function matching(texts: Iterable<string>, source: string): readonly string[] {
  const pattern = new RegExp(`^(?:${source})$`, "s");
  return [...texts].filter((text) => pattern.test(text));
}
