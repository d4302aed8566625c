/** Schedules in the build: kept in the manifest with their defaults, refused where they could never be kept. */
import { expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";

async function check(options: string, members = "") {
  await using project = await fixtureProject("pages", {
    "src/scheduled.ts": `import { Flow, defineFlow, flow, param } from "millrace";
@flow({ ${options} }) export class Scheduled extends Flow<string> { ${members} async run() { return "done"; } }
export const twin = defineFlow({ id: "twin", options: { ${options} }, run: async () => "done" });
`,
  });
  const { manifest, diagnostics } = await project.build();
  const lines = project.read("src/scheduled.ts").split("\n");
  return {
    schedules: manifest && [manifest.flows.Scheduled?.schedule, manifest.flows.twin?.schedule],
    options: manifest?.flows.Scheduled?.options,
    errors: diagnostics.flatMap(({ severity, code, message, span }) =>
      severity === "error" ? [{ code, message, at: lines[(span?.line ?? 0) - 1]?.slice((span?.column ?? 0) - 1) }] : [],
    ),
  };
}

test("a schedule stands in the manifest with its defaults, and is no option of steps", async () => {
  const { schedules, options } = await check('schedule: "0 6 * * *", timeout: "1h"', "@param() days = 7;");
  const entry = { cron: "0 6 * * *", timezone: "UTC", overlap: "skip", catchUp: "last" };
  expect(schedules).toEqual([entry, entry]);
  expect(options).toEqual({ timeout: "1h" });
});

test("a flow without one has none", async () => {
  expect((await check("")).schedules).toEqual([undefined, undefined]);
});

test.each([
  ['schedule: "0 6 * *"', 'Option "schedule.cron" is "0 6 * *", which has 4 of the five fields', 'schedule: "0 6'],
  ['schedule: { cron: "0 6 * * *", timezone: "Europe/Olso" }', 'did you mean "Europe/Oslo"?', "timezone:"],
  ['schedule: { cron: "0 6 31 2 *" }', "a time that never comes", "cron:"],
  ['schedule: { cron: "0 6 * * *", overlap: "wait" as "queue" }', 'must be "skip", "queue", "parallel"', "overlap:"],
])("%s is refused where it stands", async (options, message, at) => {
  const { errors } = await check(options);
  // The class and its twin.
  expect(errors).toHaveLength(2);
  expect(errors[0]).toMatchObject({
    code: "option-invalid",
    message: expect.stringContaining(message),
    at: expect.stringMatching(new RegExp(`^${at.replace(/[{"*]/g, "\\$&")}`)),
  });
});

test("nobody gives the parameters of a scheduled flow: a required one is refused, optional ones are not", async () => {
  const { errors } = await check('schedule: "@daily"', "@param() city!: string; @param() days?: number;");
  expect(errors).toEqual([
    {
      code: "option-invalid",
      message: "Scheduled has a schedule, but it cannot start by itself: nobody gives city.",
      at: expect.stringMatching(/^schedule: "@daily"/),
    },
  ]);
});

test("a schedule that is no literal is not known before running", async () => {
  const { errors } = await check("schedule: process.env.WHEN ?? '@daily'");
  expect(errors.map(({ code }) => code)).toEqual(["option-not-literal", "option-not-literal"]);
});
