/**
 * Random flow bodies, as text. A body is a tree of choices, so that a failing one shrinks; rendering it threads the names
 * that are in scope, so that every body compiles.
 */
import fc from "fast-check";
import { MEMBER_CONSTRUCTS, type MemberConstruct, type Rendered, type Tools } from "./random-members.js";

/** A statement before it has names: `pick` chooses among what is in scope where it stands. */
interface Statement {
  readonly kind: Kind;
  readonly pick: readonly number[];
  readonly inner: readonly (readonly Statement[])[];
}

const KINDS = [
  "call",
  "start",
  "await",
  "all",
  "all settled",
  "race",
  "any",
  "if",
  "if else",
  "ternary",
  "short circuit",
  "logical assignment",
  "switch",
  "return",
  "throw",
  "for of",
  "for of break",
  "for of continue",
  "while",
  "sequential list",
  "map",
  "array map",
  "filter",
  "push",
  "try catch",
  "try finally",
  "helper",
  "helper started",
  "then",
  "catch",
  "reassign",
  "field",
  "object",
  "destructure",
  "closure",
  ...(Object.keys(MEMBER_CONSTRUCTS) as MemberConstruct[]), // they are its own keys
] as const;

/** A construct that bodies are made of. */
export type Kind = (typeof KINDS)[number];

/** A random body. */
export interface RandomBody {
  /** Statements of `run`, methods beside it, and those of the base class. */
  readonly body: string;
  readonly methods: string;
  readonly inherited: string;
  readonly kinds: ReadonlySet<Kind>;
}

/** Tasks that bodies call; each has one parameter `p`. */
export const TASKS = ["A", "B", "C", "D", "E"];

const statements = fc.letrec<{ block: readonly Statement[]; statement: Statement }>((tie) => ({
  block: fc.array(tie("statement"), { minLength: 1, maxLength: 3 }),
  statement: fc.record({
    kind: fc.constantFrom(...KINDS),
    pick: fc.array(fc.nat(97), { minLength: 6, maxLength: 6 }),
    inner: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constant([]),
      fc.array(tie("block"), { minLength: 2, maxLength: 2 }),
    ),
  }),
}));

/** Bodies of two to six statements. */
export const randomBody: fc.Arbitrary<RandomBody> = fc
  .array(statements.statement, { minLength: 2, maxLength: 6 })
  .map((block) => new Renderer().render(block));

/** Names in scope. */
interface Scope {
  readonly results: readonly string[];
  readonly promises: readonly string[];
  readonly loop: boolean;
}

class Renderer {
  #count = 0;
  readonly #methods: string[] = [];
  readonly #inherited: string[] = [];
  #fields = 0;
  readonly #kinds = new Set<Kind>();

