/** What tasks say of each other, one by one: whom each saying means, whom it may mean once tasks were added, and that it means nobody. */
import { appendTo, suggestName } from "@millrace/core";
import { mayAdd, mayAddFor } from "./may-add.js";
import { type Directives, type Task, textsOf } from "./task.js";
import { wholePattern } from "./whole-pattern.js";

/** One text of one directive. */
export interface Saying {
  readonly task: string;
  readonly directive: "after" | "after-re" | "before" | "before-re" | "input" | "input-re";
  readonly text: string;
  /** Names of the tasks that are meant. */
  readonly met: readonly string[];
  /** Says what is wrong if nobody comes who is meant; absent if nothing is. */
  unmet?(): string;
  /** Whether a task with these `adds` may add one that is meant. */
  mayCome(adds: Directives["adds"]): boolean;
}

/** What a text says, whoever says it. */
type Meaning = Omit<Saying, "task" | "directive" | "text">;

/** All that tasks say, whose names are unique. */
export function sayingsOf(tasks: readonly Pick<Task, "name" | "directives">[]): readonly Saying[] {
  const names = new Set(tasks.map(({ name }) => name));
  const makers = makersOf(tasks);
  const meanings: Readonly<Record<Saying["directive"], (text: string) => Meaning>> = {
    after: (text) => meaningOfName(text, names),
    "after-re": (text) => ({ met: matching(names, text), mayCome: (adds) => mayAddFor(adds, text) }),
    before: (text) => meaningOfName(text, names),
    "before-re": (text) => ({ met: matching(names, text), mayCome: (adds) => mayAddFor(adds, text) }),
    input: (text) => meaningOfInput(text, makers),
    "input-re": (text) => {
      const found = matching(makers.keys(), text);
      return {
        met: found.flatMap((output) => makers.get(output) ?? []),
        ...(found.length > 0 ? {} : { unmet: () => `is "${text}", which meets no output of a task` }),
        mayCome: (adds) => mayAddFor(adds, text),
      };
    },
  };
  return tasks.flatMap(({ name: task, directives }) =>
    DIRECTIVES.flatMap((directive) =>
      textsOf(directives[directive]).map((text) => {
        const meaning = meanings[directive](text);
        // A task that names itself is told so, as a cycle; patterns and files never mean whoever says them.
        const isName = directive === "after" || directive === "before";
        const met = isName ? meaning.met : meaning.met.filter((other) => other !== task);
        return { task, directive, text, ...meaning, met };
      }),
    ),
  );
}

const DIRECTIVES: readonly Saying["directive"][] = ["after", "after-re", "before", "before-re", "input", "input-re"];

function meaningOfName(text: string, names: ReadonlySet<string>): Meaning {
  if (names.has(text)) return { met: [text], mayCome: () => false };
  const unmet = (): string =>
    `names "${text}", which is no task. ${suggestName(text, names, "Name one of its source")}`;
  return { met: [], unmet, mayCome: (adds) => mayAdd(adds, text) };
}

function meaningOfInput(text: string, makers: ReadonlyMap<string, readonly string[]>): Meaning {
  const found = makers.get(text);
  if (found) return { met: found, mayCome: () => false };
  const unmet = (): string => {
    const otherwise = "Add it to the `output` of the task that makes it";
    return `is "${text}", and no task has such an output. ${suggestName(text, makers.keys(), otherwise)}`;
  };
  return { met: [], unmet, mayCome: (adds) => mayAdd(adds, text) };
}

/** Output → names of the tasks that make it. */
function makersOf(tasks: readonly Pick<Task, "name" | "directives">[]): ReadonlyMap<string, readonly string[]> {
  const makers = new Map<string, string[]>();
  for (const { name, directives } of tasks)
    for (const output of textsOf(directives.output)) appendTo(makers, output, name);
  return makers;
}

function matching(texts: Iterable<string>, source: string): readonly string[] {
  const pattern = wholePattern(source);
  return [...texts].filter((text) => pattern.test(text));
}
