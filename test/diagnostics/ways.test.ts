/** The way from a flow to what it may not touch, through every kind of code that runs without being called by name. */
import { expect, test } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";

const CLOCK = `
class Base {
  readonly made = Date.now();
}
class Clock extends Base {
  #zone: string;
  constructor() {
    super();
    this.#zone = process.env.TZ ?? "";
  }
  get hour() {
    return new Date().getHours();
  }
  get zone() {
    return this.#zone;
  }
  set zone(zone: string) {
    this.#zone = zone + Math.random();
  }
  static get shared() {
    return performance.now();
  }
  never() {
    return fetch("http://localhost");
  }
}
`;

const ROWS: readonly (readonly [body: string, ...found: (readonly [uses: string, way: readonly string[]])[]])[] = [
  [
    "return new Clock().zone;",
    ["Date.now", ["Body creates `Clock` here"]],
    ["process.env", ["Body creates `Clock` here"]],
  ],
  ["return String(clock.hour);", ["new Date()", ["Body reads `clock.hour` here"]]],
  ["const { hour: now } = clock; return now;", ["new Date()", ["Body reads `clock` here"]]],
  ['clock.zone = "x"; return 1;', ["Math.random", ["Body sets `clock.zone` here"]]],
  ["return Clock.shared;", ["performance.now", ["Body reads `Clock.shared` here"]]],
  ["return hourOf(clock);", ["new Date()", ["Body calls `hourOf` here", "which reads `at.hour` here"]]],
  ["return clock.zone;"],
  ["return this.step('hour', () => new Clock().hour);"],
];

test.each(ROWS)("%s", async (body, ...expected) => {
  await using project = await fixtureProject("pages", {
    "src/clock.ts": `import { Flow, flow } from "millrace";${CLOCK}
const clock: Clock = undefined as never;
function hourOf(at: Clock) { return at.hour; }
@flow() export class Body extends Flow<unknown> { async run() { ${body} } }
export const mentioned = [clock, hourOf];
`,
  });
  const { diagnostics } = await project.check();
  const found = diagnostics.filter(({ code }) => code === "impure-flow-body");
  expect(found.map(({ data, related }) => [data?.uses, related.map(({ message }) => message)])).toEqual(expected);
});
