/**
 * What a run stands on gives way: permissions, locks, file descriptors, clocks, the build. Each time the file is named and what to do,
 * nothing recorded is lost, nothing hangs, and the run goes on when the cause is gone.
 */
import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@millrace/core";
import { openEngine } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, ManualClock, openTestEngine, startCommand, type TestProject } from "@millrace/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { crashProject, factsOf, journal } from "./crash-project.js";

const NOBODY = { NODE_OPTIONS: `--import=${new URL("surroundings/nobody.mjs", import.meta.url).href}` };
const LOCK = fileURLToPath(new URL("surroundings/lock.mjs", import.meta.url));

let built: TestProject;
let project: TestProject;
let gate: string;
beforeAll(async () => {
  built = await crashProject();
});
beforeEach(async () => {
  project = await built.copy();
  gate = project.path("gate");
  process.env.CRASH_JOURNAL = project.path("journal");
  // As new as its sources: commands that run it need not build it again.
  await project.flow("build");
});
afterEach(() => project.remove());
afterAll(() => built.remove());

const run = (id: string): string[] => ["run", "Gated", "--open", gate, "--id", id];

describe.skipIf(process.platform !== "linux")("without the right to write", () => {
  /** Everything is writable for everybody, but these paths in the output folder. */
  function allow(...exceptions: readonly string[]): void {
    openToAll(project.root);
    for (const path of exceptions) chmodSync(project.path(".flow", path), path.includes(".") ? 0o444 : 0o555);
  }

  /** Not what links lead to: that is not the project's. (Newer Nodes follow them when they read a folder with all below.) */
  function openToAll(folder: string): void {
    chmodSync(folder, 0o777);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) openToAll(path);
      else if (entry.isFile()) chmodSync(path, 0o666);
    }
  }

  const asNobody = (args: readonly string[]) => {
    const command = project.start(args, { env: NOBODY });
    command.stdin.end();
    return command.done;
  };

  beforeEach(() => {
    writeFileSync(gate, "");
    writeFileSync(project.path("journal"), "");
  });

  it("to the database, a run is refused by its name, and can still be looked at", async () => {
    expect((await project.flow(...run("before"))).code).toBe(0);
    const before = await factsOf(project, "before");
    allow("state.db");
    const refused = await asNobody(run("refused"));
    const file = project.path(".flow/state.db");
    expect(refused.stderr).toContain(
      `error[store-unusable]: The run database "${file}" cannot be used: attempt to write a readonly database.\n` +
        "  hint: Give this user write permission for the file and its folder.\n",
    );
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect((await asNobody(["runs"])).stdout).toContain("before");
    allow();
    expect(await asNobody(run("refused"))).toMatchObject({ code: 0 });
    expect(await factsOf(project, "before")).toEqual(before);
  });

  it.each(["", "pins"])("to the folder .flow/%s, it is named", async (folder) => {
    await project.flow(...run("before"));
    rmSync(project.path(".flow/pins"), { recursive: true });
    if (folder !== "") await project.flow(...run("pinned"));
    allow(folder);
    const refused = await asNobody(run("refused"));
    expect(refused.stderr).toMatch(
      /error\[state-dir-unusable\]: The output folder ".*\.flow" cannot be used: EACCES: permission denied, .*\.flow\/pins.*\n {2}hint: Let this user write there/,
    );
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    allow();
    expect(await asNobody(run("refused"))).toMatchObject({ code: 0 });
  });

  it("to the folder of builds, a build is refused, and the one before it stays whole", async () => {
    project.write("src/gated.ts", project.read("src/gated.ts").replaceAll("`step ", "`stage "));
    allow("build", "");
    const refused = await asNobody(["build"]);
    expect(refused.stderr).toMatch(
      /error\[state-dir-unusable\]: .*\.flow" cannot be used: EACCES: .*\n {2}hint: Let this user write there/,
    );
    expect(refused.code).toBe(2);
    allow();
    await using engine = await openEngine({ cwd: project.root, threads: 1, observers: [] });
    expect(await engine.start("Gated", { open: gate }).result()).toHaveLength(6);
    expect(await asNobody(["build"])).toMatchObject({ code: 0 });
  });

  it("to the folder of large values, the step before them is kept, and the run goes on", async () => {
    project.write(".flow/content/none", "");
    allow("content");
    const stopped = await asNobody(["run", "Short", "--id", "large"]);
    expect(stopped.stderr).toMatch(
      /error\[store-unusable\]: A value cannot be written to ".*\.flow\/content": EACCES.*\n {2}hint: Make room on the disk and let this user write/,
    );
    expect(stopped.code).toBe(1);
    const before = await factsOf(project, "large");
    const ran = journal(project);
    allow();
    expect(await asNobody(["resume", "large"])).toMatchObject({ code: 0 });
    expect((await factsOf(project, "large")).slice(0, before.length)).toEqual(before);
    expect(await recordedTwice(before, ran)).toEqual([]);
  });

  it("to the folder of logs, the run goes on without them, and says so", async () => {
    rmSync(project.path(".flow/logs"), { recursive: true, force: true });
    project.write(".flow/logs/none", "");
    allow("logs");
    const { code, stderr } = await asNobody(run("quiet"));
    expect(stderr).toMatch(/millrace: the observer "file" failed and is switched off: Error: EACCES: .*\.flow\/logs/);
    expect(code).toBe(0);
  });

  /** Keys that were recorded as done before and ran again since. */
  async function recordedTwice(before: readonly object[], ran: readonly string[]): Promise<readonly unknown[]> {
    const again = new Set(journal(project).slice(ran.length));
    return before.flatMap((fact) =>
      "key" in fact && "state" in fact && again.has(String(fact.key)) ? [fact.key] : [],
    );
  }
});

