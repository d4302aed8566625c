/** A web server on this machine that answers as a test says, and keeps what it was sent. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** One request. */
export interface Sent {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The running server. */
export interface WebServer {
  readonly url: string;
  readonly sent: readonly Sent[];
  /** The request of that number, from 1, once it has come. */
  until(count: number): Promise<Sent>;
}

/** Starts one, until the test has finished. @param answer Gets the number of the request, from 1. */
export async function webServer(answer: (response: ServerResponse, request: number) => void): Promise<WebServer> {
  const sent: Sent[] = [];
  let wake: () => void = () => {};
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    sent.push({ headers: request.headers, body });
    wake();
    answer(response, sent.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  // Safe: it listens on a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks/very-secret`,
    sent,
    async until(count) {
      for (;;) {
        const found = sent[count - 1];
        if (found) return found;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
