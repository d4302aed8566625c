#!/usr/bin/env node
// A fake of Docker's client, and of the daemon behind it: containers are processes that outlive the client, as files beside this script.
// It knows what the spawner of containers asks for and refuses all else, by name. Images: `echo` says its arguments, and so
// does that of an ancestor's notes, `exit` ends with the first of them, `cat` copies its input, `bash` runs them, `sleep` waits for SIGTERM
// and cleans up, `stubborn` waits and does not hear it.
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const home = dirname(process.argv[1]);
const containers = join(home, "containers");
mkdirSync(containers, { recursive: true });
const argv = process.argv.slice(2);
appendFileSync(join(home, "calls.jsonl"), `${JSON.stringify(argv)}\n`);

const IMAGES = {
  echo: 'printf "%s\\n" "$@"',
  bpmms_uploads_v2: 'printf "%s\\n" "$@"',
  exit: 'echo "last words" >&2; exit "$1"',
  cat: "cat",
  bash: '"$@"',
  sleep: 'trap "echo cleaned; exit 0" TERM; echo up; while :; do sleep 0.01; done',
  stubborn: 'trap "" TERM; echo up; while :; do sleep 0.01; done',
};

const rest = argv[0] === "--host" || argv[0] === "--url" ? argv.slice(2) : argv;
const [verb, ...args] = rest;
if (verb === "ps") ps(args);
else if (verb === "rm") rm(args);
else if (verb === "run") run(args);
else fail(`unknown command "${verb}"`);

function ps([all, quiet, filter, what, ...more]) {
  if (all !== "--all" || quiet !== "--quiet" || filter !== "--filter" || more.length > 0) fail("unknown flags of ps");
  const label = what.replace(/^label=/, "");
  for (const id of readdirSync(containers)) if (read(id).labels.includes(label)) console.log(id);
}

function rm([force, ...ids]) {
  if (force !== "--force") fail("unknown flags of rm");
  for (const id of ids) {
    kill(-read(id).pid, "SIGKILL");
    rmSync(join(containers, id), { force: true });
    console.log(id);
  }
}

function run(given) {
  const options = { label: [], env: [], mount: [] };
  const flags = ["--rm", "--interactive"];
  const values = ["name", "label", "mount", "workdir", "env", "cpus", "memory", "user"];
  let at = 0;
  for (; given[at]?.startsWith("--"); at += 1) {
    if (flags.includes(given[at])) continue;
    const name = given[at].slice(2);
    if (!values.includes(name)) fail(`unknown flag: --${name}`);
    at += 1;
    if (Array.isArray(options[name])) options[name].push(given[at]);
    else options[name] = given[at];
  }
  const [image, ...words] = given.slice(at);
  const script = IMAGES[image.replace(/^.*\//, "").replace(/[:@].*/, "")];
  if (!script) fail(`Unable to find image '${image}' locally`);
  const interactive = given.includes("--interactive");
  // By files, so that the container needs its client for nothing.
  const [out, err] = ["out", "err"].map((name) => join(home, `${options.name}.${name}`));
  const container = spawn("bash", ["-c", script, image, ...words], {
    cwd: options.workdir,
    env: { PATH: process.env.PATH, ...Object.fromEntries(options.env.map((one) => one.split(/=(.*)/s).slice(0, 2))) },
    detached: true,
    stdio: [interactive ? "inherit" : "ignore", openSync(out, "w"), openSync(err, "w")],
  });
  writeFileSync(join(containers, options.name), JSON.stringify({ pid: container.pid, labels: options.label }));
  process.on("SIGTERM", () => kill(container.pid, "SIGTERM"));
  const copied = { [out]: 0, [err]: 0 };
  const copy = () => {
    for (const [path, stream] of [
      [out, process.stdout],
      [err, process.stderr],
    ]) {
      const bytes = readFileSync(path).subarray(copied[path]);
      copied[path] += bytes.length;
      stream.write(bytes);
    }
  };
  const copying = setInterval(copy, 5);
  container.on("exit", (code, signal) => {
    clearInterval(copying);
    copy();
    rmSync(join(containers, options.name), { force: true });
    process.exitCode = signal ? 137 : code;
  });
}

function read(id) {
  return JSON.parse(readFileSync(join(containers, id), "utf8"));
}

function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

function fail(message) {
  console.error(`docker: ${message}`);
  process.exit(125);
}
