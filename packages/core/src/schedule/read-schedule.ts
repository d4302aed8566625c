/** Reads what an author gives as a schedule: its entry, or everything that is wrong with it. */
import { nearestName } from "../names/nearest-name.js";
import type { OptionIssue } from "../options/merge-options.js";
import type { CatchUp, Overlap, ScheduleEntry } from "./schedule-entry.js";
import { Timetable } from "./timetable.js";

const OVERLAPS: readonly Overlap[] = ["skip", "queue", "parallel"];
const CATCH_UPS: readonly CatchUp[] = ["none", "last", "all"];
const FIELDS: readonly (keyof ScheduleEntry)[] = ["cron", "timezone", "overlap", "catchUp"];

const NICKNAMES = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@hourly"];

/** What came of reading. */
export type ReadSchedule = { readonly entry: ScheduleEntry } | { readonly issues: readonly OptionIssue[] };

/** Reads `"0 6 * * *"`, or `{ cron, timezone, overlap, catchUp }`. */
export function readSchedule(given: unknown): ReadSchedule {
  const fields: unknown = typeof given === "string" ? { cron: given } : given;
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return wrong([["", 'must be a cron expression such as "0 6 * * *", or { cron, timezone, overlap, catchUp }']]);
  }
  const { cron, timezone = "UTC", overlap = "skip", catchUp = "last" } = fields as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(fields).filter((name) => !(FIELDS as readonly string[]).includes(name));
  const issues = [
    ...unknown.map((name): Found => [name, `is no part of a schedule; ${nearOr(name, FIELDS, "its parts are")}`]),
    ...checkCron(cron),
    ...checkTimezone(timezone),
    ...checkChoice("overlap", overlap, OVERLAPS),
    ...checkChoice("catchUp", catchUp, CATCH_UPS),
  ];
  if (issues.length > 0) return wrong(issues);
  // Safe: each has been checked above.
  return { entry: { cron, timezone, overlap, catchUp } as ScheduleEntry };
}

/** Path inside the schedule, and what is wrong. */
type Found = readonly [path: string, message: string];

function wrong(found: readonly Found[]): ReadSchedule {
  return {
    issues: found.map(([path, message]) => ({ path: path === "" ? "schedule" : `schedule.${path}`, message })),
  };
}

function checkCron(cron: unknown): readonly Found[] {
  if (typeof cron !== "string") return [["cron", 'must be a cron expression such as "0 6 * * *"']];
  const fields = cron.trim().split(/\s+/);
  if (cron.startsWith("@")) {
    if (NICKNAMES.includes(cron)) return [];
    return [["cron", `is "${cron}", which is no name of a schedule; ${nearOr(cron, NICKNAMES, "there are")}`]];
  }
  if (fields.length !== 5 && fields.length !== 6) {
    return [
      [
        "cron",
        `is "${cron}", which has ${fields.length} of the five fields: minute, hour, day of month, month, day of week`,
      ],
    ];
  }
  try {
    // Some times never come: the 30th of February. The year is one before a leap year, so that its 29th does.
    if (new Timetable({ cron, timezone: "UTC" }).next(Date.UTC(2027, 0, 1)) !== undefined) return [];
    return [["cron", `is "${cron}", a time that never comes`]];
  } catch (error) {
    return [["cron", `is "${cron}", which cannot be read: ${reasonOf(error)}`]];
  }
}

function checkTimezone(timezone: unknown): readonly Found[] {
  if (typeof timezone !== "string") return [["timezone", 'must be the name of a time zone such as "Europe/Oslo"']];
  try {
    // An empty name would be the machine's own zone.
    if (timezone !== "") new Intl.DateTimeFormat("en", { timeZone: timezone });
    if (timezone !== "") return [];
  } catch {
    // Told below.
  }
  const near = nearestName(timezone, Intl.supportedValuesOf("timeZone"));
  const hint = near === undefined ? 'names are such as "Europe/Oslo" and "UTC"' : `did you mean "${near}"?`;
  return [["timezone", `is "${timezone}", which is no time zone; ${hint}`]];
}

function checkChoice(name: string, given: unknown, choices: readonly string[]): readonly Found[] {
  if (choices.some((choice) => choice === given)) return [];
  const text = typeof given === "string" ? given : "";
  return [[name, `must be ${choices.map((choice) => `"${choice}"`).join(", ")}${suggestion(text, choices)}`]];
}

function suggestion(given: string, known: readonly string[]): string {
  const near = nearestName(given, known);
  return near === undefined ? "" : `; did you mean "${near}"?`;
}

function nearOr(given: string, known: readonly string[], otherwise: string): string {
  const near = nearestName(given, known);
  return near === undefined ? `${otherwise} ${known.join(", ")}` : `did you mean "${near}"?`;
}

/** The library's words without its class's name. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^CronPattern: /, "").replace(/\.$/, "");
}
