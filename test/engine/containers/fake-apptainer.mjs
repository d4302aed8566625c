#!/usr/bin/env node
// A fake of Apptainer's client, and of Singularity's: its containers are processes of its own. It knows what the spawner asks for and refuses
// all else, by name. Like the real ones it lets a shell read the variables if `--no-eval` is not given. Images: `echo` says its arguments,
// `vars` its own variables, `exit` ends with its argument, `bash` runs its arguments, `sleep` waits for SIGTERM and cleans up.
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const [, self, verb, ...given] = process.argv;
appendFileSync(join(dirname(self), "calls.jsonl"), `${JSON.stringify([verb, ...given])}\n`);

const IMAGES = {
  echo: 'printf "%s\\n" "$@"',
  vars: 'for name in "$@"; do printf "%s=%s\\n" "$name" "$(printenv "$name")"; done',
  exit: 'echo "last words" >&2; exit "$1"',
  cat: "cat",
  bash: '"$@"',
  sleep: 'trap "echo cleaned; exit 0" TERM; echo up; while :; do sleep 0.01; done',
};

if (verb !== "exec") fail(`unknown command "${verb}"`);
const flags = ["--cleanenv", "--no-eval", "--no-home", "--nv"];
const values = ["--mount", "--pwd"];
let at = 0;
const options = {};
for (; given[at]?.startsWith("--"); at += 1) {
  const name = given[at];
  if (!flags.includes(name) && !values.includes(name)) fail(`unknown flag: ${name}`);
  options[name] = flags.includes(name) ? true : given[++at];
}
const [image, ...words] = given.slice(at);
const script =
  IMAGES[
    image
      .replace(/^.*\//, "")
      .replace(/[:@].*/, "")
      .replace(/\.sif$/, "")
  ];
if (!script || !(image.startsWith("docker://") || image.endsWith(".sif"))) fail(`could not open image ${image}`);
const prefix = basename(self) === "singularity" ? "SINGULARITYENV_" : "APPTAINERENV_";
const own = Object.entries(process.env).flatMap(([name, value]) =>
  name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
);
const around = options["--cleanenv"] ? { PATH: process.env.PATH } : process.env;
const exports = own.map(([name, value]) => {
  const text = options["--no-eval"] ? `'${value.replaceAll("'", "'\\''")}'` : `"${value}"`;
  return `export ${name}=${text}\n`;
});
const container = spawn("bash", ["-c", `${exports.join("")}${script}`, image, ...words], {
  cwd: options["--pwd"],
  env: around,
  stdio: "inherit",
});
// The signal reaches the group: the container hears it itself.
process.on("SIGTERM", () => {});
container.on("exit", (code, signal) => {
  process.exitCode = signal ? 137 : code;
});

function fail(message) {
  console.error(`FATAL: ${message}`);
  process.exit(255);
}
