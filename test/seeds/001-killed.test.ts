/** A program that dies in the middle of its scheduler, and those that find the run. */
import { createTestProject } from "@millrace/testing";
import { expect, it } from "vitest";

const PROGRAM = `
import { openEngine } from "millrace/engine";
import { Command, Job, Scheduler, shared } from "millrace/jobs";

const [how] = process.argv.slice(2);
const did = [];
const link = shared(() => did.push("open"), () => did.push("close"));
const a = new Job(() => ({ n: did.push("a") }), { label: "a" });
const bad = new Job(() => { did.push("bad"); throw new Error("no"); }, { label: "bad", critical: false });
const after = new Job(() => did.push("after"), { label: "after" }).requires(bad);
const before = new Job(async ({ use }) => void (await use(link)), { label: "before", uses: [link] });
const dies = new Job(async ({ use }) => {
  await use(link);
  did.push("dies");
  if (how === "die") process.kill(process.pid, "SIGKILL");
}, { label: "dies", uses: [link] }).requires(before);
const watch = new Job(({ signal }) => new Promise((resolve) => signal.addEventListener("abort", resolve)), { forever: true });
const inner = new Scheduler(before, dies, watch, { label: "inner", window: 1 }).requires(a, after);
const last = new Job(({ params }) => params.n + 1, { label: "last", params: { n: a.result.at("n") } }).requires(inner);
const scheduler = new Scheduler(a, bad, after, inner, last, { label: "dying" });

const engine = await openEngine({ build: "none", recover: how === "recover" ? "auto" : "none" });
if (how === "recover") {
  const other = await new Scheduler(new Command("echo fine")).run(engine);
  console.log(JSON.stringify([other.why(), (await engine.runs()).find(({ id }) => id === "r").state]));
} else {
  const run = how === "die" ? scheduler.start(engine, { id: "r" }) : await scheduler.resume(engine, "r");
  const outcome = await run.outcome();
  console.log(JSON.stringify({ did, last: outcome.result(last), why: outcome.why(), bad: outcome.of(bad).state }));
}
await engine.close();
`;

it("does nothing again that was over, and is in nobody's way until then", async () => {
  await using project = await createTestProject({ files: { "program.mjs": PROGRAM } });
  const run = (how: string) => project.node(["program.mjs", how]).done;
  expect(await run("die")).toMatchObject({ code: null, signal: "SIGKILL" });

  // Another program of the folder has not its functions: it opens, says so, and works.
  const other = await run("recover");
  expect(other.stderr).toMatch(
    /^millrace: Run r cannot go on here and is left as it is\. .*\n.*"a", and the engine has no/,
  );
  expect([other.code, JSON.parse(other.stdout)]).toEqual([0, ["FINE", "running"]]);

  const { code, stdout, stderr } = await run("resume");
  expect([code, stderr, JSON.parse(stdout)]).toEqual([
    0,
    "",
    { did: ["open", "dies", "close"], last: 2, why: "FINE", bad: "failed" },
  ]);
});
