/**
 * Entry of a worker thread, called by Piscina once for each channel, and at the end. It imports nothing of the user's: user modules are
 * loaded by the first job that needs them, so that one that fails is that job's failure and not a dead pool.
 */
import { systemClock } from "@millrace/core/thread";
import { captureOutput } from "../attempt/capture-output.js";
import { guardExit } from "../attempt/exit-guard.js";
import { OpenResources } from "../attempt/open-resources.js";
import type { ChannelStart, ResourcesEnd } from "../wire/to-thread.js";
import { Channel } from "./channel.js";
import { SliceMeter } from "./slice-meter.js";
import { keepStrayErrors } from "./stray-errors.js";

const resources = new OpenResources();
const meter = new SliceMeter();
/** Several in a thread of light steps, else one. */
const channels = new Set<Channel>();

process.setSourceMapsEnabled(true);
captureOutput("stderr");
guardExit();
keepStrayErrors(() => {
  const [only, other] = channels;
  return other ? undefined : only?.attempt?.scope;
});

/**
 * Serves one channel until main ends it; or closes the thread's resources, before main ends the thread, and gives what went wrong; or
 * shows that the thread lives.
 */
export default async function serve(start: Partial<ChannelStart & ResourcesEnd>): Promise<readonly string[]> {
  if (start.closeWithinMs !== undefined) return resources.close(systemClock, start.closeWithinMs);
  if (!isChannel(start)) return [];
  const channel = new Channel(start, { resources, meter, alone: () => channels.size === 1 });
  channels.add(channel);
  await channel.ended;
  channels.delete(channel);
  return [];
}

function isChannel(start: Partial<ChannelStart>): start is ChannelStart {
  return start.port !== undefined;
}