  render(block: readonly Statement[]): RandomBody {
    const body = this.#block(block, { results: [], promises: [], loop: false });
    const fields = Array.from({ length: this.#fields }, (_, i) => `  f${i}: Result | undefined;\n`);
    return {
      body,
      methods: [...fields, ...this.#methods].join(""),
      inherited: this.#inherited.join(""),
      kinds: this.#kinds,
    };
  }

  #name(letter: string): string {
    this.#count += 1;
    return `${letter}${this.#count}`;
  }

  #block(block: readonly Statement[], outer: Scope): string {
    let scope = outer;
    const lines: string[] = [];
    for (const statement of block) {
      const { text, results = [], promises = [] } = this.#statement(statement, scope);
      lines.push(text);
      scope = {
        ...scope,
        results: [...scope.results, ...results],
        promises: [...scope.promises, ...promises],
      };
    }
    // What was started in the block is awaited at its end, unless the end is not reached.
    const own = scope.promises.filter((name) => !outer.promises.includes(name));
    if (own.length > 0) lines.push(`await Promise.all([${own.join(", ")}]);`);
    return lines.join("\n");
  }

  #statement({ kind, pick, inner }: Statement, scope: Scope): Rendered {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = pick;
    const task = (n: number): string => TASKS[n % TASKS.length] ?? "A";
    const result = (n: number): string | undefined => scope.results[n % scope.results.length];
    const value = (n: number): string => {
      const r = result(n);
      if (!r) return String(n);
      const forms = [`${r}.level`, r, `{ x: ${r}.ok }`, `[${r}.level, 1]`, `\`\${${r}.level}\``, `${r}.level + 1`];
      return forms[(n >> 2) % forms.length] ?? r;
    };
    const test = (n: number): string => {
      const r = result(n);
      const forms = r ? [`${r}.ok`, `${r}.level > 1`, "this.quick"] : ["this.quick", "this.careful"];
      return forms[n % forms.length] ?? "this.quick";
    };
    const call = (n: number, m: number): string => `this.call(${task(n)}, { p: ${value(m)} })`;
    const items = (n: number): string => (result(n) && n % 2 ? `${result(n)}.items` : "this.cities");
    const block = (n: number, more: Partial<Scope> = {}): string =>
      this.#block(inner[n] ?? [{ kind: "call", pick: [d, e, a, b, c, d], inner: [] }], { ...scope, ...more });
    const r = this.#name("r");
    this.#kinds.add(kind);
    switch (kind) {
      case "call":
        return { text: `const ${r} = await ${call(a, b)};`, results: [r] };
      case "start":
        return { text: `const ${r} = ${call(a, b)};`, promises: [r] };
      case "await": {
        const promise = scope.promises[a % scope.promises.length];
        return promise
          ? { text: `const ${r} = await ${promise};`, results: [r] }
          : { text: `const ${r} = await ${call(a, b)};`, results: [r] };
      }
      case "all": {
        const other = this.#name("r");
        return {
          text: `const [${r}, ${other}] = await Promise.all([${call(a, b)}, ${call(c, d)}]);`,
          results: [r, other],
        };
      }
      case "all settled":
        return {
          text: `const [${r}s] = await Promise.allSettled([${call(a, b)}, ${call(c, d)}]);\nawait this.call(${task(e)}, { p: ${r}s.status });`,
        };
      case "race":
        return { text: `const ${r} = await Promise.race([${call(a, b)}, ${call(c, d)}]);`, results: [r] };
      case "any":
        return { text: `const ${r} = await Promise.any([${call(a, b)}, ${call(c, d)}]);`, results: [r] };
      case "if":
        return { text: `if (${test(a)}) {\n${block(0)}\n}` };
      case "if else":
        return { text: `if (${test(a)}) {\n${block(0)}\n} else {\n${block(1)}\n}` };
      case "ternary":
        return { text: `const ${r} = ${test(a)} ? await ${call(b, c)} : await ${call(d, e)};`, results: [r] };
      case "short circuit":
        return { text: `const ${r} = ${test(a)} && (await ${call(b, c)});\nawait this.call(${task(d)}, { p: ${r} });` };
      case "logical assignment":
        return {
          text: `let ${r}: Result | undefined = ${test(a)} ? await ${call(b, c)} : undefined;\n${r} ??= await ${call(d, e)};`,
          results: [r],
        };
      case "switch":
        return {
          text: `switch (${result(a) ?? "this"}.level) {\ncase 1:\n${block(0)}\ncase 2:\n${block(1)}\nbreak;\ndefault:\nawait ${call(b, c)};\n}`,
        };
      case "return":
        return { text: `if (${test(a)}) return;` };
      case "throw":
        return { text: `if (${test(a)}) throw new Error("stop");` };
      case "for of":
        return {
          text: `for (const ${r} of ${items(a)}) {\nawait this.call(${task(b)}, { p: ${r}.id });\n${block(0, { loop: true })}\n}`,
        };
      case "for of break":
        return {
          text: `for (const ${r} of ${items(a)}) {\nconst ${r}i = await this.call(${task(b)}, { p: ${r}.id });\nif (${r}i.ok) break;\n${block(0, { loop: true })}\n}`,
        };
      case "for of continue":
        return {
          text: `for (const ${r} of ${items(a)}) {\nconst ${r}i = await this.call(${task(b)}, { p: ${r}.id });\nif (!${r}i.ok) continue;\n${block(0, { loop: true })}\n}`,
        };
      case "while":
        return {
          text: `let ${r} = await ${call(a, b)};\nwhile (${r}.level > 1) {\n${r} = await this.call(${task(c)}, { p: ${r}.level });\n}`,
          results: [r],
        };
      case "sequential list":
        return { text: `for (const ${r} of [${call(a, b)}, ${call(c, d)}]) await ${r};` };
      case "map":
        return {
          text: `const ${r}s = await this.map(${items(a)}, async (x) => {\nconst ${r}y = await this.call(${task(b)}, { p: x.id });\nreturn ${r}y.level;\n});\nawait this.call(${task(c)}, { p: ${r}s });`,
        };
      case "array map":
        return {
          text: `const ${r}s = await Promise.all(${items(a)}.map((x) => this.call(${task(b)}, { p: x.id })));\nawait this.call(${task(c)}, { p: ${r}s.length });`,
        };
      case "filter":
        return {
          text: `const ${r}s = ${items(a)}.filter((x) => x.id !== "b");\nfor (const x of ${r}s) await this.call(${task(b)}, { p: x.id });`,
        };
      case "push":
        return {
          text: `const ${r}s: Promise<Result>[] = [];\nfor (const x of ${items(a)}) ${r}s.push(this.call(${task(b)}, { p: x.id }));\nawait ${call(c, d)};\nawait Promise.all(${r}s);`,
        };
      case "try catch":
        return { text: `try {\n${block(0)}\n} catch (error) {\nawait this.call(${task(a)}, { p: String(error) });\n}` };
      case "try finally":
        return { text: `try {\n${block(0)}\n} finally {\nawait ${call(a, b)};\n}` };
      case "helper":
        return { text: `const ${r} = await this.${this.#helper(a, b, c)}(${value(d)});`, results: [r] };
      case "helper started":
        return { text: `const ${r} = this.${this.#helper(a, b, c)}(${value(d)});`, promises: [r] };
      case "then":
        return {
          text: `const ${r} = await ${call(a, b)}.then((x) => this.call(${task(c)}, { p: x.level }));`,
          results: [r],
        };
      case "catch":
        return {
          text: `const ${r} = await ${call(a, b)}.catch(() => this.call(${task(c)}, { p: ${value(d)} }));`,
          results: [r],
        };
      case "reassign":
        return {
          text: `let ${r} = await ${call(a, b)};\nif (${test(c)}) ${r} = await ${call(d, e)};\nawait this.call(${task(e)}, { p: ${r}.level });`,
          results: [r],
        };
      case "field": {
        const field = `f${this.#fields++}`;
        return {
          text: `this.${field} = await ${call(a, b)};\nawait this.call(${task(c)}, { p: this.${field}?.level });`,
        };
      }
      case "object":
        return {
          text: `const ${r}o = { first: await ${call(a, b)}, second: ${call(c, d)} };\nconst ${r} = await ${r}o.second;\nawait this.call(${task(e)}, { p: { ...${r}o.first }.level });`,
          results: [r],
        };
      case "destructure":
        return {
          text: `const { level: ${r}l = 0, ...${r}x } = await ${call(a, b)};\nawait this.call(${task(c)}, { p: ${r}l });\nawait this.call(${task(d)}, { p: ${r}x.ok });`,
        };
      case "closure":
        return {
          text: `const ${r}f = async (q: unknown) => this.call(${task(a)}, { p: q });\nconst ${r} = await ${r}f(${value(b)});`,
          results: [r],
        };
      default: {
        const tools: Tools = {
          r,
          pick: [a, b, c, d, e],
          task,
          value,
          test,
          items,
          call,
          block: (n) => block(n, { loop: true }),
          member: (text) => this.#methods.push(text),
          inherited: (text) => this.#inherited.push(text),
        };
        return MEMBER_CONSTRUCTS[kind](tools);
      }
    }
  }

