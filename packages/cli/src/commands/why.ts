/** `flow why [run] [step]`. */
import {
  type BuildHash,
  EXIT,
  type ExitCode,
  type ExplainedStep,
  explainRun,
  type Manifest,
  MillraceError,
  stepLabel,
  suggestName,
  type WhyDocument,
} from "@millrace/core";
import { colorsFor, print, printJson } from "../output/streams.js";
import { whyText } from "../output/why-text.js";
import { manifestOfBuild } from "../project/manifest-of-build.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";
import { noSuchRun, runOrNewest } from "./run-or-newest.js";

/** Says of each step of a run, or of one, why it ran or was restored when the run last went on. */
export async function why(id: string | undefined, step: string | undefined, options: CommonOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const manifests = manifestsIn(place.stateDir);
  const whole = await withStore(place, async (store) => {
    const run = runOrNewest(await store.list(), id);
    return explainRun(run.id, store.read(run.id), manifests);
  });
  if (!whole) throw noSuchRun(id, []);
  const document = step === undefined ? whole : { ...whole, steps: whole.steps.filter((one) => isNamed(one, step)) };
  if (step !== undefined && document.steps.length === 0) throw noSuchStep(step, whole);
  if (options.json) printJson(document);
  else print(whyText(document, colorsFor(process.stdout)));
  return EXIT.success;
}

function manifestsIn(stateDir: string): (build: BuildHash) => Manifest | undefined {
  const known = new Map<BuildHash, Manifest | undefined>();
  return (build) => {
    if (!known.has(build)) known.set(build, manifestOfBuild(stateDir, build));
    return known.get(build);
  };
}

function isNamed(one: ExplainedStep, name: string): boolean {
  return [one.node, one.task, one.key, stepLabel(one)].includes(name);
}

function noSuchStep(step: string, { run, steps }: WhyDocument): MillraceError {
  const names = [...new Set(steps.flatMap((one) => [stepLabel(one), one.node, one.task]))];
  return new MillraceError("usage", `Run ${run} has no step "${step}".`, {
    hint: suggestName(step, names, `A step is named by its node, task, label or key; \`flow show ${run}\` lists them.`),
    data: { run, step },
  });
}
