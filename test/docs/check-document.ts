/**
 * YAML, JSON and Liquid blocks, each read and checked by what reads such documents. Marks of those that are a part of one:
 *
 *     <!-- example: laid over base.yaml -->       a part of a job: that file, in project/jobs, has the rest
 *     <!-- example: a node behind index -->       a node of a job graph, which takes something of that one
 *     <!-- example: nightly.json -->              the name of its file, for the commands of the page
 */
import { type Manifest, readJobGraph, readRuleSet, readSettings } from "@millrace/core";
import { compileValidator } from "@millrace/core/validate";
import { buildTasks, checkJobFiles, readPipeline, renderTasks } from "millrace/jobs";
import { type Block, stemOf } from "./read-blocks.js";

/** The project that documents are of. */
export interface DocumentProject {
  readonly root: string;
  readonly manifest: Pick<Manifest, "tasks" | "flows">;
  path(path: string): string;
}

/** Path and text of the file that a block is in the project. */
export function documentFile(block: Block): { readonly path: string; readonly text: string } {
  const [, given] = /^example: (\S+\.json)$/.exec(block.mark ?? "") ?? [];
  if (block.language !== "yaml")
    return { path: given ?? `documents/${stemOf(block)}.${block.language}`, text: block.text };
  const [, named] = /^# (jobs\/\S+)\n/.exec(block.text) ?? [];
  const [, base] = /^example: laid over (\S+)$/.exec(block.mark ?? "") ?? [];
  const include = base === undefined ? "" : `include: [${base}]\n`;
  return { path: named ?? `jobs/${stemOf(block)}.yaml`, text: include + block.text };
}

/** The source of a project is a list of tasks; a job is a mapping. */
function isSource({ text }: Block): boolean {
  return /^(?:#.*\n)*- /.test(text);
}

function isPipeline({ text }: Block): boolean {
  return /^# pipelines\/\S+\/pipeline\.yaml\n/.test(text);
}

/** Whether it belongs to a project of commands; what does not is a file of the project of the examples. */
export function isOfCommands(block: Block): boolean {
  return block.language === "liquid" || isSource(block) || isPipeline(block);
}

/** Checks a block. What is wrong: sentences, or what its reader throws. */
export async function checkDocument(block: Block, project: DocumentProject): Promise<readonly string[]> {
  if (block.language === "json") return checkJson(block, project);
  if (block.language === "liquid") {
    const settings = { threads: 4, samples: [{ id: "one", reads: "one.fq" }] };
    const fileHash = (path: string): string => `hash of ${path}`;
    return checkTasks(await renderTasks(block.text, { settings, file: block.page, fileHash }));
  }
  if (isSource(block)) return checkTasks(block.text);
  if (isPipeline(block)) {
    readPipeline(block.text);
    return [];
  }
  const found = await checkJobFiles([project.path(documentFile(block).path)], project);
  return found.map(({ span, message }) => `${span.line}:${span.column} ${message}`);
}

function checkTasks(text: string): readonly string[] {
  return buildTasks(text).tasks.length > 0 ? [] : ["It has no tasks."];
}

function checkJson(block: Block, { manifest }: DocumentProject): readonly string[] {
  const [, source] = /^example: a node behind (\w+)$/.exec(block.mark ?? "") ?? [];
  const written: object = JSON.parse(block.text);
  const given = source === undefined ? written : graphAround(written, source);
  const check = (schema: Parameters<typeof compileValidator>[0], value: unknown) => compileValidator(schema)(value);
  const around = { manifest, locals: new Map(), check };
  if ("nodes" in given) readJobGraph(given, around);
  else if ("rules" in given) readRuleSet(given, around);
  else if ("millrace" in given) readSettings(given, block.page);
  else return ["It is neither a job graph nor a rule set nor settings of package.json."];
  return [];
}

function graphAround(node: object, source: string): object {
  const id = "id" in node ? node.id : undefined;
  const nodes = [{ id: source, run: { shell: "true" } }, node];
  return { version: 1, name: "example", nodes, edges: [{ from: source, to: id }] };
}
