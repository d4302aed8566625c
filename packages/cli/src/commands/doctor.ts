/** `flow doctor`. */
import { type DoctorDocument, EXIT, type ExitCode } from "@millrace/core";
import { reached } from "../doctor/attempt.js";
import { readSite } from "../doctor/doctor-site.js";
import { examine } from "../doctor/examine.js";
import { doctorLines } from "../output/doctor-text.js";
import { colorsFor, print, printJson } from "../output/streams.js";
import type { CommonOptions } from "./common-options.js";

/** Looks at the installation and the project, changes nothing, and says what to do about what is not well. */
export async function doctor(options: CommonOptions): Promise<ExitCode> {
  const site = await readSite(options.cwd ?? process.cwd());
  const checks = await examine(site);
  const count = (state: string): number => checks.filter((check) => check.state === state).length;
  const counts = { ok: count("ok"), warnings: count("warning"), problems: count("problem") };
  const root = reached(site.project)?.root ?? null;
  const document: DoctorDocument = { ok: counts.problems === 0, root, checks, counts };
  if (options.json) printJson(document);
  else {
    const columns = Math.min(process.stdout.columns ?? 100, 120);
    print(doctorLines(document, { colors: colorsFor(process.stdout), columns }).join("\n"));
  }
  return document.ok ? EXIT.success : EXIT.usage;
}