describe("a database that another process holds", () => {
  async function locked(): Promise<{ free(): Promise<unknown> }> {
    const holder = project.node([LOCK, project.path(".flow/state.db")]);
    await holder.line("locked");
    return {
      free: () => {
        holder.stdin.end();
        return holder.done;
      },
    };
  }

  const SAYS =
    /error\[store-unusable\]: The run database ".*state\.db" cannot be used: database is locked\.\n {2}hint: Another process holds the database for too long\. Look for one that hangs, then try again\./;

  it("is refused by name when a command begins", async () => {
    await project.flow("runs");
    const lock = await locked();
    writeFileSync(gate, "");
    for (const args of [["runs"], run("refused")]) {
      const refused = await project.flow(...args);
      expect(refused.stderr).toMatch(SAYS);
      expect(refused).toMatchObject({ code: 1, stdout: "" });
    }
    await lock.free();
    expect(await project.flow(...run("refused"))).toMatchObject({ code: 0 });
  });

  it("stops a run that goes, without a loss; it goes on afterwards", async () => {
    const going = project.start(run("going"));
    await going.line("at held");
    const before = await factsOf(project, "going");
    // Readers and the owner's own connection keep others from holding all of it, so only its right to write is taken.
    const holder = startCommand({
      command: process.execPath,
      args: ["--input-type=module", "-e", HOLD_WRITES, "--", project.path(".flow/state.db")],
      cwd: process.cwd(),
    });
    await holder.line("locked");
    writeFileSync(gate, "");
    const { code, stdout, stderr } = await going.done;
    expect(stderr).toMatch(SAYS);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    holder.stdin.end();
    await holder.done;
    expect(await factsOf(project, "going")).toEqual(before);
    expect(await project.flow("resume", "going")).toMatchObject({ code: 0 });
    expect(journal(project).filter((line) => line.startsWith("step 1"))).toHaveLength(1);
  });

  const HOLD_WRITES = `
    import Database from "libsql";
    const database = new Database(process.argv.at(-1));
    database.exec("BEGIN IMMEDIATE");
    console.log("locked");
    process.stdin.resume();
    process.stdin.on("end", () => database.close());
  `;
});

