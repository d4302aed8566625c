/** `flow serve --http`: who may ask, what can be asked, and what is refused. */
import { statSync } from "node:fs";
import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ErrorDocument, ServeLine } from "@millrace/core";
import { createTestProject, type RunningCommand, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const SOURCE = `
import { Flow, Task, flow, param, task } from "millrace";

@task()
export class Greet extends Task<string> {
  @param() name!: string;
  run(): string {
    return "hello, " + this.name;
  }
}

/** Says hello. */
@flow()
export class Hello extends Flow<string> {
  @param() name!: string;
  @param() since?: Date;
  async run(): Promise<string> {
    const from = await this.waitFor<string>("from");
    return (await this.call(Greet, { name: this.name })) + " from " + from;
  }
}
`;

const TSCONFIG = JSON.stringify({
  compilerOptions: { target: "es2022", module: "nodenext", strict: true, types: ["node"], skipLibCheck: true },
  include: ["src", ".flow/types.d.ts"],
});

let project: TestProject;
let server: RunningCommand;
let url: string;
let token: string;
beforeAll(async () => {
  project = await createTestProject({
    files: { "tsconfig.json": TSCONFIG, "src/flows.ts": SOURCE },
    deadlineMs: 170_000,
  });
  server = project.start(["serve", "--http", "0", "--json"]);
  const line = JSON.parse(await server.line('"listening"')) as Extract<ServeLine, { event: "listening" }>;
  url = line.url;
  token = project.read(".flow/http-token").trim();
}, 60_000);
afterAll(() => project?.remove());

interface Asked {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: documents of several kinds, each of which its test knows
  readonly body: any;
  readonly headers: Headers;
}

async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Asked> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

const get = (path: string): Promise<Asked> => send("GET", path);
const post = (path: string, body?: unknown): Promise<Asked> => send("POST", path, body);
const start = (id: string, more: object = {}): Promise<Asked> =>
  post("/flows/Hello/runs", { params: { name: "Ann" }, id, ...more });

/** The status of a request with exactly these headers. */
function statusWith(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    ask(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once("error", reject)
      .end();
  });
}

/** A stream of events that is open. */
async function listen(path: string): Promise<Response> {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  return response;
}

/** Types of the events of a stream, until it ends. */
async function heardIn(stream: Response): Promise<readonly string[]> {
  const text = await stream.text();
  return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, type = "", data = ""]) => {
    expect(JSON.parse(data).type).toBe(type);
    return type;
  });
}

describe("who may ask", () => {
  test("whoever has the token, which only its owner can read, and which is not printed", async () => {
    expect(statSync(project.path(".flow/http-token")).mode & 0o777).toBe(0o600);
    expect(token.length).toBeGreaterThan(40);
    expect(server.stdout + server.stderr).not.toContain(token);
    expect((await get("/")).status).toBe(200);
    for (const authorization of ["", "Bearer ", `Bearer ${token}x`, `Bearer ${token.slice(1)}`, `Basic ${token}`])
      expect((await send("GET", "/runs", undefined, { authorization })).status, authorization).toBe(401);
  });

  test("no page of the web, whatever it knows: neither by its origin nor by a name that leads here", async () => {
    const authorization = `Bearer ${token}`;
    const { host } = new URL(url);
    expect(await statusWith({ authorization, host })).toBe(200);
    expect(await statusWith({ authorization, host: "rebound.example" })).toBe(403);
    expect(await statusWith({ authorization, host, origin: "https://evil.example" })).toBe(403);
    expect(await statusWith({ authorization, host, origin: url })).toBe(403);
  });
});

