/** A project with one flow that fails at its end, its edits, and what an edit does to a run that has failed there. */
import { existsSync, rmSync } from "node:fs";
import type { Manifest, PlanDocument } from "@millrace/core";
import type { ResumeOptions, RunOutcome } from "@millrace/runtime";
import { openEngine } from "@millrace/runtime";
import { createTestProject, type TestProject } from "@millrace/testing";

/** Replaces a text of `src/flow.ts`, or moves the file. */
export type Edit = readonly (readonly [from: string, to: string])[] | { readonly move: string };

const TASKS = `
import { appendFileSync, existsSync } from "node:fs";
import { param, Task, task } from "millrace";

const wrote = (line: string): void => appendFileSync(process.env.RESUME_JOURNAL ?? "", line + "\\n");

@task
export class Fetch extends Task<number> {
  @param() city!: string;
  async run(): Promise<number> {
    wrote("Fetch " + this.city);
    return this.city.length;
  }
}

@task
export class Sum extends Task<number> {
  @param() left!: number;
  @param() right!: number;
  async run(): Promise<number> {
    wrote("Sum " + this.left + " " + this.right);
    return this.left + this.right;
  }
}

@task
export class Note extends Task<string> {
  @param() text!: string;
  async run(): Promise<string> {
    wrote("Note " + this.text);
    return this.text;
  }
}

/** Fails until the gate is open. */
@task
export class Gate extends Task<number> {
  @param() value!: number;
  async run(): Promise<number> {
    if (!existsSync(process.env.RESUME_GATE ?? "")) throw new Error("the gate is shut");
    return this.value;
  }
}
`;

const FLOW = `
import { Flow, flow, param } from "millrace";
import { Fetch, Gate, Note, Sum } from "./tasks.js";

@flow
export class Inner extends Flow<number> {
  @param() base!: number;
  async run(): Promise<number> {
    const part = await this.call(Sum, { left: this.base, right: 1 });
    return this.call(Gate, { value: part });
  }
}

@flow
export class Report extends Flow<number> {
  @param() city!: string;

  async run(): Promise<number> {
    const near = await this.call(Fetch, { city: this.city });
    const far = await this.call(Fetch, { city: "Bergen" });
    const total = await this.call(Sum, { left: near, right: far });
    await this.call(Note, { text: "one" });
    await this.call(Note, { text: "two" });
    const notes = await this.map(["a", "b"], (text) => this.call(Note, { text }));
    const again = await this.pair(total);
    return this.call(Inner, { base: again + notes.length });
  }

  private async pair(amount: number): Promise<number> {
    const low = await this.call(Sum, { left: amount, right: 10 });
    return low;
  }
}
`;

const TSCONFIG = JSON.stringify({
  compilerOptions: { target: "es2022", module: "nodenext", strict: true, skipLibCheck: true, types: ["node"] },
  include: ["src", ".flow/types.d.ts"],
});

/** Every line that the tasks of an unedited run write. */
export const ALL = [
  "Fetch Oslo",
  "Fetch Bergen",
  "Sum 4 6",
  "Note one",
  "Note two",
  "Note a",
  "Note b",
  "Sum 10 10",
  "Sum 22 1",
];

/** The project, and one process's use of it. */
export class EditedFlow {
  readonly project: TestProject;

  private constructor(project: TestProject) {
    this.project = project;
    process.env.RESUME_JOURNAL = project.path("journal");
    process.env.RESUME_GATE = project.path("gate");
  }

  static async make(): Promise<EditedFlow> {
    return new EditedFlow(
      await createTestProject({ files: { "tsconfig.json": TSCONFIG, "src/tasks.ts": TASKS, "src/flow.ts": FLOW } }),
    );
  }

  /** Compiles it as it is. */
  async build(): Promise<Manifest> {
    const { manifest, diagnostics } = await this.project.build();
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (!manifest || errors.length > 0) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
    return manifest;
  }

  /** Puts the sources as they were, then applies an edit. @throws if a text is not there exactly once. */
  edit(edit: Edit): void {
    rmSync(this.project.path("src"), { recursive: true });
    this.project.write("src/tasks.ts", TASKS);
    if ("move" in edit) {
      this.project.write(edit.move, FLOW.replace("./tasks.js", "../tasks.js"));
      return;
    }
    let text = FLOW;
    for (const [from, to] of edit) {
      if (text.split(from).length !== 2) throw new Error(`not once in the flow: ${from}`);
      text = text.replace(from, () => to);
    }
    this.project.write("src/flow.ts", text);
  }

  /** Starts a run that fails at the gate. */
  async fail(id: string): Promise<void> {
    await using engine = await openEngine({ cwd: this.project.root, executor: "inline", observers: [] });
    const { status } = await engine.start("Report", { city: "Oslo" }, { id }).outcome();
    if (status !== "failed") throw new Error(`the run should fail at the gate: ${status}`);
  }

  /** Goes on with a run, the gate open. Gives what ran. */
  async resume(id: string, options: ResumeOptions = {}): Promise<{ outcome: RunOutcome; ran: readonly string[] }> {
    rmSync(this.project.path("journal"), { force: true });
    this.project.write("gate", "");
    await using engine = await openEngine({ cwd: this.project.root, executor: "inline", observers: [] });
    try {
      const outcome = await (await engine.resume(id, options)).outcome();
      return { outcome, ran: this.journal };
    } finally {
      rmSync(this.project.path("gate"));
    }
  }

  /** What a resume would do. */
  async plan(id: string, options: ResumeOptions = {}): Promise<PlanDocument> {
    await using engine = await openEngine({ cwd: this.project.root, executor: "inline", observers: [] });
    return await engine.plan(id, options);
  }

  /** What has run since the journal was begun. */
  get journal(): readonly string[] {
    const path = this.project.path("journal");
    return existsSync(path) ? this.project.read("journal").split("\n").filter(Boolean) : [];
  }
}