  #helper(a: number, b: number, c: number): string {
    const name = this.#name("h");
    const [first, second] = [TASKS[a % TASKS.length], TASKS[b % TASKS.length]];
    const exit =
      c % 3 === 0 ? "    if (!x.ok) return x;\n" : c % 3 === 1 ? '    if (x.level > 2) throw new Error("no");\n' : "";
    this.#methods.push(
      `  private async ${name}(q: unknown): Promise<Result> {\n    const x = await this.call(${first}, { p: q });\n${exit}    return this.call(${second}, { p: x.level });\n  }\n`,
    );
    return name;
  }
}

/** A mixin with a method that calls steps. */
const MIXIN = `
function Mixed<Base extends new (...args: any[]) => Flow<unknown>>(base: Base) {
  return class extends base {
    async mixed(q: unknown): Promise<Result> {
      const x = await this.call(A, { p: q });
      return x.ok ? x : this.call(B, { p: x.level });
    }
  };
}

class Plain extends Flow<unknown> {
  async run(): Promise<unknown> {
    return undefined;
  }
}
`;

/** The module of a body. */
export function moduleOf({ body, methods, inherited, kinds }: RandomBody, name: string): string {
  const mixed = kinds.has("mixin");
  const base = kinds.has("abstract method") ? "abstract class" : "class";
  const aided = `import { aided, ${TASKS.map((task) => `Aided${task}`).join(", ")} } from "#helpers/aided.js";\n`;
  return `import { Flow, flow, param } from "@millrace/sdk";
${kinds.has("path alias") ? aided : ""}${kinds.has("barrel") ? 'import * as helpers from "./barrel.js";\n' : ""}${kinds.has("namespace import") ? 'import * as tasks from "./tasks.js";\n' : ""}import { ${TASKS.join(", ")}, type Result } from "./tasks.js";
${mixed ? MIXIN : ""}
${base} Base${name} extends ${mixed ? "Mixed(Plain)" : "Flow<unknown>"} {
${inherited}  ${mixed ? "override " : ""}async run(): Promise<unknown> {
    return undefined;
  }
}

@flow()
export class ${name} extends Base${name} {
  @param() cities: { id: string }[] = [];
  @param() quick = false;
  @param() careful = false;
  @param() level = 1;
${methods}  override async run(): Promise<unknown> {
${body}
    return undefined;
  }
}
`;
}

