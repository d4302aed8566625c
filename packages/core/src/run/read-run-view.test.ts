import { describe, expect, test } from "vitest";
import type { BuildHash, RunId, Site } from "../identity/brands.js";
import { itemPath, rootPath, stepKey } from "../identity/step-key.js";
import { encodeValue } from "../values/encode.js";
import { type ActivationSettled, type AttemptFailed, bytesInMemory, type Fact, type StepSettled } from "./facts.js";
import { foldRun, openRunView } from "./read-run-view.js";
import type { RunView } from "./run-view.js";

const RUN = "r1" as RunId;
const BUILD = "aa" as BuildHash;
const body = rootPath("City");
const encoded = (value: unknown) => bytesInMemory(encodeValue(value));

// Distributes over the union, so that each kind keeps its own fields.
type Draft<F> = F extends Fact ? Omit<F, "seq" | "at"> : never;

function fold(...drafts: Draft<Fact>[]): Promise<RunView> {
  async function* facts(): AsyncGenerator<Fact> {
    // A draft of one kind with the two common fields is the fact of that kind.
    for (const [i, draft] of drafts.entries()) yield { seq: i + 1, at: 1000 + i, ...draft } as Fact;
  }
  return foldRun(RUN, facts);
}

const started: Draft<Fact> = {
  kind: "run-started",
  flow: "City",
  build: BUILD,
  params: encoded({ days: 3 }),
  seed: "s",
};
const resumed = (...dropped: number[]): Draft<Fact> => ({ kind: "run-resumed", build: "bb" as BuildHash, dropped });

function key(task: string, path = body) {
  return stepKey(path, `City.run#${task}` as Site, 0);
}

function step(task: string, more: Partial<StepSettled> = {}): Draft<Fact> {
  return {
    kind: "step-settled",
    key: key(task),
    site: `City.run#${task}` as Site,
    node: task,
    body,
    identity: "i" as StepSettled["identity"],
    state: "succeeded",
    source: "ran",
    task,
    params: encoded({ task }),
    attempts: 1,
    readyAt: 1,
    startedAt: 2,
    endedAt: 3,
    ...more,
  };
}

function attempt(task: string, n: number): Draft<AttemptFailed> {
  return {
    kind: "attempt-failed",
    key: key(task),
    site: `City.run#${task}` as Site,
    node: task,
    body,
    task,
    identity: "i" as AttemptFailed["identity"],
    attempt: n,
    spentMs: n,
    error: encoded(new TypeError("down")),
    startedAt: 5,
    endedAt: 6,
  };
}

describe("a run that succeeded", () => {
  test("shows parameters, result, steps and counts", async () => {
    const view = await fold(started, step("A"), step("B", { state: "failed", error: encoded(new RangeError("far")) }), {
      kind: "run-ended",
      state: "succeeded",
      value: encoded({ when: new Date(0) }),
      blamed: [],
      orphans: [],
    });
    expect(view.run).toMatchObject({
      id: "r1",
      flow: "City",
      build: "aa",
      state: "succeeded",
      startedAt: 1000,
      endedAt: 1003,
      resumes: 0,
      params: { days: 3 },
      result: { when: "1970-01-01T00:00:00.000Z" },
      totals: { total: 2, succeeded: 1, failed: 1, skipped: 0, aborted: 0, restored: 0, cached: 0 },
    });
    expect(view.steps.map((s) => [s.task, s.state, s.source])).toEqual([
      ["A", "succeeded", "ran"],
      ["B", "failed", "ran"],
    ]);
    expect(view.steps[0]?.params).toEqual({ task: "A" });
    expect(view.steps[1]?.error).toMatchObject({ name: "RangeError", message: "far" });
  });

  test("leaves out orphans and counts them", async () => {
    const view = await fold(started, step("A"), step("B"), {
      kind: "run-ended",
      state: "succeeded",
      blamed: [],
      orphans: [2],
    });
    expect(view.steps.map((s) => s.task)).toEqual(["B"]);
    expect(view.run.orphans).toBe(1);
  });
});

describe("a resumed run", () => {
  test("older records are restored, newer ones ran, dropped ones are gone", async () => {
    const view = await fold(started, step("A"), step("B", { state: "failed" }), resumed(3), step("C"));
    expect(view.steps.map((s) => [s.task, s.source])).toEqual([
      ["A", "restored"],
      ["C", "ran"],
    ]);
    expect(view.run).toMatchObject({ state: "running", build: "bb", resumes: 1, totals: { total: 2, restored: 1 } });
  });

  test("a dropped step that ran again appears once, with its new outcome", async () => {
    const view = await fold(started, step("B", { state: "failed" }), resumed(2), step("B", { attempts: 2 }));
    expect(view.steps).toMatchObject([{ task: "B", state: "succeeded", source: "ran", attempts: 2 }]);
  });

  test("the end of the failed life is forgotten", async () => {
    const failed: Draft<Fact> = {
      kind: "run-ended",
      state: "failed",
      error: encoded(new Error("x")),
      blamed: [],
      orphans: [],
    };
    const view = await fold(started, failed, resumed());
    expect(view.run.state).toBe("running");
    expect(view.run.error).toBeUndefined();
    expect(view.run.endedAt).toBeUndefined();
  });

  test("records that swap their keys both survive", async () => {
    const site = "s" as Site;
    const view = await fold(
      started,
      step("A"),
      step("B"),
      { kind: "record-moved", record: 2, key: key("B"), site, node: "B", body },
      { kind: "record-moved", record: 3, key: key("A"), site, node: "A", body },
    );
    expect(view.steps.map((s) => [s.task, s.node])).toEqual([
      ["A", "B"],
      ["B", "A"],
    ]);
  });
});

