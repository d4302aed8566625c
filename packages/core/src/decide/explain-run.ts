/** Why each step of a run ran or was restored, read from the run's facts: the decisions of its newest life, with their reasons. */
import { BuildAlignment } from "../alignment/align-builds.js";
import type { BuildHash, RunId, StepKey } from "../identity/brands.js";
import type { ExplainedStep, WhyDocument } from "../json-shapes/why-document.js";
import type { Manifest } from "../manifest/manifest.js";
import type { ActivationSettled, Fact, StepSettled } from "../run/facts.js";
import { unknownRun } from "../run/unknown-run.js";
import { parametersOf, whyItRuns, whyRestored } from "./why-words.js";

type Settled = StepSettled | ActivationSettled;

/** The manifest of a build; undefined if it is gone. */
type ManifestOf = (build: BuildHash) => Manifest | undefined;

/** A record: where it stands, since when, and why. */
interface Held {
  readonly record: Settled;
  readonly key: StepKey;
  readonly node: string;
  /** Build in which it got there. */
  readonly build: BuildHash;
  /** Life of the run in which it got there, from 0. */
  readonly life: number;
  readonly source: ExplainedStep["source"];
  readonly because: string;
}

/**
 * Explains the newest life of a run.
 * @throws MillraceError `unknown-run` if there are no facts.
 */
export async function explainRun(id: RunId, facts: AsyncIterable<Fact>, manifestOf: ManifestOf): Promise<WhyDocument> {
  const held = new Map<number, Held>();
  /** Records of earlier lives by their key in the build of this one. */
  let earlier: ReadonlyMap<StepKey, Held> = new Map();
  let flow: string | undefined;
  let build = "" as BuildHash;
  let life = 0;
  for await (const fact of facts) {
    switch (fact.kind) {
      case "run-started":
        ({ flow, build } = fact);
        break;
      case "run-resumed":
        build = fact.build;
        life += 1;
        earlier = placedIn(build, held.values(), manifestOf);
        for (const seq of fact.dropped) held.delete(seq);
        break;
      case "run-ended":
        for (const seq of fact.orphans) held.delete(seq);
        break;
      case "step-settled":
      case "activation-settled": {
        const because =
          fact.source === "cached"
            ? "an equal step had shared its result"
            : whyItRan(fact, earlier.get(fact.key), manifestOf(build), manifestOf);
        const { key, node, source } = fact;
        held.set(fact.seq, { record: fact, key, node, build, life, source, because });
        break;
      }
      case "record-moved": {
        const from = held.get(fact.record);
        if (!from) break;
        held.delete(fact.record);
        const because = whyRestored(from.record, from.key === fact.key ? "key" : "site");
        held.set(fact.seq, { ...from, key: fact.key, node: fact.node, build, life, source: "restored", because });
        break;
      }
      default:
        break;
    }
  }
  if (flow === undefined) throw unknownRun(id);
  const steps = [...held].sort(([a], [b]) => a - b).flatMap(([, one]) => explained(one, life));
  return { run: id, flow, resumes: life, steps };
}

function explained({ record, key, node, life: since, source, because }: Held, life: number): readonly ExplainedStep[] {
  if (record.kind === "activation-settled" && record.activation === "item") return [];
  const names = { key, node, task: record.task };
  // What this life has not touched was restored in its place.
  return [
    since < life
      ? { ...names, source: "restored", because: whyRestored(record, "key") }
      : { ...names, source, because },
  ];
}

function placedIn(build: BuildHash, records: Iterable<Held>, manifestOf: ManifestOf): ReadonlyMap<StepKey, Held> {
  const after = manifestOf(build);
  const alignments = new Map<BuildHash, BuildAlignment | undefined>();
  const alignmentOf = (made: BuildHash): BuildAlignment | undefined => {
    if (!alignments.has(made)) {
      const before = made === build ? undefined : manifestOf(made);
      alignments.set(made, before && after && new BuildAlignment(before, after));
    }
    return alignments.get(made);
  };
  return new Map(
    [...records].map((one) => {
      const { key, node } = one;
      return [alignmentOf(one.build)?.place({ key, node, site: one.record.site }).key ?? key, one];
    }),
  );
}

function whyItRan(
  record: Settled,
  nearest: Held | undefined,
  after: Manifest | undefined,
  manifestOf: ManifestOf,
): string {
  return whyItRuns({
    task: record.task,
    identity: record.identity,
    given: parametersOf(record),
    nearest: nearest?.record,
    before: nearest && manifestOf(nearest.build),
    after,
  });
}