/** The module of the tasks. */
export function tasksModule(): string {
  const declared = TASKS.map(
    (name) => `@task()
export class ${name} extends Task<Result> {
  @param() p: unknown;
  run(): Result {
    return { ok: true, level: 1, items: [] };
  }
}
`,
  );
  return `import { param, Task, task } from "@millrace/sdk";

export interface Result {
  ok: boolean;
  level: number;
  items: { id: string }[];
}

${declared.join("\n")}`;
}

/** Modules beside it: helpers with the tasks under other names, and a barrel. */
export const HELPER_MODULES: Readonly<Record<string, string>> = {
  "helpers/aided.ts": `import type { Flow, Task } from "@millrace/sdk";
import { A, type Result } from "../tasks.js";

${TASKS.map((task) => `export { ${task} as Aided${task} } from "../tasks.js";`).join("\n")}

export async function aided(flow: Flow<unknown>, task: new () => Task<Result> & { p: unknown }, q: unknown): Promise<Result> {
  const x = await flow.call(task, { p: q });
  return x.ok ? x : flow.call(A, { p: x.level });
}
`,
  "barrel.ts": 'export * from "./helpers/aided.js";\n',
};

/** All constructs, in the order of the table that is printed. */
export const CONSTRUCTS: readonly Kind[] = KINDS;
