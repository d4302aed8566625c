/** A plan for people: counts, then each call with its verdict and the reason. */
import type { PlanDocument, PlannedStep, PlanVerdict } from "@millrace/core";
import { formatCount, stepLabel } from "@millrace/core";
import type { Colors } from "./streams.js";
import { tableLines } from "./table.js";

/** Lines of a plan. */
export function planText({ run, flow, steps, orphans, stops }: PlanDocument, colors: Colors): string {
  const count = (verdict: PlanVerdict): number => steps.filter((step) => step.verdict === verdict).length;
  const ifAny = (verdict: PlanVerdict, words: string): readonly string[] =>
    count(verdict) > 0 ? [`${count(verdict)} ${words}`] : [];
  const counts = [
    `${count("restored")} restored`,
    ...ifAny("cached", "cached"),
    `${count("runs")} to run`,
    ...ifAny("skipped", "skipped"),
    ...ifAny("fails", "to fail"),
    `${count("unknown")} unknown`,
  ].join(", ");
  const head = `${colors.bold(flow)} ${run}  ${counts}`;
  const rows = steps.map((step) => [labelOf(step), verdictText(step.verdict, colors), step.because]);
  const table =
    rows.length === 0 ? [] : tableLines([{ title: "STEP" }, { title: "VERDICT" }, { title: "BECAUSE" }], rows);
  const lost =
    orphans.length === 0
      ? []
      : [`${formatCount(orphans.length, "record")} that nothing asks for: ${orphans.join(", ")}`];
  return [head, ...table, ...lost, ...(stops === undefined ? [] : [colors.red(stops)])].join("\n");
}

function labelOf(step: PlannedStep): string {
  return step.key === undefined ? step.node : stepLabel({ key: step.key, node: step.node });
}

function verdictText(verdict: PlanVerdict, colors: Colors): string {
  if (verdict === "restored" || verdict === "cached") return colors.green(verdict);
  if (verdict === "fails") return colors.red(verdict);
  return verdict === "runs" ? colors.yellow(verdict) : colors.dim(verdict);
}
