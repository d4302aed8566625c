/** The report of docs/testing.md and others. */
export { CityReport, Fetch, Render } from "../src/cities.js";

export const cities: string[] = ["Oslo", "Bergen"];