test("a moved record stands at its new place, under which it can be dropped, and stays restored", async () => {
  const move: Draft<Fact> = { kind: "record-moved", record: 2, key: key("A2"), site: "s" as Site, node: "A2", body };
  const moved = await fold(started, step("A"), step("B"), resumed(), move);
  expect(moved.steps.map((s) => [s.node, s.source])).toEqual([
    ["B", "restored"],
    ["A2", "restored"],
  ]);
  const dropped = await fold(started, step("A"), step("B"), resumed(), move, resumed(5));
  expect(dropped.steps.map((s) => s.node)).toEqual(["B"]);
});

describe("attempts that are not settled", () => {
  test("a failed attempt of a running run is backing off, with the count and the error", async () => {
    const view = await fold(started, attempt("A", 1), attempt("A", 2));
    expect(view.steps).toMatchObject([
      { task: "A", state: "backing-off", source: null, attempts: 2, endedAt: null, error: { message: "down" } },
    ]);
    expect(view.run.totals.total).toBe(0);
  });

  test("is pending once the run is suspended", async () => {
    const view = await fold(started, attempt("A", 1), {
      kind: "run-suspended",
      reason: "interrupt",
      message: "SIGINT",
    });
    expect(view.steps[0]?.state).toBe("pending");
    expect(view.run).toMatchObject({ state: "suspended", reason: "interrupt", message: "SIGINT" });
  });

  test("disappears with its settlement", async () => {
    const view = await fold(started, attempt("A", 1), step("A", { attempts: 2 }));
    expect(view.steps).toMatchObject([{ state: "succeeded", attempts: 2 }]);
  });
});

test("a map item restored whole is no step, a sub-flow is one", async () => {
  const { task: _task, kind: _kind, ...common } = step("Sub") as StepSettled;
  const activation = (what: "item" | "subflow", more: Partial<ActivationSettled>): Draft<Fact> => ({
    ...common,
    kind: "activation-settled",
    activation: what,
    task: what,
    steps: 1,
    ...more,
  });
  const mapItem = itemPath(key("map"), "Oslo");
  const view = await fold(
    started,
    activation("item", { key: mapItem as string as StepSettled["key"] }),
    activation("subflow", { key: key("Sub") }),
  );
  expect(view.steps.map((s) => s.task)).toEqual(["subflow"]);
});

test("unreadable values are shown, not thrown", async () => {
  const broken = { size: 1, read: () => new Uint8Array([255]) };
  const gone = {
    size: 1,
    read: (): Uint8Array => {
      throw new Error("the file is gone");
    },
  };
  const view = await fold(started, step("A", { state: "failed", params: broken, error: gone }));
  expect(view.steps[0]?.params).toMatch(/^<unreadable: /);
  expect(view.steps[0]?.error?.message).toBe("<unreadable: the file is gone>");
});

describe("a run that is read a step at a time", () => {
  /** A run of so many steps, and the names of those whose parameters have been read. */
  function counted(steps: number): { readonly read: () => AsyncGenerator<Fact>; readonly looked: string[] } {
    const looked: string[] = [];
    const watched = (name: string) => {
      const bytes = encodeValue({ name });
      const read = (): Uint8Array => {
        looked.push(name);
        return bytes;
      };
      return { size: bytes.byteLength, read };
    };
    const names = Array.from({ length: steps }, (_, i) => `T${i}`);
    const drafts = [started, ...names.map((name) => step(name, { params: watched(name) }))];
    async function* read(): AsyncGenerator<Fact> {
      for (const [i, draft] of drafts.entries()) yield { seq: i + 1, at: 1000 + i, ...draft } as Fact;
    }
    return { read, looked };
  }

  test("is counted without a look at any step, and reads each when it is asked for", async () => {
    const { read, looked } = counted(2_000);
    const view = await openRunView(RUN, read);
    expect(view.run.totals).toMatchObject({ total: 2_000, succeeded: 2_000 });
    expect(looked).toEqual([]);
    for await (const { key: found } of view.steps()) {
      expect(looked.at(-1)).toBe(`T${looked.length - 1}`);
      expect(found).toBe(key(`T${looked.length - 1}`));
      if (looked.length === 3) break;
    }
    expect(looked).toEqual(["T0", "T1", "T2"]);
  });

  test("leaves out what was recorded after it was counted", async () => {
    let isOver = false;
    async function* read(): AsyncGenerator<Fact> {
      const drafts = isOver ? [started, step("A"), step("B")] : [started, step("A")];
      for (const [i, draft] of drafts.entries()) yield { seq: i + 1, at: 1000 + i, ...draft } as Fact;
    }
    const view = await openRunView(RUN, read);
    isOver = true;
    const seen: unknown[] = [];
    for await (const one of view.steps()) seen.push(one.node);
    expect(seen).toEqual(["A"]);
  });

  test("two records that swap their places are both shown, each where it stands now", async () => {
    const moved = (record: number, to: string): Draft<Fact> => ({
      kind: "record-moved",
      record,
      key: key(to),
      site: `City.run#${to}` as Site,
      node: to,
      body,
    });
    const view = await fold(started, step("A"), step("B"), resumed(), moved(2, "B"), moved(3, "A"));
    expect(view.steps.map(({ node, params, source }) => ({ node, params, source }))).toEqual([
      { node: "B", params: { task: "A" }, source: "restored" },
      { node: "A", params: { task: "B" }, source: "restored" },
    ]);
    expect(view.run.totals).toMatchObject({ total: 2, restored: 2 });
  });
});
