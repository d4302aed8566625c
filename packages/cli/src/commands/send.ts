/** `flow send <run> <name>`. */
import { type BuildHash, EXIT, type ExitCode, type Manifest, MillraceError, systemClock } from "@millrace/core";
import { printJson, say } from "../output/streams.js";
import { manifestOfBuild } from "../project/manifest-of-build.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";
import { noSuchRun, runOrNewest } from "./run-or-newest.js";

/** Options of `flow send`. */
export interface SendOptions extends CommonOptions {
  /** JSON. */
  readonly data?: string;
}

/** Sends a message to a run; comes back when it is on record. */
export async function send(id: string, name: string, options: SendOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const data = options.data === undefined ? undefined : readData(options.data);
  const { sendMessage } = await import("@millrace/runtime");
  const manifestOf = async (build: BuildHash): Promise<Manifest | undefined> => manifestOfBuild(place.stateDir, build);
  const sent = await withStore(place, async (store) => {
    const { id: run } = runOrNewest(await store.list(), id);
    return { run, by: await sendMessage(store, { run, name, data, clock: systemClock, manifestOf }) };
  });
  if (sent === undefined) throw noSuchRun(id, []);
  if (options.json) printJson({ runId: sent.run, name, delivered: sent.by === "owner" });
  else if (sent.by === "owner") say(`Run ${sent.run} has the message.`);
  else say(`Run ${sent.run} has the message; nobody runs it now. Go on with: flow resume ${sent.run}`);
  return EXIT.success;
}

function readData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError("usage", `--data is no JSON: ${problem}.`, {
      hint: `Text stands in quotes of its own: --data '"yes"'. Objects: --data '{"by":"Ann"}'.`,
      data: { data: text },
    });
  }
}
