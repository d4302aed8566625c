/** Commands on other machines, by SSH: those with a hint `host` run there, the others here. `node programs/ssh.mjs web-1 web-2`. */
import { openEngine } from "millrace/engine";
import { Command, Scheduler, Sequence } from "millrace/jobs";

/** One connection for all commands of a host, which stays for a minute. Passwords are asked for by nobody. */
const CONNECTION = "-o BatchMode=yes -o ControlMaster=auto -o ControlPath=~/.ssh/%C -o ControlPersist=60";

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The same command over there. Its variables go with it: a server takes none from outside. */
function on(host, { command, env, ...rest }) {
  const variables = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}; `);
  return { ...rest, env, command: `exec ssh ${CONNECTION} ${quoted(host)} ${quoted(variables.join("") + command)}` };
}

const engine = await openEngine({
  build: "none",
  commands: (own) => ({
    maxConcurrency: 50,
    spawn(job, signal) {
      const { host } = job.command.hints;
      return own.spawn(host ? { ...job, command: on(host, job.command) } : job, signal);
    },
  }),
});

const revision = new Command("git describe --always", {}, { label: "revision" });
const deployments = process.argv.slice(2).map((host) => {
  const said = { env: { REVISION: revision.result.at("stdout") }, hints: { host } };
  return new Sequence(
    new Command('echo "$REVISION" > revision', said, { label: `copy to ${host}` }),
    // What may not be running is stopped without asking.
    new Command("systemctl stop web || true", { hints: { host } }, { label: `stop ${host}` }),
    new Command("systemctl start web", { hints: { host } }, { label: `start ${host}` }),
  );
});

const outcome = await new Scheduler(revision, deployments).run(engine);
console.log(outcome.list());
await engine.close();
