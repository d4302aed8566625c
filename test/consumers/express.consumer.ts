/** Express: a route starts a flow and answers its result, other requests look at it, a shutdown loses nothing. */

import type { RunningCommand } from "@millrace/testing";
import { expect, it } from "vitest";
import { openWeatherService } from "../packages/weather-service.js";
import { COMMAND, consumerProject } from "./consumer-project.js";

it("an Express app serves a flow, attaches to it, shuts down in the middle and goes on after a restart", async () => {
  const project = await consumerProject("express");
  await project.succeed(COMMAND.flow, ["build"]);
  await project.succeed(COMMAND["tsc-6"]);
  await using weather = await openWeatherService();
  const env = { WEATHER_URL: weather.url, PORT: "0" };

  await using first = project.start("dist/server.js", [], env);
  const url = await address(first);
  expect(await post(`${url}/reports/r1`, { cities: ["Oslo"] })).toEqual([200, { report: "Oslo 4°" }]);
  expect(await get(`${url}/reports/r1`)).toEqual([200, { id: "r1", state: "succeeded" }]);
  expect(await get(`${url}/reports/none`)).toMatchObject([404, { code: "unknown-run" }]);
  expect(await post(`${url}/reports/r2`, { cities: "Oslo" })).toMatchObject([400, { code: "invalid-parameters" }]);

  // Two requests for one id are one run.
  weather.hold("Bergen");
  const both = [1, 2].map(() => post(`${url}/reports/r3`, { cities: ["Oslo", "Bergen"] }));
  await weather.askedFor("Bergen");
  expect(await get(`${url}/reports/r3`)).toEqual([200, { id: "r3", state: "running" }]);
  weather.release("Bergen");
  expect(await Promise.all(both)).toEqual([1, 2].map(() => [200, { report: "Oslo 4°, Bergen 6°" }]));
  expect(weather.asked).toEqual(["Oslo", "Oslo", "Bergen"]);

  weather.hold("Narvik");
  const cut = post(`${url}/reports/r4`, { cities: ["Narvik"] });
  await weather.askedFor("Narvik");
  first.kill("SIGTERM");
  expect(await cut).toMatchObject([503, { code: "run-suspended" }]);
  expect(await first.done).toMatchObject({ code: 0 });

  await using second = project.start("dist/server.js", [], env);
  const again = await address(second);
  await weather.askedFor("Narvik", 2);
  expect(await get(`${again}/reports/r4`)).toEqual([200, { id: "r4", state: "running" }]);
  weather.release("Narvik");
  await second.line(/CityReport succeeded/);
  expect(await get(`${again}/reports/r4`)).toEqual([200, { id: "r4", state: "succeeded" }]);
  second.kill("SIGTERM");
  expect(await second.done).toMatchObject({ code: 0 });
});

async function address(server: RunningCommand): Promise<string> {
  const line = await server.line(/listening on http:/);
  return line.slice(line.indexOf("http:"));
}

async function get(url: string): Promise<readonly [number, unknown]> {
  const response = await fetch(url);
  return [response.status, await response.json()];
}

async function post(url: string, body: object): Promise<readonly [number, unknown]> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return [response.status, await response.json()];
}