describe.skipIf(process.platform !== "linux")("few file descriptors", () => {
  const flow = (limit: number, args: readonly string[]) => {
    const command = startCommand({
      command: "sh",
      args: [
        "-c",
        `ulimit -n ${limit}; exec "$0" "$@"`,
        process.execPath,
        project.path("node_modules/.bin/flow"),
        ...args,
      ],
      cwd: project.root,
      env: { CRASH_JOURNAL: project.path("journal") },
    });
    command.stdin.end();
    return command.done;
  };

  /** Of the widest Promise.all in Short. */
  const BRANCHES = 10;

  it("end a run in words that name the limit, or not at all; what was recorded is used when it goes on", async () => {
    const ends: string[] = [];
    for (const limit of [32, 35, 38, 41, 44, 47, 50, 56, 64]) {
      const id = `limit-${limit}`;
      const { code, signal, stderr } = await flow(limit, ["run", "Short", "--threads", "8", "--id", id]);
      expect({ signal, code: code === 0 || code === 1 }, `${limit}: ${stderr}`).toEqual({ signal: null, code: true });
      expect(stderr, `limit ${limit}`).not.toMatch(/internal-bug|died inside task|lost its worker thread/);
      if (code === 0) {
        ends.push(`${limit} suffice`);
        continue;
      }
      // Node's resolver takes a file that it cannot open for one that is not there.
      expect(stderr, `limit ${limit}`).toMatch(/EMFILE|unable to open database file|Cannot find package/);
      // Steps fail by what they themselves cannot open, never for want of a thread.
      const facts = await factsOf(project, id).catch(() => []);
      const errors = facts.map((fact) => Buffer.from((fact as { error?: string }).error ?? "", "base64").toString());
      expect(errors.filter((text) => text.includes("thread-start-failed"))).toEqual([]);
      // Each failed branch of one Promise.all may take a resume.
      let resumes = 0;
      let last = await project.flow("resume", id);
      for (; last.code !== 0 && resumes < BRANCHES; resumes++) last = await project.flow("resume", id);
      expect(last, `limit ${limit}: ${last.stderr}`).toMatchObject({ code: 0 });
      const how = stderr.includes("suspended (no-threads)") ? "no threads" : "refused or failed";
      ends.push(`${limit} do not (${how}, ${resumes + 1} resumes)`);
    }
    console.log(`file descriptors: ${ends.join(", ")}`);
    // Which of them ends in which way is a matter of moments.
    expect(ends.filter((end) => end.includes("do not")).length).toBeGreaterThan(1);
  });
});

describe("a clock that jumps", () => {
  it.each([24, -24])("by %d hours at each step keeps order and times in order", async (hours) => {
    let ahead = 0;
    const clock = { now: () => systemClock.now() + ahead, after: systemClock.after };
    writeFileSync(gate, "");
    await using engine = await openEngine({ cwd: project.root, threads: 1, observers: [], clock });
    const jumping = engine.start("Gated", { open: gate }, { id: "jumping" });
    for await (const event of jumping.events()) if (event.type === "step-settled") ahead += hours * 3_600_000;
    const { status, durationMs } = await jumping.outcome();
    expect({ status, isPositive: durationMs >= 0 }).toEqual({ status: "succeeded", isPositive: true });
    const facts = await factsOf(project, "jumping");
    expect(facts.map((fact) => (fact as { seq: number }).seq)).toEqual(facts.map((_, i) => i + 1));
    expect(journal(project)).toHaveLength(6);
  });

  it("back while steps wait for their rate makes them wait once more, not until the old time comes again", async () => {
    const manual = new ManualClock();
    let back = 0;
    const clock = { now: () => manual.now() - back, after: manual.after.bind(manual) };
    const call = defineTask({ id: "Call", run: (_: { x: number }): number => 0 });
    const calls = controlled(call);
    const rateLimit = { limit: 1, per: "10s" } as const;
    const twice = defineFlow({
      id: "Twice",
      run: (_: object, body) => Promise.all([1, 2].map((x) => body.call(call, { x }, { rateLimit }))),
    });
    await using engine = await openTestEngine({ clock, standIns: [calls] });
    const going = engine.start(twice, {});
    (await calls.next()).finish(0);
    back = 3_600_000;
    const second = calls.next();
    // Once for the time that was set before the jump, once for the rate as it is counted since.
    for (let i = 0; i < 2; i++) {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      manual.advance(10_000);
    }
    (await second).finish(0);
    expect(await going.result()).toEqual([0, 0]);
  });
});

describe("a build under a living engine", () => {
  it("leaves its run to the code that it began with; the next one has the new", async () => {
    const going = project.start(run("going"));
    await going.line("at held");
    const old = (JSON.parse(project.read(".flow/manifest.json")) as { build: string }).build;
    project.write("src/gated.ts", project.read("src/gated.ts").replaceAll("`step ", "`stage "));
    expect((await project.flow("build")).code).toBe(0);
    expect((await project.flow("gc")).code).toBe(0);
    expect(existsSync(project.path(".flow/build", old))).toBe(true);
    writeFileSync(gate, "");
    const { code, stdout } = await going.done;
    expect(code).toBe(0);
    expect(labels(stdout)).toEqual(["step 0", "step 1", "held", "step 3", "step 4", "step 5"]);
    const next = await project.flow(...run("next"));
    expect(labels(next.stdout)).toEqual(["stage 0", "stage 1", "held", "stage 3", "stage 4", "stage 5"]);
  });

  const labels = (stdout: string): string[] =>
    (JSON.parse(stdout) as string[]).map((line) => line.replace(/ by.*/, ""));
});
