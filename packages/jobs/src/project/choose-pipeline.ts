/** One pipeline out of those that there are, as people name it: `align`, `align@1.2.0`, `align@dev`. */
import { MillraceError, suggestName } from "@millrace/core";
import { compareVersions } from "compare-versions";
import type { Pipeline } from "./read-pipeline.js";

/** What there is none of, by the words that stand for versions. */
const MISSING: ReadonlyMap<string, string> = new Map([
  ["latest", "no release"],
  ["dev", "no version under development"],
]);

/**
 * Chooses by name and version. Without a version, and as `latest`, the newest release; as `dev` the newest version that is none, such as
 * `2.0.0-rc.1`. Of two with the same name and version the first is meant.
 * @throws MillraceError `pipeline-not-found`.
 */
export function choosePipeline<P extends Pipeline>(pipelines: readonly P[], wanted: string): P {
  const [name = "", version = "latest"] = wanted.split(/@(.*)/s);
  const known = pipelines.filter((one) => one.name === name);
  if (known.length === 0) {
    const names = [...new Set(pipelines.map((one) => one.name))].sort();
    const otherwise = names.length === 0 ? "There are none." : `There are ${names.join(", ")}.`;
    throw notFound(wanted, `There is no pipeline "${name}".`, suggestName(name, names, otherwise));
  }
  const found = known.filter(suits(version)).reduce<P | undefined>(newer, undefined);
  if (found) return found;
  const versions = [...new Set(known.map((one) => one.version))].sort(compareVersions);
  throw notFound(
    wanted,
    `Of the pipeline "${name}" there is ${MISSING.get(version) ?? `no version "${version}"`}.`,
    suggestName(version, versions, `Its versions are ${versions.join(", ")}.`),
  );
}

/** True for versions under development: they have a hyphen and more behind the three numbers. */
export function isDevelopment({ version }: Pick<Pipeline, "version">): boolean {
  return /^[^+]*-/.test(version);
}

function suits(version: string): (pipeline: Pipeline) => boolean {
  if (version === "latest") return (one) => !isDevelopment(one);
  return version === "dev" ? isDevelopment : (one) => one.version === version;
}

function newer<P extends Pipeline>(best: P | undefined, one: P): P {
  return best === undefined || compareVersions(one.version, best.version) > 0 ? one : best;
}

function notFound(wanted: string, message: string, hint: string): MillraceError {
  return new MillraceError("pipeline-not-found", message, {
    hint: `${hint} \`flow project pipelines\` lists all that are found.`,
    data: { pipeline: wanted },
  });
}
