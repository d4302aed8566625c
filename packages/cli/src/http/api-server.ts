/** The server: who may ask, what a request is, how an answer goes out. What can be asked is the routes' business. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { jsonImage, MillraceError } from "@millrace/core";
import { errorDocument, knownError } from "../output/report-error.js";
import { isToken } from "./access-token.js";
import { type ApiReply, type ApiRoute, findRoute } from "./api-route.js";
import { statusOf } from "./status-of.js";

/** Longest body of a request, bytes. */
const MOST_BYTES = 1 << 20;
/** A stream of events says that it is alive, ms. */
const ALIVE_MS = 15_000;

/** How it is opened. */
export interface ApiServerOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly token: string;
  readonly routes: readonly ApiRoute[];
}

/** A server that listens. */
export interface ApiServer {
  readonly url: string;
  /** Ends answers that are under way, too. */
  close(): Promise<void>;
}

/** Listens on loopback. @throws MillraceError `usage` if the port cannot be had. */
export async function openApiServer({ port, token, routes }: ApiServerOptions): Promise<ApiServer> {
  const server = createServer((request, response) => {
    void answer(request, response, { token, routes }).catch(() => response.destroy());
  });
  await listen(server, port);
  // Safe: a server that listens on a port has an address of this kind.
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        new MillraceError("usage", `Port ${port} cannot be had: ${cause.message}.`, {
          hint: "Name another port, or 0 for any that is free.",
          data: { port },
          cause,
        }),
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { token, routes }: Pick<ApiServerOptions, "token" | "routes">,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const refused = refusal(request, token);
  if (refused) return send(response, refused);
  const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://127.0.0.1");
  const found = findRoute(routes, request.method, pathname);
  if (!("route" in found)) return send(response, notFound(request, found));
  try {
    const body = await readBody(request);
    const reply = await found.route.answer({ params: found.params, query, body, signal: gone.signal });
    if ("events" in reply) await stream(response, reply.events, gone.signal);
    else send(response, reply);
  } catch (error) {
    const known = knownError(error);
    send(response, { status: statusOf(known.code), body: errorDocument(known) });
  }
}

type Answer = Extract<ApiReply, { readonly status: number }> & { readonly headers?: Readonly<Record<string, string>> };

/** Pages of the web reach loopback, too: they are told by their origin, and by a host that is a name of theirs. */
function refusal({ headers }: IncomingMessage, token: string): Answer | undefined {
  const { host = "", origin, authorization = "" } = headers;
  if (origin !== undefined || !/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host))
    return says(403, "Pages of the web are not served.", "Ask from a program, by the address that `flow serve` tells.");
  if (!isToken(/^Bearer (.+)$/.exec(authorization)?.[1] ?? "", token))
    return says(401, "The request has no token, or another one.", "Send it as `Authorization: Bearer <token>`.");
  return undefined;
}

function notFound({ method }: IncomingMessage, methods: readonly string[]): Answer {
  if (methods.length === 0) return says(404, "There is nothing of this path.", "GET / lists what there is.");
  const allowed = methods.join(", ");
  return {
    ...says(405, `This path takes ${allowed}, not ${method}.`, "GET / lists what there is."),
    headers: { allow: allowed },
  };
}

function says(status: number, message: string, hint: string): Answer {
  return { status, body: errorDocument(new MillraceError("usage", message, { hint })) };
}

/** @throws MillraceError `usage` for what is no JSON, or too long. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST_BYTES) throw new MillraceError("usage", "The body is longer than 1 MiB.", { hint: "Send less." });
    parts.push(part);
  }
  if (size === 0) return undefined;
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? ""))
    throw new MillraceError("usage", "The body is not told to be JSON.", {
      hint: "Send `Content-Type: application/json`.",
    });
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown;
  } catch (cause) {
    throw new MillraceError("usage", `The body is no JSON: ${(cause as Error).message}.`, {
      hint: "Send one value as JSON.",
    });
  }
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
  response.end(`${JSON.stringify(jsonImage(body), null, 2)}\n`);
}

/** One event for each document, named by its type. */
async function stream(
  response: ServerResponse,
  events: AsyncIterable<{ readonly type: string }>,
  gone: AbortSignal,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  // Whoever listens knows from here on that nothing is missed.
  response.flushHeaders();
  const alive = setInterval(() => response.write(": alive\n\n"), ALIVE_MS);
  try {
    for await (const event of events) {
      if (gone.aborted) break;
      const isTaken = response.write(`event: ${event.type}\ndata: ${JSON.stringify(jsonImage(event))}\n\n`);
      if (!isTaken) await drained(response, gone);
    }
  } finally {
    clearInterval(alive);
  }
  response.end();
}

function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  if (gone.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    response.once("drain", resolve);
    gone.addEventListener("abort", () => resolve(), { once: true });
  });
}
