/** Compiles the fixtures with their stamps and runs a flow of them, noting what its body announces. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { RunId, Site } from "@millrace/core";
import { bindFlow, currentFrame, type FlowBinding, giveParams, runInFrame } from "@millrace/sdk/internal";
import { transformSync } from "esbuild";
import { applyEdits } from "../../packages/compiler/src/emit/apply-edits.js";
import type { FlowsResult } from "../../packages/compiler/src/flows/analyse-flows.js";
import type { ProjectModel } from "../../packages/compiler/src/project/model.js";
import { outcomeOf } from "./outcome-of.js";
import { PlainRef } from "./plain-ref.js";
import { plainShared } from "./plain-shared.js";
import { withoutStrays } from "./without-strays.js";

/** One step that a body issued. */
export interface Announced {
  readonly frames: readonly Site[];
  readonly site: Site;
  /** Task or flow id; undefined for local steps. */
  readonly callee: string | undefined;
  /** Keys of the map items around it, outermost first. */
  readonly items: readonly string[];
}

/** How the fake tasks behave. */
export interface Scenario {
  /** How many results of `Check` say `ok: false` before the first that says `ok: true`. */
  readonly refusals: number;
  /** Id of the task that fails. */
  readonly fails?: string;
}

/** Writes all modules of the project, stamped, into a folder. */
export function compileStamped(model: ProjectModel, result: FlowsResult, folder: string): void {
  // Aliases lead into the folder.
  cpSync(join(model.root, "package.json"), join(folder, "package.json"));
  for (const file of model.files) {
    const path = file.getFilePath();
    const edits = result.edits.filter((edit) => edit.file === path);
    const stamped = applyEdits(file.getFullText(), edits, model.stampsModule);
    const output = join(folder, model.sourceOf(file).replace(/\.ts$/, ".js"));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, transformSync(stamped, { loader: "ts", target: "es2022", format: "esm" }).code);
  }
}

/** Runs one flow and gives what it announced, in order. A failing body is no failure of the run. */
export async function announce(
  { module, name, params = {} }: { module: string; name: string; params?: object },
  scenario: Scenario,
): Promise<readonly Announced[]> {
  const announced: Announced[] = [];
  let refusals = scenario.refusals;

  function note(site: Site | undefined, callee: string | undefined): void {
    if (site === undefined) throw new Error(`a call of ${callee ?? "a local step"} is not stamped`);
    const frames: Site[] = [];
    const items: string[] = [];
    for (let frame = currentFrame(); frame; frame = frame.parent) {
      frames.unshift(frame.site);
      if (frame.item) items.unshift(frame.item.key);
    }
    announced.push({ frames, site, callee, items });
  }

  const context: Omit<FlowBinding, "signal" | "random" | "uuid"> = {
    info: { run: "announced" as RunId, flow: name },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    shared: plainShared(),
    emit() {},
    use: () => Promise.reject(new Error("no resources here")),
    now: () => 0,
    async call({ target, site }) {
      const id = typeof target === "string" ? target : (target as { name: string }).name;
      note(site, id);
      if (id === scenario.fails) throw new Error(`${id} fails`);
      if (id === "List") return [{ id: "oslo", name: "Oslo", size: 1 }];
      if (id === "Check") return refusals-- > 0 ? { ok: false, level: 2 } : { ok: true, level: 1 };
      return id === "Fetch" ? { city: "Oslo", ok: true, days: [1] } : id;
    },
    ref: async (request) => new PlainRef(await context.call(request)),
    attempt: (request) => outcomeOf(context.call(request)),
    background: (request) => context.call(request),
    map({ items, fn, site, itemKey, options }) {
      const execution = {};
      const parent = currentFrame();
      return Promise.all(
        [...items].map(async (item, index) => {
          const key = String(itemKey === undefined ? index : (item as Record<string, unknown>)[itemKey]);
          const frame = { site: site as Site, item: { key, execution }, parent };
          const turn = runInFrame(frame, async () => fn(item, index));
          return options.onError === "collect" ? outcomeOf(turn) : turn;
        }),
      );
    },
    async step({ fn, site }) {
      note(site, undefined);
      return fn();
    },
    async sleep({ site }) {
      note(site, undefined);
    },
    async waitFor({ site, name: message }) {
      note(site, undefined);
      return message;
    },
    all: (entrants) => Promise.all(entrants),
    race: (entrants) => Promise.race(entrants),
  };

  const exports = (await import(pathToFileURL(module).href)) as Record<string, new () => { run(): Promise<unknown> }>;
  const Flow = exports[name];
  if (!Flow) throw new Error(`${module} does not export ${name}`);
  const flow = new Flow();
  const given = { cities: ["oslo", "bergen"], inputs: ["a", "b"], ...params };
  // Functions get them as their argument; classes of fixtures also read what no field declares.
  giveParams(Object.assign(flow, given), given);
  // The bodies of fixtures use nothing of the context but these.
  bindFlow(flow, context as FlowBinding);
  await withoutStrays(() => runInFrame(undefined, async () => flow.run()).catch(() => undefined));
  return announced;
}