describe("what can be asked", () => {
  test("what flows there are, and what they take", async () => {
    const { body } = await get("/flows");
    expect(body).toEqual([
      {
        id: "Hello",
        doc: "Says hello.",
        params: expect.objectContaining({ required: ["name"] }),
        result: "string",
        links: { self: "/flows/Hello", start: "/flows/Hello/runs", runs: "/runs?flow=Hello" },
      },
    ]);
    expect((await get("/flows/Hello/")).body).toEqual(body[0]);
  });

  test("to start a run, to answer it, to hear of it until its end, and what came of it", async () => {
    const started = await start("one", { params: { name: "Ann", since: "2026-01-02T03:04:05.000Z" } });
    expect([started.status, started.body]).toMatchObject([201, { id: "one", flow: "Hello" }]);
    const { links } = started.body;
    const stream = await listen(links.events);
    const sent = await post(links.messages.replace("{name}", "from"), JSON.stringify("Oslo"));
    expect([sent.status, sent.body]).toEqual([202, { run: "one", name: "from" }]);
    const heard = await heardIn(stream);
    expect([heard.includes("step-settled"), heard.at(-1)]).toEqual([true, "run-ended"]);
    const { body } = await get(links.self);
    expect(body.run).toMatchObject({ state: "succeeded", result: "hello, Ann from Oslo", links });
    expect(body.steps.map(({ task, state }: { task: string; state: string }) => [task, state])).toContainEqual([
      "Greet",
      "succeeded",
    ]);
    expect((await get("/runs?flow=Hello&limit=1")).body).toHaveLength(1);
    expect((await get("/runs?flow=Nothing")).body).toEqual([]);
  });

  test("to end a run", async () => {
    await start("ended");
    const { status, body } = await post("/runs/ended/cancel", { reason: "no more" });
    expect([status, body]).toEqual([200, { run: "ended", state: "aborted" }]);
    const { body: shown } = await get("/runs/ended");
    expect(shown.run.error.message).toContain("no more");
  });

  test("to go on with one, as often as it is started under its id", async () => {
    await start("again");
    expect((await start("again")).status).toBe(409);
    expect((await start("again", { ifExists: "attach" })).status).toBe(201);
    expect((await start("again", { ifExists: "attach", params: { name: "Bob" } })).status).toBe(409);
    expect((await post("/runs/again/resume")).status).toBe(409);
    await post("/runs/again/messages/from", JSON.stringify("Bergen"));
  });
});

describe("what is refused, by its name", () => {
  test.each<[string, string, unknown, number, string]>([
    ["GET", "/runs/oen", undefined, 404, "unknown-run"],
    ["GET", "/flows/Helo", undefined, 404, "unknown-flow"],
    ["POST", "/flows/Hello/runs", { params: { nmae: "Ann" } }, 400, "invalid-parameters"],
    ["POST", "/flows/Hello/runs", { params: { name: 5 } }, 400, "invalid-parameters"],
    ["POST", "/flows/Hello/runs", { parms: {} }, 400, "usage"],
    ["POST", "/flows/Hello/runs", { ifExists: "often" }, 400, "usage"],
    ["POST", "/flows/Hello/runs", "{", 400, "usage"],
    ["POST", "/flows/Hello/runs", JSON.stringify({ params: { name: "x".repeat(1 << 20) } }), 400, "usage"],
    ["GET", "/runs?limit=many", undefined, 400, "usage"],
    ["GET", "/nothing", undefined, 404, "usage"],
    ["GET", "/runs/%zz", undefined, 404, "usage"],
  ])("%s %s, case %#", async (method, path, body, status, code) => {
    const asked = await send(method, path, body);
    expect([asked.status, (asked.body as ErrorDocument).error.code]).toEqual([status, code]);
  });

  test("another method, with those that there are", async () => {
    const { status, headers } = await send("DELETE", "/runs");
    expect([status, headers.get("allow")]).toEqual([405, "GET"]);
  });

  test("a body that is not told to be JSON", async () => {
    expect((await send("POST", "/flows/Hello/runs", "{}", { "content-type": "text/plain" })).status).toBe(400);
  });

  test("a message that no wait takes, and one of another type", async () => {
    await start("picky");
    expect((await post("/runs/picky/messages/form", JSON.stringify("x"))).body.error.code).toBe("message-unknown");
    expect((await post("/runs/picky/messages/from", 5)).body.error.code).toBe("message-invalid");
    await post("/runs/picky/messages/from", JSON.stringify("Oslo"));
  });

  test("events of a run that is over", async () => {
    await start("over");
    await post("/runs/over/cancel");
    const { status, body } = await get("/runs/over/events");
    expect([status, body.error.code]).toEqual([409, "run-over"]);
  });

  test("a port that is taken, and a token that can be guessed", async () => {
    await using taken = Object.assign(createServer().listen(0, "127.0.0.1"), {
      [Symbol.asyncDispose]: async () => void taken.close(),
    });
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as AddressInfo;
    const refused = await project.flow("serve", "--http", String(port));
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(`Port ${port} cannot be had`)]);
    const short = await project.start(["serve", "--http", "0"], { env: { MILLRACE_HTTP_TOKEN: "secret" } }).done;
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining("MILLRACE_HTTP_TOKEN is too short")]);
    expect(short.stderr).not.toContain('"secret"');
  });
});

test("it ends with a signal while somebody listens, and its runs go on with the next", async () => {
  await start("left");
  const stream = await listen("/runs/left/events");
  server.kill("SIGTERM");
  expect((await server.done).code).toBe(143);
  await stream.text().catch(() => undefined);
  const next = project.start(["serve", "--json"]);
  await next.line('"run":"left"');
  next.kill("SIGTERM");
  await next.done;
});
