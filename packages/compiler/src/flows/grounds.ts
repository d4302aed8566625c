/**
 * What results about a file rest on, beside its own text: what its module means, and what the project as a whole makes of the
 * modules that it leads to: sites, what reaches a step, which classes inherit, what calls name.
 */
import { appendTo } from "@millrace/core";
import type { SourceFile } from "ts-morph";
import type { CallTarget } from "../calls/resolve-target.js";
import type { Ground } from "../project/kept-by-ground.js";
import type { Analysis } from "./analysis.js";
import type { Callable } from "./callables.js";
import type { Invocation } from "./implicit-calls.js";

/** Says what results about a file rest on. */
export type GroundOf = (file: SourceFile) => Ground;

/** Answers for one analysis. */
export function findGrounds(analysis: Omit<Analysis, "report">): GroundOf {
  const { model, callables } = analysis;
  const { modules } = model;
  const files = new Map(model.files.map((file) => [file.compilerNode, file]));
  const parts = partsByFile(analysis);
  const called = calledFiles(analysis);
  const known = new Map<SourceFile, Ground>();

  function groundOf(file: SourceFile): Ground {
    // A set that grows while it is walked: each is met once.
    const met = new Set([file]);
    for (const at of met) {
      for (const tree of modules.importedBy(at.compilerNode)) {
        const imported = files.get(tree);
        if (imported) met.add(imported);
      }
      // Not imported, but their methods run where those of the file are called; or called by their ids.
      for (const other of callables.heirsOf(at)) met.add(other);
      for (const other of called.get(at) ?? []) met.add(other);
    }
    return [...met].flatMap((at) => [modules.meaningOf(at.compilerNode), parts.get(at) ?? ""]);
  }

  return (file) => {
    const ground = known.get(file) ?? groundOf(file);
    known.set(file, ground);
    return ground;
  };
}

/** For each file, what the project as a whole makes of it, as text. */
function partsByFile({ reach, sites, framed }: Omit<Analysis, "report">): ReadonlyMap<SourceFile, string> {
  const parts = new Map<SourceFile, unknown[]>();
  const add = (node: Invocation | Callable, ...part: readonly unknown[]): void =>
    appendTo(parts, node.getSourceFile(), [node.getPos(), node.getEnd(), ...part]);
  for (const [node, site] of sites) {
    const target = reach.calls.get(node as Parameters<typeof reach.calls.get>[0])?.target; // what is no call has none
    add(node, site, framed.has(node), reach.procedures.has(node), target && described(target));
  }
  for (const callable of reach.reaching) add(callable);
  return new Map([...parts].map(([file, own]) => [file, JSON.stringify(own)]));
}

function described({ type, candidates, open, reason }: CallTarget): unknown {
  return [type, candidates.map(({ id, kind }) => [id, kind]), open, reason];
}

/** For each file, those in which what it calls is declared. */
function calledFiles({ reach }: Omit<Analysis, "report">): ReadonlyMap<SourceFile, ReadonlySet<SourceFile>> {
  const called = new Map<SourceFile, Set<SourceFile>>();
  for (const [node, { target }] of reach.calls) {
    const own = called.get(node.getSourceFile()) ?? new Set();
    called.set(node.getSourceFile(), own);
    for (const { form } of target?.candidates ?? []) own.add(form.node.getSourceFile());
  }
  return called;
}
