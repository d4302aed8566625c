/** Constructs of random bodies that need members of the flow's class, or of its base, or a module. */

/** What a construct is written with. */
export interface Tools {
  /** A name of its own. */
  readonly r: string;
  /** Numbers that choose. */
  readonly pick: readonly [number, number, number, number, number];
  readonly task: (n: number) => string;
  readonly value: (n: number) => string;
  readonly test: (n: number) => string;
  readonly items: (n: number) => string;
  readonly call: (n: number, m: number) => string;
  /** A nested block; `loop` if it stands in one. */
  readonly block: (n: number) => string;
  /** Adds a member of the class, or of its base class. */
  readonly member: (text: string) => void;
  readonly inherited: (text: string) => void;
}

/** A statement and the names that it leaves behind. */
export interface Rendered {
  readonly text: string;
  readonly results?: readonly string[];
  readonly promises?: readonly string[];
}

const issue = (task: string, value: string): string => `this.call(${task}, { p: ${value} })`;

/** By name of the construct. */
export const MEMBER_CONSTRUCTS = {
  "labelled break": ({ r, pick: [a, b, c, d], task, items, call, block }) => ({
    text: `${r}: for (const ${r}x of ${items(a)}) {\nfor (const n of [1, 2]) {\nconst ${r}y = await ${issue(task(b), "n")};\nif (${r}y.ok) ${a % 2 ? "break" : "continue"} ${r};\n${block(0)}\n}\nawait ${issue(task(c), `${r}x.id`)};\n}\nawait ${call(c, d)};`,
  }),
  "labelled block": ({ r, pick: [a], test, block }) => ({
    text: `${r}: {\nif (${test(a)}) break ${r};\n${block(0)}\n}`,
  }),
  generator: ({ r, pick: [a, b, c, d], task, value, block, member }) => {
    member(
      `  private async *${r}g(q: unknown): AsyncGenerator<Result> {\n    const x = await ${issue(task(a), "q")};\n    yield x;\n    if (x.ok) yield await ${issue(task(b), "x.level")};\n  }\n`,
    );
    return {
      text: `for await (const ${r} of this.${r}g(${value(d)})) {\nawait ${issue(task(c), `${r}.level`)};\n${block(0)}\n}`,
    };
  },
  "generator spread": ({ r, pick: [a, b, c, d], task, value, member }) => {
    member(
      `  private *${r}g(q: unknown): Generator<Promise<Result>> {\n    yield ${issue(task(a), "q")};\n    yield ${issue(task(b), "1")};\n  }\n`,
    );
    return {
      text: `const ${r}s = await Promise.all([...this.${r}g(${value(d)})]);\nawait ${issue(task(c), `${r}s`)};`,
    };
  },
  getter: ({ r, pick: [a, b], task, member }) => {
    member(`  private get ${r}g(): Promise<Result> {\n    return ${issue(task(a), String(b))};\n  }\n`);
    return { text: `const ${r} = await this.${r}g;`, results: [r] };
  },
  "tagged template": ({ r, pick: [a, b], task, value, member }) => {
    member(
      `  private async ${r}t(parts: TemplateStringsArray, q: unknown): Promise<Result> {\n    return ${issue(task(a), "[parts.length, q]")};\n  }\n`,
    );
    return { text: `const ${r} = await this.${r}t\`a \${${value(b)}}\`;`, results: [r] };
  },
  "super method": ({ r, pick: [a, b, c], task, value, member, inherited }) => {
    inherited(
      `  protected async ${r}m(q: unknown): Promise<Result> {\n    const x = await ${issue(task(a), "q")};\n    return x.ok ? x : this.${r}n(x.level);\n  }\n  protected async ${r}n(q: unknown): Promise<Result> {\n    return ${issue(task(c), "q")};\n  }\n`,
    );
    member(
      `  protected override async ${r}m(q: unknown): Promise<Result> {\n    const x = await super.${r}m(q);\n    return ${issue(task(b), "x.level")};\n  }\n`,
    );
    return { text: `const ${r} = await this.${r}m(${value(c)});`, results: [r] };
  },
  overridden: ({ r, pick: [a, b, c], task, value, member, inherited }) => {
    inherited(
      `  protected async ${r}m(q: unknown): Promise<Result> {\n    return this.${r}n(q);\n  }\n  protected async ${r}n(q: unknown): Promise<Result> {\n    return ${issue(task(a), "q")};\n  }\n`,
    );
    member(
      `  protected override async ${r}n(q: unknown): Promise<Result> {\n    return ${issue(task(b), "q")};\n  }\n`,
    );
    return { text: `const ${r} = await this.${r}m(${value(c)});`, results: [r] };
  },
  "dynamic import": ({ r, pick: [a, b], task, value }) => ({
    text: `const { ${task(a)}: ${r}T } = await import("./tasks.js");\nconst ${r} = await ${issue(`${r}T`, value(b))};`,
    results: [r],
  }),
  "class table": ({ r, pick: [a, b, c], task, value, test }) => ({
    text: `const ${r}t = { yes: ${task(a)}, no: ${task(b)} };\nconst ${r} = await ${issue(`${r}t[${test(c)} ? "yes" : "no"]`, value(b))};`,
    results: [r],
  }),
  "thunk table": ({ r, pick: [a, b, c, d, e], call, test }) => ({
    text: `const ${r}t = { yes: () => ${call(a, b)}, no: () => ${call(c, d)} };\nconst ${r} = await ${r}t[${test(e)} ? "yes" : "no"]();`,
    results: [r],
  }),
  thunks: ({ r, pick: [a, b, c, d, e], task, call }) => ({
    text: `const ${r}t = [() => ${call(a, b)}, () => ${call(c, d)}];\nconst ${r}s = await Promise.all(${r}t.map((thunk) => thunk()));\nawait ${issue(task(e), `${r}s`)};`,
  }),
  "flat map": ({ r, pick: [a, b, c, d], task, items }) => ({
    text: `const ${r}s = await Promise.all(${items(a)}.flatMap((x) => [${issue(task(b), "x.id")}, ${issue(task(c), "1")}]));\nawait ${issue(task(d), `${r}s`)};`,
  }),
  recursion: ({ r, pick: [a, b], task, value, member }) => {
    member(
      `  private async ${r}h(q: unknown, n: number): Promise<Result> {\n    const x = await ${issue(task(a), "q")};\n    return x.ok || n > 1 ? x : this.${r}h(x.level, n + 1);\n  }\n`,
    );
    return { text: `const ${r} = await this.${r}h(${value(b)}, 0);`, results: [r] };
  },
  "then both": ({ r, pick: [a, b, c, d], task, call }) => ({
    text: `const ${r} = await ${call(a, b)}.then((x) => ${issue(task(c), "x.level")}, () => ${issue(task(d), "0")});`,
    results: [r],
  }),
  generic: ({ r, pick: [a, b, c], task, value, member }) => {
    member(
      `  private async ${r}g<T>(q: T, use: (given: T) => Promise<Result>): Promise<Result> {\n    const x = await use(q);\n    return ${issue(task(a), "x.level")};\n  }\n`,
    );
    return { text: `const ${r} = await this.${r}g(${value(b)}, (q) => ${issue(task(c), "q")});`, results: [r] };
  },
  "namespace import": ({ r, pick: [a, b], task, value }) => ({
    text: `const ${r} = await ${issue(`tasks.${task(a)}`, value(b))};`,
    results: [r],
  }),
  "path alias": ({ r, pick: [a, b], task, value }) => ({
    text: `const ${r} = await aided(this, Aided${task(a)}, ${value(b)});`,
    results: [r],
  }),
  barrel: ({ r, pick: [a, b, c], task, value, call }) => ({
    text: `const ${r}p = helpers.aided(this, helpers.Aided${task(a)}, ${value(b)});\nconst ${r} = await ${call(c, b)};\nawait ${issue(task(a), `(await ${r}p).level`)};`,
    results: [r],
  }),
  "abstract method": ({ r, pick: [a, b, c], task, value, member, inherited }) => {
    inherited(
      `  protected abstract ${r}a(q: unknown): Promise<Result>;\n  protected async ${r}t(q: unknown): Promise<Result> {\n    const x = await this.${r}a(q);\n    return x.ok ? x : ${issue(task(a), "x.level")};\n  }\n`,
    );
    member(`  protected async ${r}a(q: unknown): Promise<Result> {\n    return ${issue(task(b), "q")};\n  }\n`);
    return { text: `const ${r} = await this.${r}t(${value(c)});`, results: [r] };
  },
  "callback through levels": ({ r, pick: [a, b, c], task, value, member }) => {
    member(
      `  private async ${r}o(use: (q: unknown) => Promise<Result>, q: unknown): Promise<Result> {\n    return this.${r}i(async (x) => use(x), q);\n  }\n  private async ${r}i(use: (q: unknown) => Promise<Result>, q: unknown): Promise<Result> {\n    const x = await use(q);\n    return x.ok ? use(x.level) : x;\n  }\n`,
    );
    return {
      text: `const ${r} = await this.${r}o((q) => ${issue(task(a), "q")}, ${value(b)});\nawait this.${r}i(async (q) => ${issue(task(c), "q")}, ${r}.level);`,
      results: [r],
    };
  },
  mixin: ({ r, pick: [a], value }) => ({ text: `const ${r} = await this.mixed(${value(a)});`, results: [r] }),
  "nested pattern": ({ r, pick: [a, b, c, d, e], task, call }) => ({
    text: `const [{ items: [{ id: ${r}a } = { id: "none" }, ...${r}b] }, { ...${r}c }] = await Promise.all([${call(a, b)}, ${call(c, d)}]);\nawait ${issue(task(e), `[${r}a, ${r}b, ${r}c.ok]`)};`,
  }),
  "optional chain": ({ r, pick: [a, b, c], task, call }) => ({
    text: `const ${r}m: Result | undefined = await ${call(a, b)};\nawait ${issue(task(c), `${r}m?.items[0]?.id`)};`,
  }),
} as const satisfies Record<string, (tools: Tools) => Rendered>;

/** One of them. */
export type MemberConstruct = keyof typeof MEMBER_CONSTRUCTS;
