/** Schedules and their instants. A door of its own: only what reads or keeps schedules loads the cron library. */
export { type ReadSchedule, readSchedule } from "./read-schedule.js";
export { type PastInstants, Timetable } from "./timetable.js";
