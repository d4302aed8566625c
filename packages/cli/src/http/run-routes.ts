/** What can be asked of a served project: its flows, its runs, and to start, answer and end them. */
import {
  type FlowEntry,
  foldRun,
  isObject,
  MillraceError,
  type RunStore,
  type RunSummary,
  systemClock,
} from "@millrace/core";
import { cancelRun, type Engine, type IfExists } from "@millrace/runtime";
import { findFlow } from "../commands/find-flow.js";
import { runOrNewest } from "../commands/run-or-newest.js";
import { readParameters } from "../flags/read-parameters.js";
import type { ApiReply, ApiRoute } from "./api-route.js";
import type { RunFeed } from "./run-feed.js";

/** What the routes speak for. */
export interface ServedProject {
  readonly engine: Engine;
  readonly feed: RunFeed;
  /** Looks into the store of the runs. */
  look<T>(look: (store: RunStore) => Promise<T>): Promise<T>;
}

const IF_EXISTS: ReadonlySet<unknown> = new Set<IfExists>(["fail", "attach", "resume"]);

/** The routes of a project. */
export function runRoutes({ engine, feed, look }: ServedProject): readonly ApiRoute[] {
  const { flows } = engine.manifest;
  const runOf = async (id = ""): Promise<RunSummary> => runOrNewest(await engine.runs(), id);
  return [
    get("/", async () => ok({ flows: "/flows", runs: "/runs" })),
    get("/flows", async () => ok(Object.values(flows).map(describeFlow))),
    get("/flows/:flow", async ({ params }) => ok(describeFlow(findFlow(engine.manifest, params.flow ?? "")))),
    post("/flows/:flow/runs", async ({ params, body }) => {
      const flow = findFlow(engine.manifest, params.flow ?? "");
      const { params: given = {}, id, ifExists } = readStart(body);
      const read = readParameters(flow, {
        tokens: [],
        assignments: [],
        taken: new Set(),
        file: { name: "params", content: given },
      });
      const run = engine.start(flow.id, read, { ...(id ? { id } : {}), ...(ifExists ? { ifExists } : {}) });
      // One that goes on already has been met by its id.
      if (!feed.goesOn(run.id)) await begun(run);
      return { status: 201, body: { id: run.id, flow: run.flow, ...linksOf(run.id) } };
    }),
    get("/runs", async ({ query }) => {
      const all = await engine.runs();
      const flow = query.get("flow");
      const chosen = all.filter((run) => flow === null || run.flow === flow).slice(0, readLimit(query.get("limit")));
      return ok(chosen.map((run) => ({ ...run, ...linksOf(run.id) })));
    }),
    get("/runs/:run", async ({ params }) => {
      const { id, owner } = await runOf(params.run);
      const { run, steps } = await look((store) => foldRun(id, () => store.read(id)));
      return ok({ run: { ...run, ...(owner ? { owner } : {}), ...linksOf(id) }, steps });
    }),
    get("/runs/:run/events", async ({ params, signal }) => ({
      events: feed.of((await runOf(params.run)).id, signal),
    })),
    post("/runs/:run/messages/:name", async ({ params, body }) => {
      const { id } = await runOf(params.run);
      await engine.send(id, params.name ?? "", body);
      return { status: 202, body: { run: id, name: params.name } };
    }),
    post("/runs/:run/resume", async ({ params }) => {
      const run = await engine.resume((await runOf(params.run)).id);
      return { status: 202, body: { id: run.id, flow: run.flow, ...linksOf(run.id) } };
    }),
    post("/runs/:run/cancel", async ({ params, body }) => {
      const { id } = await runOf(params.run);
      const reason = isObject(body) && typeof body.reason === "string" ? body.reason : "by request";
      const request = { run: id, reason, clock: systemClock, asked: () => {}, slow: () => {} };
      const { state } = await look((store) => cancelRun(store, request));
      return ok({ run: id, state });
    }),
  ];
}

/** Waits for the first fact: what is refused under its id is told in the answer. */
async function begun(run: {
  events(): AsyncIterable<unknown>;
  outcome(): Promise<{ readonly status: string; readonly error?: Error }>;
}): Promise<void> {
  for await (const _ of run.events()) return;
  const outcome = await run.outcome();
  if (outcome.status === "suspended" && outcome.error) throw outcome.error;
}

function describeFlow({ id, doc, paramsSchema, result, schedule }: FlowEntry): object {
  const path = `/flows/${encodeURIComponent(id)}`;
  return {
    id,
    ...(doc === undefined ? {} : { doc }),
    params: paramsSchema,
    result: result.text,
    ...(schedule ? { schedule } : {}),
    links: { self: path, start: `${path}/runs`, runs: `/runs?flow=${encodeURIComponent(id)}` },
  };
}

function linksOf(run: string): { readonly links: Readonly<Record<string, string>> } {
  const self = `/runs/${encodeURIComponent(run)}`;
  return {
    links: {
      self,
      events: `${self}/events`,
      messages: `${self}/messages/{name}`,
      resume: `${self}/resume`,
      cancel: `${self}/cancel`,
    },
  };
}

/** How many runs are listed. @throws MillraceError `usage`. */
function readLimit(text: string | null): number {
  if (text === null) return 100;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new MillraceError("usage", `limit is "${text}"; it must be a whole number from 1.`, { data: { limit: text } });
}

interface Start {
  readonly params?: unknown;
  readonly id?: string;
  readonly ifExists?: IfExists;
}

/** @throws MillraceError `usage`. */
function readStart(body: unknown = {}): Start {
  if (isObject(body)) {
    const { params, id, ifExists, ...others } = body;
    const isId = id === undefined || typeof id === "string";
    if (isId && (ifExists === undefined || IF_EXISTS.has(ifExists)) && Object.keys(others).length === 0)
      return body as Start;
  }
  throw new MillraceError("usage", "The body of a start must be { params?, id?, ifExists? }.", {
    hint: 'For example { "params": { "cities": ["Oslo"] }, "id": "oslo-1", "ifExists": "attach" }.',
  });
}

function ok(body: unknown): ApiReply {
  return { status: 200, body };
}

function get(path: string, answer: ApiRoute["answer"]): ApiRoute {
  return { method: "GET", path, answer };
}

function post(path: string, answer: ApiRoute["answer"]): ApiRoute {
  return { method: "POST", path, answer };
}
