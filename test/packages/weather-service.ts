/** The weather service that the flows of the consumers ask, on loopback; it can keep a city waiting. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The service; closed when it goes out of scope. */
export interface WeatherService extends AsyncDisposable {
  /** For the variable WEATHER_URL. */
  readonly url: string;
  /** Cities asked for, in order. */
  readonly asked: readonly string[];
  /** Lets the answers for a city wait until it is released. */
  hold(city: string): void;
  release(city: string): void;
  /** Resolves when a city has been asked for so many times. */
  askedFor(city: string, times?: number): Promise<void>;
}

/** Degrees of a city: the length of its name. */
export async function openWeatherService(): Promise<WeatherService> {
  const asked: string[] = [];
  const held = new Map<string, ServerResponse[]>();
  const listeners = new Set<() => void>();
  const answer = (response: ServerResponse, city: string): void => void response.end(String(city.length));
  const server = createServer((request, response) => {
    const city = decodeURIComponent((request.url ?? "").slice(1));
    asked.push(city);
    for (const listen of listeners) listen();
    const waiting = held.get(city);
    if (waiting) waiting.push(response);
    else answer(response, city);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Safe: a server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    hold: (city) => void held.set(city, []),
    release: (city) => {
      const waiting = held.get(city) ?? [];
      held.delete(city);
      for (const response of waiting) answer(response, city);
    },
    askedFor: (city, times = 1) =>
      new Promise((resolve) => {
        const listen = (): void => {
          if (asked.filter((one) => one === city).length < times) return;
          listeners.delete(listen);
          resolve();
        };
        listeners.add(listen);
        listen();
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
