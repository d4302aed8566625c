#!/usr/bin/env node
// A fake cluster: `sbatch`, `squeue`, `sacct` and `scancel` by the name that this script is called by, over files beside it. Scripts really
// run, as processes that nobody holds. A look at the queue moves each job on: PENDING, RUNNING, then how its script ended. `settings.json`
// says what goes wrong; names of jobs that begin with `times-out` or `node-fails` end so.
import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

const home = dirname(process.argv[1]);
const program = basename(process.argv[1]);
const argv = process.argv.slice(2);

const at = (name) => join(home, name);
const read = (name, otherwise) => (existsSync(at(name)) ? JSON.parse(readFileSync(at(name), "utf8")) : otherwise);
const write = (name, value) => {
  writeFileSync(at(`${name}.new`), JSON.stringify(value));
  renameSync(at(`${name}.new`), at(name));
};

const fail = (message, code = 1) => {
  console.error(`${program}: error: ${message}`);
  process.exitCode = code;
};

const PROGRAMS = { sbatch, squeue, sacct, scancel };
lock();
appendFileSync(at("calls.jsonl"), `${JSON.stringify([program, ...argv])}\n`);
const settings = read("settings.json", {});
const cluster = read("cluster.json", { next: 1, jobs: [] });
try {
  if (settings.failing?.[program] > 0) {
    settings.failing[program] -= 1;
    write("settings.json", settings);
    fail("Unable to contact slurm controller (connect failure)");
  } else await PROGRAMS[program]();
} finally {
  rmdirSync(at("lock"));
}
if (program === "sbatch" && settings.hang) {
  writeFileSync(at("hangs"), String(process.pid));
  await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
}

/** One program at a time, as a controller answers them. */
function lock() {
  for (;;) {
    try {
      return mkdirSync(at("lock"));
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

async function sbatch() {
  const known = [
    "export",
    "job-name",
    "comment",
    "chdir",
    "output",
    "error",
    "input",
    "cpus-per-task",
    "mem",
    "time",
    "partition",
  ];
  const options = {};
  const [parsable, ...given] = argv;
  if (parsable !== "--parsable") return fail("this fake prints ids alone");
  for (const arg of given) {
    const [, name, value] = /^--([a-z-]+)=(.*)$/s.exec(arg) ?? [];
    if (!known.includes(name)) return fail(`unrecognized option '${arg}'`, 255);
    options[name] = value;
  }
  let script = "";
  for await (const chunk of process.stdin) script += chunk;
  const id = String(cluster.next);
  cluster.next += 1;
  const state = settings.refuse ? "FAILED" : "PENDING";
  cluster.jobs.push({
    id,
    name: options["job-name"],
    comment: options.comment,
    state,
    code: 0,
    options,
    script,
    env: process.env,
  });
  write("cluster.json", cluster);
  if (settings.refuse) return fail(`Batch job submission failed: ${settings.refuse}`);
  if (settings.swallow > 0) {
    write("settings.json", { ...settings, swallow: settings.swallow - 1 });
    return fail("Batch job submission failed: Socket timed out on send/recv operation");
  }
  if (!settings.hang) console.log(settings.federated ? `${id};north` : id);
}

function squeue() {
  const format = "--Format=JobID:|,State:|,exit_code:|,Name:|,Comment:";
  if (argv.join(" ") !== `--noheader --me --states=all ${format}`) return fail("this fake knows one way to be asked");
  for (const job of cluster.jobs) moveOn(job);
  write("cluster.json", cluster);
  for (const { id, state, code, name, comment, over } of cluster.jobs)
    if (!(settings.forget && over)) console.log(`${id}|${state}|${code << 8}|${name}|${comment}`);
}

function moveOn(job) {
  if (job.over) return;
  if (job.state === "NODE_FAIL") job.state = "PENDING";
  else if (job.state === "PENDING") {
    if (settings.stay) return;
    if (job.name.startsWith("node-fails") && !job.failed) {
      job.failed = true;
      job.state = "NODE_FAIL";
    } else begin(job);
  } else if (job.name.startsWith("times-out")) end(job, "TIMEOUT", 0);
  else if (existsSync(at(`${job.id}.exit`))) {
    const code = Number(readFileSync(at(`${job.id}.exit`), "utf8"));
    end(job, code === 0 ? "COMPLETED" : "FAILED", code);
  }
}

function begin(job) {
  const { options, script, env } = job;
  writeFileSync(at(`${job.id}.sh`), script);
  const file = (name) => options[name].replaceAll("%%", "%");
  const streams = [options.input ? openSync(file("input"), "r") : "ignore", openSync(file("output"), "w")];
  const held = 'bash "$1"; echo $? > "$2.new"; mv "$2.new" "$2"';
  const child = spawn("bash", ["-c", held, "bash", at(`${job.id}.sh`), at(`${job.id}.exit`)], {
    cwd: options.chdir,
    env,
    detached: true,
    stdio: [...streams, options.error === options.output ? streams[1] : openSync(file("error"), "w")],
  });
  child.unref();
  job.pid = child.pid;
  job.state = "RUNNING";
}

function end(job, state, code) {
  Object.assign(job, { state, code, over: true, lag: settings.lag ?? 0 });
  try {
    process.kill(-job.pid, "SIGKILL");
  } catch {
    // It has ended, or never began.
  }
}

function sacct() {
  if (settings.accounts === false) return fail("Slurm accounting storage is disabled");
  const [noheader, parsable, format, which = "", ...more] = argv;
  const fields = "--format=JobIDRaw,State,ExitCode,Elapsed,TotalCPU,MaxRSS,NodeList,JobName,Comment";
  if (noheader !== "--noheader" || parsable !== "--parsable2" || format !== fields || more.length > 0)
    return fail("this fake knows one way to be asked");
  const ids = /^--jobs=([\d,]+)$/.exec(which)?.[1]?.split(",");
  if (!ids && !/^--starttime=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(which))
    return fail(`unrecognized option '${which}'`);
  for (const job of cluster.jobs) {
    if (ids && !ids.includes(job.id)) continue;
    const lags = job.lag > 0;
    if (lags) job.lag -= 1;
    const [state, code] = lags
      ? ["RUNNING", 0]
      : [job.state === "CANCELLED" ? "CANCELLED by 1000" : job.state, job.code];
    const comment = settings.comments === false ? "" : job.comment;
    console.log(`${job.id}|${state}|${code}:0|00:00:01|00:00.010||node1|${job.name}|${comment}`);
    if (!lags) console.log(`${job.id}.batch|${state}|${code}:0|00:00:01|00:00.010|1024K|node1|batch|`);
  }
  write("cluster.json", cluster);
}

function scancel() {
  const [quiet, id] = argv;
  if (quiet !== "--quiet") return fail("this fake knows one way to be asked");
  const job = cluster.jobs.find((one) => one.id === id);
  if (job && !job.over) end(job, "CANCELLED", 0);
  write("cluster.json", cluster);
}
