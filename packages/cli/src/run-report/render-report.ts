/** The report of a run as one HTML page without a script: what it was, its timeline with all about each step, its graph, what it said. */
import {
  clockTime,
  type ErrorSummary,
  errorText,
  formatCount,
  formatDuration,
  type Json,
  type RunHeader,
  stepLabel,
  totalsText,
} from "@millrace/core";
import { escapeXml, PICTURE_CSS } from "@millrace/core/picture";
import picocolors from "picocolors";
import { htmlPage } from "../html/html-page.js";
import { errorTrace, framesOf } from "../output/error-trace.js";
import { localTime, stateText } from "../output/run-text.js";
import { drawAxis, drawBar, drawGrid } from "./draw-timeline.js";
import type { ReportData, ReportedAttempt, ReportedStep, Said } from "./report-data.js";
import { REPORT_CSS } from "./report-style.js";

/** Values longer than that are cut, in characters. */
const MOST_CHARS = 4_000;
const PLAIN = picocolors.createColors(false);

/** The page. @param picture The graph as SVG, or why there is none. */
export function renderReport(data: ReportData, picture: { readonly svg: string } | { readonly none: string }): string {
  const { run, steps } = data;
  const body = `<main>
${headerOf(run, data)}
<h2>Timeline</h2>
${steps.length === 0 ? `<p class="quiet">No step has begun.</p>` : timelineOf(data)}
<h2>Graph</h2>
${"svg" in picture ? `<div class="card picture">${picture.svg}</div>` : `<p class="quiet">${text(picture.none)}</p>`}
${data.said.lines.length === 0 ? "" : `<h2>What the run said</h2>\n${saidOf(data.said, run)}`}
</main>
`;
  const innerCss = "svg" in picture ? [PICTURE_CSS] : [];
  return htmlPage({ title: `${run.flow} ${run.id}`, css: REPORT_CSS, innerCss, body });
}

function headerOf(run: RunHeader, { path }: ReportData): string {
  const took = formatDuration(run.updatedAt - run.startedAt);
  const times = run.resumes === 0 ? "" : `, resumed ${run.resumes === 1 ? "once" : `${run.resumes} times`}`;
  const pathText = `${formatCount(path.keys.size, "step")}, ${formatDuration(path.tookMs)} of ${took}`;
  const facts: readonly (readonly [name: string, markup: string])[] = [
    [
      "state",
      `<span class="state ${kindOf(run.state)}">${text(stateText(run, PLAIN))}</span>${run.message ? `: ${text(run.message)}` : ""}`,
    ],
    ["started", text(`${localTime(run.startedAt)}${times}`)],
    [run.endedAt === undefined ? "latest" : "ended", text(`${localTime(run.updatedAt)}, after ${took}`)],
    ["steps", text(totalsText(run.totals))],
    ...(path.keys.size === 0 ? [] : [["critical path", text(pathText)] as const]),
    ...(run.origin === undefined ? [] : [["file", text(run.origin.file)] as const]),
    ["build", `<code>${text(run.build.slice(0, 16))}</code>`],
  ];
  return `<h1>${text(run.flow)}<small>${text(run.id)}</small></h1>
<dl>${listOf(facts)}</dl>
${run.error ? errorOf(run.error) : ""}
${shownValue("parameters", run.params)}${run.result === undefined ? "" : shownValue("result", run.result)}`;
}

function timelineOf({ run, steps, left, path, scale }: ReportData): string {
  const rest = steps.filter(({ view }) => view.state !== "succeeded").length;
  const filters = [
    ["only-none", `all ${formatCount(steps.length, "step")}`, true],
    ["only-path", `the critical path (${path.keys.size})`, path.keys.size > 0],
    ["only-rest", `what did not succeed (${rest})`, rest > 0],
  ] as const;
  const choices = filters
    .filter(([, , isOffered]) => isOffered)
    .map(
      ([id, words], i) =>
        `<label><input type="radio" name="only" id="${id}"${i === 0 ? " checked" : ""}> ${words}</label>`,
    );
  const more =
    left === 0
      ? ""
      : `<p class="quiet">${formatCount(left, "step")} more: what succeeded fastest is left out. <code>flow show --json ${text(run.id)}</code> has all.</p>`;
  return `<div class="filters">${choices.join("")}</div>
<div class="card timeline">
<div class="behind">${drawGrid(scale)}</div>
<div class="scale"><span></span>${drawAxis(scale)}<span></span></div>
${steps.map((step) => rowOf(step, { path: path.keys, bar: drawBar(step, scale, run.updatedAt) })).join("\n")}
</div>
${more}`;
}

