/**
 * Entry of a worker thread, called by Piscina once for each channel. It imports nothing of the user's: user modules are
 * loaded by the first job that needs them, so that one that fails is that job's failure and not a dead pool.
 */
import { captureOutput } from "../attempt/capture-output.js";
import { guardExit } from "../attempt/exit-guard.js";
import type { ChannelStart } from "../wire/to-thread.js";
import { Channel } from "./channel.js";
import { keepStrayErrors } from "./stray-errors.js";

/** Several in a thread of light steps, else one. */
const channels = new Set<Channel>();

process.setSourceMapsEnabled(true);
captureOutput("stderr");
guardExit();
keepStrayErrors(() => {
  const [only, other] = channels;
  return other ? undefined : only?.attempt?.scope;
});

/** Serves one channel until main ends it. Without a channel it only shows that the thread lives. */
export default async function serve({ port }: Partial<ChannelStart>): Promise<void> {
  if (!port) return;
  const channel = new Channel(port);
  channels.add(channel);
  await channel.ended;
  channels.delete(channel);
}
