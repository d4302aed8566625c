// One life of a run of a random body, in a process of its own that a failpoint may kill. Argument: a LifeRequest of lives.ts, as JSON.
// Writes what its bodies say to the trace file, with a line `ack <key>` for each outcome that the engine has announced, and prints how it ended.
import { appendFileSync } from "node:fs";
import { openEngine, openSqliteStore } from "millrace/engine";

const {
  run: id,
  program,
  executor,
  store: kind,
  until,
  accept,
  trace,
  messages,
  breakpoints,
} = JSON.parse(process.argv[2]);
const cwd = process.cwd();

/** The planted fault: what is appended is acknowledged first, and written a few turns of the event loop later. */
function hasty(durable) {
  let written = Promise.resolve();
  return new Proxy(durable, {
    get(target, name) {
      if (name === "append")
        return async (batches) => {
          written = written.then(async () => {
            for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
            await durable.append(batches);
          });
        };
      const value = target[name];
      return typeof value !== "function"
        ? value
        : name === "close" || name === "release"
          ? late(value)
          : value.bind(target);
    },
  });
  function late(method) {
    return (...args) => written.then(() => method.apply(durable, args));
  }
}

const tell = (line) => appendFileSync(trace, `${line}\n`);
globalThis.trace = tell;
const durable = await openSqliteStore({ dir: `${cwd}/.flow` });
const store = kind === "hasty" ? hasty(durable) : durable;
const teller = { name: "teller", on: (event) => event.type === "step-settled" && tell(`ack ${event.step.key}`) };
const engine = await openEngine({ cwd, executor, threads: 2, store, observers: [teller] });
const [known] = (await engine.runs()).filter((run) => run.id === id);
const goesOn = known?.state === "running" || known?.state === "suspended";
const run = goesOn
  ? await engine.resume(id, { accept })
  : engine.start("Random", { program }, { id, breakpoints, ifExists: "attach" });

let settled = 0;
let closed;
for await (const event of run.events()) {
  // One that holds is let go by somebody outside.
  if (event.type === "step-held") void letGo();
  if (event.type !== "step-settled") continue;
  const message = messages[settled++];
  // To a run that ends meanwhile it comes too late.
  if (message) void run.send(message.name, message.data).catch(() => {});
  if (settled === until) closed = engine.close();
}
const { status, reason, value, error } = await run.outcome();
await (closed ?? engine.close());
await store.close();
console.log(JSON.stringify({ status, said: status === "succeeded" ? `=${value}` : (reason ?? error.message) }));

/** Sends it a message as another process would, then takes its breakpoints away. */
async function letGo() {
  const outside = await openEngine({ cwd, executor: "inline", store: durable, observers: [] });
  await outside.send(id, "m1", 5);
  await outside.close();
  await run.unbreak();
}
