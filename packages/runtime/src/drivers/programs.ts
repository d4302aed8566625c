/** The kinds of programs, checked against the code and the limits before anything begins. */
import {
  graphName,
  type JobGraph,
  type RuleSet,
  readJobGraph,
  readRule,
  readRuleSet,
  rootPath,
  rulesName,
} from "@millrace/core";
import type { Code } from "../builds/code.js";
import { checkGraphLimits, checkLimits, checkRuleLimits } from "../runs/check-limits.js";
import { issuesBy } from "../runs/issues-by-schema.js";
import type { Program } from "../runs/program.js";
import type { EngineLimits } from "../steps/admission/limits.js";
import { flowBeginsInThread, graphBeginsInThread } from "./begins-in-thread.js";
import { FlowBody } from "./flow/flow-body.js";
import { GraphBody } from "./graph/graph-body.js";
import type { LocalFunctions } from "./graph/local-function.js";
import { RulesBody } from "./rules/rules-body.js";

/** What programs are made of and run within. */
export interface ProgramSurroundings {
  readonly code: Code;
  readonly limits: EngineLimits;
  /** What `local` nodes can run. */
  readonly locals: LocalFunctions;
  /** The project's folder, in which commands run. */
  readonly root: string;
}

/** A flow, by class or id: its body is the author's code. @throws MillraceError `unknown-flow`, `limit-unmeetable`. */
export function flowProgram(target: unknown, { code, limits }: ProgramSurroundings): Program {
  const entry = code.flow(target);
  const { id, options } = entry;
  checkLimits(entry, code.manifest, limits);
  return {
    id,
    kind: "flow",
    options,
    beginsInThread: () => flowBeginsInThread(entry, code.manifest),
    open: (scope, startedAt) => new FlowBody(scope, entry, { path: rootPath(id), startedAt }),
  };
}

/** A job graph, of a starter or of a record. @throws MillraceError `job-graph-invalid`, `limit-unmeetable`. */
export function readGraphProgram(given: unknown, { code, limits, locals, root }: ProgramSurroundings): Program {
  const graph: JobGraph = readJobGraph(given, { manifest: code.manifest, locals, check: issuesBy });
  checkGraphLimits(graph, code.manifest, limits);
  const { timeout } = graph;
  const id = graphName(graph);
  return {
    id,
    kind: "graph",
    options: timeout === undefined ? {} : { timeout },
    steps: stepsOf(graph),
    beginsInThread: () => graphBeginsInThread(graph, code.manifest),
    open: (scope, startedAt) => new GraphBody({ scope, graph, locals, root, name: id, path: rootPath(id), startedAt }),
  };
}

/** Every node is a step, but those that run graphs. */
function stepsOf({ nodes }: JobGraph): number {
  return nodes.reduce((sum, { run }) => sum + ("graph" in run ? stepsOf(run.graph) : 1), 0);
}

/** A rule set, of a starter or of a record. @throws MillraceError `rules-invalid`, `limit-unmeetable`. */
export function readRulesProgram(given: unknown, { code, limits, locals, root }: ProgramSurroundings): Program {
  const around = { manifest: code.manifest, locals, check: issuesBy };
  const set: RuleSet = readRuleSet(given, around);
  checkRuleLimits(set, code.manifest, limits);
  const { timeout, variables } = set;
  const name = rulesName(set);
  return {
    id: name,
    kind: "rules",
    options: timeout === undefined ? {} : { timeout },
    // Which rules its tokens match is for the body to find out.
    beginsInThread: () => false,
    open: (scope, startedAt) =>
      new RulesBody({
        scope,
        set,
        locals,
        root,
        name,
        path: rootPath(name),
        startedAt,
        readRule: (rule) => readRule(rule, variables, around),
      }),
  };
}
