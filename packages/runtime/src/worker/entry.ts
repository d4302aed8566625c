/**
 * Entry of a worker thread, called by Piscina once for each channel. It imports nothing of the user's: user modules are
 * loaded by the first job that needs them, so that one that fails is that job's failure and not a dead pool.
 */
import { captureOutput } from "../attempt/capture-output.js";
import { guardExit } from "../attempt/exit-guard.js";
import type { ChannelStart } from "../wire/to-thread.js";
import { Channel } from "./channel.js";
import { keepStrayErrors } from "./stray-errors.js";

let channel: Channel | undefined;

process.setSourceMapsEnabled(true);
captureOutput("stderr");
guardExit();
keepStrayErrors(() => channel?.attempt?.scope);

/** Serves one channel until main ends it. */
export default async function serve(start: ChannelStart): Promise<void> {
  channel = new Channel(start.port);
  await channel.ended;
  channel = undefined;
}
