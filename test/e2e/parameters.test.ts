/** Names and parameters that do not fit: all of them at once, with path, expected type and value; nothing is started. */

import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askEngine, buildProject } from "./built-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await buildProject();
});
afterAll(async () => {
  const { stdout } = await project.flow("runs", "--json");
  await project.remove();
  expect(JSON.parse(stdout), "runs that a refused start has left").toEqual([]);
});

const SIGNATURE = "{ city: string; days?: number; tags: string[]; where: { lat: number; lon: number } }";

test.each([
  [
    ["run", "Particulr"],
    /error\[unknown-flow\]: There is no flow named "Particulr"\.\n {2}hint: Did you mean "Particular"\?/,
  ],
  [["graph", "Particulr"], /error\[unknown-flow\]: .*"Particulr"\.\n {2}hint: Did you mean "Particular"\?/],
  [["runs", "--jso"], /error\[usage\]: unknown option '--jso'\n\(Did you mean --json\?\)/],
  [["run", "Particular", "--city", "Oslo", "--jsn"], /--jsn is no parameter of this flow; did you mean --json\?/],
  [
    ["run", "Particular", "--citty", "Oslo", "--days", "x", "--where", '{ "lat": "north" }'],
    /error\[invalid-parameters\]: Particular .*\n {2}--citty is no parameter of this flow; did you mean --city\?\n {2}--days: expected number, got "x"\n {2}--city is required: string\n {2}--tags is required: string\[\]\n {2}"where\.lat" must be number, but it is "north"\.\n {2}"where\.lon" is missing; it must be number\.\n {2}hint: `flow run Particular --help`/,
  ],
  [
    ["run", "Particular", "--city", "Oslo", "--tags", "a", "--where", "{ lat: 1 }"],
    /\n {2}--where: expected \{ lat: number; lon: number \}, got "\{ lat: 1 \}", which is no JSON\n/,
  ],
])("flow %j", async (args, message) => {
  const { code, stdout, stderr } = await project.flow(...args);
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test("engine.start of an unknown flow names the nearest", async () => {
  const { error } = await askEngine(project, { start: "Particulr" });
  expect(error).toMatchObject({
    code: "unknown-flow",
    message: expect.stringContaining('"Particulr"') as string,
    hint: expect.stringContaining('Did you mean "Particular"?') as string,
  });
});

test.each([
  [
    "{}",
    [
      '"city" is missing; it must be string.',
      '"tags" is missing; it must be string[].',
      '"where" is missing; it must be { lat: number; lon: number }.',
    ],
  ],
  [
    '{ citty: "Oslo", city: 3, days: "x", tags: ["a", 2], where: { lat: 1 } }',
    [
      '"citty" is no known property; did you mean "city"?',
      '"city" must be string, but it is 3.',
      '"days" must be number, but it is "x".',
      '"tags[1]" must be string, but it is 2.',
      '"where.lon" is missing; it must be number.',
    ],
  ],
  ["null", [`The value must be ${SIGNATURE}, but it is null.`]],
  ["[]", [`The value must be ${SIGNATURE}, but it is [].`]],
])("engine.start with %s tells all mistakes at once", async (params, problems) => {
  const { error, resources, workers } = await askEngine(project, { start: "Particular", params });
  expect(error).toMatchObject({ code: "invalid-parameters", hint: `Particular takes ${SIGNATURE}.` });
  expect(error?.message.split("\n  ").slice(1)).toEqual(problems);
  expect({ workers, resources: resources.after }).toEqual({ workers: 0, resources: resources.before });
});

test("engine.start with a value that cannot be stored names its path", async () => {
  const params = '{ city: "Oslo", tags: [], where: { lat: 1, lon: 2, print() {} } }';
  const { error } = await askEngine(project, { start: "Particular", params });
  expect(error).toMatchObject({
    code: "value-not-sendable",
    message: expect.stringMatching(
      /^In the start of \w+, params\.where\.print is a function and cannot be sent or stored\.$/,
    ),
    data: expect.objectContaining({ path: "params.where.print" }),
  });
});

test("an id that cannot be one", async () => {
  const params = ["--city", "Oslo", "--tags", "a", "--where", '{ "lat": 1, "lon": 2 }'];
  const { code, stderr } = await project.flow("run", "Particular", ...params, "--id", "../x");
  expect(stderr).toMatch(/error\[usage\]: "\.\.\/x" is no id for a run\.\n {2}hint: Use 1 to 128 letters/);
  expect(code).toBe(2);
});
