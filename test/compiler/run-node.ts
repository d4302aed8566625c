/** Plain Node in a process of its own, without loaders: what the engine's threads see of a build. */
import type { ProjectCommandOptions, TestProject } from "@millrace/testing";

/** Runs an ES module given as text in a project; standard output as JSON. Rejects with the process's stderr. */
export async function runNode(project: TestProject, script: string, options?: ProjectCommandOptions): Promise<unknown> {
  const args = ["--enable-source-maps", "--input-type=module", "--eval", script];
  const ended = await project.node(args, options).done;
  if (ended.code !== 0) throw new Error(ended.stderr);
  return ended.json();
}