function rowOf(
  step: ReportedStep,
  { path, bar }: { readonly path: ReadonlySet<string>; readonly bar: string },
): string {
  const { view, attempts, said } = step;
  const { key, task, state, source, startedAt, endedAt, params, error, held } = view;
  const kinds = [
    "row",
    kindOf(state),
    ...(path.has(key) ? ["path"] : []),
    ...(source === "restored" ? ["restored"] : []),
  ];
  const took = startedAt === null ? state : endedAt === null ? `${state} …` : formatDuration(endedAt - startedAt);
  const facts: readonly (readonly [string, string])[] = [
    ["state", text(source === null || source === "ran" ? state : `${state}, ${source}`)],
    ...(held === undefined ? [] : [["held by", text(held || "going step by step")] as const]),
    ["task", text(task)],
    ...(startedAt === null ? [] : [["began", text(clockTime(startedAt))] as const]),
    ["key", `<code>${text(key)}</code>`],
  ];
  return `<details class="${kinds.join(" ")}"><summary><span class="name">${text(stepLabel(view))}</span>${bar}<span class="took">${text(took)}</span></summary>
<div class="about"><dl>${listOf(facts)}</dl>${params === null ? "" : shownValue("parameters", params)}${attempts.length > 1 ? attemptsOf(attempts) : ""}${error ? errorOf(error) : ""}${said.lines.length === 0 ? "" : saidOf(said)}</div></details>`;
}

function attemptsOf(attempts: readonly ReportedAttempt[]): string {
  const rows = attempts.map(({ attempt, startedAt, endedAt, error }) => {
    const took = startedAt === null ? "" : formatDuration(endedAt - startedAt);
    const began = startedAt === null ? "" : clockTime(startedAt);
    return `<tr><td>${attempt}</td><td>${began}</td><td>${took}</td><td>${error ? text(errorText(error)) : "succeeded"}</td></tr>`;
  });
  return `<table class="attempts"><tr><th>attempt</th><th>began</th><th>took</th><th>ended</th></tr>${rows.join("")}</table>`;
}

function errorOf(error: ErrorSummary): string {
  return `<pre class="wrong">${text([errorText(error), ...errorTrace(error, { all: false })].join("\n"))}</pre>`;
}

/** @param run Whose own words they are, if it is no step's: `flow logs` has those before. */
function saidOf({ lines, left }: Said, run?: RunHeader): string {
  const before = left === 0 ? [] : [`… ${formatCount(left, "line")} before${run ? `: flow logs ${run.id}` : ""}`];
  const told = lines.map((line) =>
    [`${clockTime(line.at)} ${line.level.padEnd(5)} ${line.text}`, ...framesOf(line, false)].join("\n"),
  );
  return `<pre>${text([...before, ...told].join("\n"))}</pre>`;
}

function shownValue(name: string, value: Json): string {
  const whole = JSON.stringify(value, null, 2);
  const shown = whole.length > MOST_CHARS ? `${whole.slice(0, MOST_CHARS)} …` : whole;
  if (!shown.includes("\n")) return `<dl>${listOf([[name, `<code>${text(shown)}</code>`]])}</dl>`;
  return `<details><summary class="quiet">${name}</summary><pre>${text(shown)}</pre></details>`;
}

function listOf(facts: readonly (readonly [name: string, markup: string])[]): string {
  return facts.map(([name, markup]) => `<dt>${name}</dt><dd>${markup}</dd>`).join("");
}

/** How a state is coloured. */
function kindOf(state: string): string {
  return state === "succeeded" || state === "failed" ? state : "other";
}

/** Text of users, with its line ends. */
function text(words: string): string {
  return words.split("\n").map(escapeXml).join("\n");
}
