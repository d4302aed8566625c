/** The project of the YAML jobs' tests: the ancestor's own tasks and jobs, and some tasks that tests control. */
import { cpSync } from "node:fs";
import type { Manifest } from "@millrace/core";
import { createTestProject, type TestProject } from "@millrace/testing";

/** A new copy, built. Seconds of its tasks last a millisecond. */
export async function jobProject(): Promise<TestProject> {
  const project = await createTestProject({
    from: new URL("./project", import.meta.url),
    env: { SECOND_MS: "1" },
  });
  const { diagnostics } = await project.build();
  if (diagnostics.some(({ severity }) => severity === "error")) throw new Error(JSON.stringify(diagnostics));
  return project;
}

/** The same with what its build knows, and with the files of another folder. */
export async function checkedProject(
  more?: URL,
): Promise<{ readonly project: TestProject; readonly manifest: Manifest }> {
  const project = await jobProject();
  if (more) cpSync(more, project.root, { recursive: true });
  const { manifest } = await project.check();
  if (!manifest) throw new Error("the project does not build");
  return { project, manifest };
}

/** What the tasks of a run printed, in order, without times. */
export function printed(stderr: string): readonly string[] {
  return stderr
    .split("\n")
    .flatMap(
      (line) => /^\d\d:\d\d:\d\d\.\d+ info {2}(?!.* (?:done in|started as|succeeded in) )(.*)$/.exec(line)?.[1] ?? [],
    );
}
