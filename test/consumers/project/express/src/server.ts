/** Flows behind HTTP: POST starts a run and answers its result, GET looks at one. A shutdown interrupts runs, a start goes on with them. */
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler } from "express";
import { isMillraceError } from "millrace";
import { consoleObserver, openEngine, type Run } from "millrace/engine";
import { CityReport } from "./flows/city-report.js";

const engine = await openEngine({ recover: "auto", observers: [consoleObserver()] });
/** Runs that this process has started and that have not ended. */
const live = new Map<string, Run<string>>();

const app = express();

app.post("/reports/:id", express.json(), async (request, response) => {
  const { id } = request.params;
  let run = live.get(id);
  if (!run) {
    run = engine.start(CityReport, request.body, { id });
    live.set(id, run);
    void run.outcome().then(() => live.delete(id));
  }
  response.json({ report: await run.result() });
});

app.get("/reports/:id", async (request, response) => {
  const run = (await engine.runs()).find(({ id }) => id === request.params.id);
  if (run) response.json({ id: run.id, state: run.state });
  else response.status(404).json({ code: "unknown-run" });
});

const STATUS: Readonly<Record<string, number>> = {
  "invalid-parameters": 400,
  "run-exists": 409,
  "run-suspended": 503,
  "engine-closed": 503,
};

const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
  const code = isMillraceError(error) ? error.code : "internal";
  response.status(STATUS[code] ?? 500).json({ code, message: String(error) });
};
app.use(answerError);

const server = app.listen(Number(process.env.PORT), "127.0.0.1", () => {
  // Safe: a server that listens on a port has an address of this kind.
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

process.once("SIGTERM", () => {
  server.close();
  // Runs are interrupted: their requests are answered 503, and the next start goes on with them.
  void engine.close();
});
