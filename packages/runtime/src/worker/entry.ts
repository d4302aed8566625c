/**
 * Entry of a worker thread, called by Piscina once for each channel, and at the end. It imports nothing of the user's: user modules are
 * loaded by the first job that needs them, so that one that fails is that job's failure and not a dead pool.
 */
import { systemClock } from "@millrace/core";
import { captureOutput } from "../attempt/capture-output.js";
import { guardExit } from "../attempt/exit-guard.js";
import { OpenResources } from "../attempt/open-resources.js";
import type { ChannelStart, ResourcesEnd } from "../wire/to-thread.js";
import { Channel } from "./channel.js";
import { keepStrayErrors } from "./stray-errors.js";

const resources = new OpenResources();
let channel: Channel | undefined;

process.setSourceMapsEnabled(true);
captureOutput("stderr");
guardExit();
keepStrayErrors(() => channel?.attempt?.scope);

/** Serves one channel until main ends it; or closes the thread's resources, before main ends the thread, and gives what went wrong. */
export default async function serve(start: ChannelStart | ResourcesEnd): Promise<readonly string[]> {
  if ("closeWithinMs" in start) return resources.close(systemClock, start.closeWithinMs);
  channel = new Channel(start.port, resources);
  await channel.ended;
  channel = undefined;
  return [];
}
