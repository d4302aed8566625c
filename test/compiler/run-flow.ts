/** A flow of a built project, run by the engine as applications run it: plain Node, worker threads, and no step that the graph does not know. */
import { startCommand } from "@millrace/testing";

const ENGINE = new URL("../../packages/runtime/dist/index.js", import.meta.url).href;

/** Runs a flow to its result, or rejects with the process's stderr. `cwd` is a folder of the project, which may have been moved. */
export async function runFlow(cwd: string, flow: string, params: object = {}): Promise<unknown> {
  const script = `
    const { memoryStore, openEngine } = await import(${JSON.stringify(ENGINE)});
    const engine = await openEngine({ threads: 2, store: memoryStore(), observers: [], strict: true });
    try {
      console.log(JSON.stringify(await engine.start(${JSON.stringify(flow)}, ${JSON.stringify(params)}).result()));
    } finally {
      await engine.close();
    }`;
  const args = ["--enable-source-maps", "--input-type=module", "--eval", script];
  const ended = await startCommand({ command: process.execPath, args, cwd }).done;
  if (ended.code !== 0) throw new Error(ended.stderr);
  return ended.json();
}
