/** The reasons of a run's steps for people. */
import { formatCount, stepLabel, type WhyDocument } from "@millrace/core";
import type { Colors } from "./streams.js";
import { tableLines } from "./table.js";

/** Lines of a run's reasons. */
export function whyText({ run, flow, resumes, steps }: WhyDocument, colors: Colors): string {
  const lives = resumes === 0 ? "not resumed: every step ran for the first time" : formatCount(resumes, "resume");
  const rows = steps.map((step) => [
    stepLabel(step),
    step.source === "ran" ? colors.yellow(step.source) : colors.green(step.source),
    step.because,
  ]);
  const table =
    rows.length === 0 ? [] : tableLines([{ title: "STEP" }, { title: "SOURCE" }, { title: "BECAUSE" }], rows);
  return [`${colors.bold(flow)} ${run}  ${lives}`, ...table].join("\n");
}
