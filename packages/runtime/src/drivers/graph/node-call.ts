/** One node as the driver issues it: its place, the call that it makes, and the unit that this becomes. */
import {
  type ActivationPath,
  type ContainerCommand,
  canonicalHash,
  decodeValue,
  encodeFor,
  type FlowEntry,
  type IdentityInput,
  type JobGraph,
  type JobNode,
  type LocalFunction,
  mergeOptions,
  type ShellCommand,
  stepIdentity,
  subflowPath,
} from "@millrace/core";
import { checkParams } from "../../runs/check-params.js";
import { definedOnly } from "../../runs/defined-only.js";
import type { Body, Opened, RunScope } from "../../runs/run-scope.js";
import { cacheTtl } from "../../steps/task-step-spec.js";
import type { Place, RunHost, Unit, UnitSettled } from "../../steps/unit.js";
import { FlowBody } from "../flow/flow-body.js";
import { LocalStep } from "../flow/local-step.js";
import { SubflowUnit } from "../flow/subflow-unit.js";
import { taskStepIn, taskWork } from "../task-step-in.js";
import { containerCommandOf, shellCommandOf } from "./command-of.js";
import type { LocalFunctions } from "./local-function.js";

/** What the nodes of one body have in common. */
export interface NodeSurroundings {
  readonly scope: RunScope;
  readonly host: RunHost;
  readonly locals: LocalFunctions;
  /** The project's folder, in which commands run. */
  readonly root: string;
  /** Of the body. */
  readonly path: ActivationPath;
  /** Where a node stands in the body. */
  standing(node: JobNode): Pick<Place, "key" | "site" | "node">;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly onSettled: (fact: UnitSettled) => void;
  /** Makes the body of a graph inside the graph. */
  open(graph: JobGraph, place: Place): Body;
}

/** A call that can be issued. */
export interface NodeCall {
  readonly place: Place;
  readonly given: object;
  /** How old a result may be that an equal step of another run shares, ms; undefined if it takes none. */
  readonly sharedTtlMs: number | undefined;
  readonly opens: Opened | undefined;
  make(): Unit;
}

/** What the record is asked with. */
export type DecidedCall = Omit<NodeCall, "make">;

/** What commands go by where tasks do by their ids. */
const [SHELL, CONTAINER] = ["shell", "container"] as const;

/** What a node runs, as a name: id of a task or flow, name of a graph or function. */
export function calleeOf({ id, run }: JobNode): string {
  if ("task" in run) return run.task;
  if ("flow" in run) return run.flow;
  if ("graph" in run) return run.graph.name ?? id;
  if ("local" in run) return run.local;
  return "shell" in run ? SHELL : CONTAINER;
}

/** The place of a node that is given nothing: of one that never begins. */
export function placeOf(node: JobNode, around: NodeSurroundings): Place {
  return placed(node, around, { version: "", fingerprint: "", params: "" });
}

/** The call of a node. @throws MillraceError `invalid-parameters`, `value-not-sendable`. */
export function callOf(node: JobNode, params: object, around: NodeSurroundings): NodeCall {
  const { run } = node;
  if ("graph" in run) return callGraph(node, run.graph, around);
  if ("local" in run) return callLocal(node, run.local, params, around);
  if ("shell" in run) {
    const command = shellCommandOf(node, run.shell, params, around.root);
    return callCommand(node, { kind: SHELL, command, given: { ...params, command: run.shell } }, around);
  }
  if ("container" in run) {
    const command = containerCommandOf(node, run.container, params, around.root);
    return callCommand(node, { kind: CONTAINER, command, given: { ...params, image: run.container } }, around);
  }
  return callCode(node, params, around);
}

function callCode(node: JobNode, params: object, around: NodeSurroundings): NodeCall {
  const { scope, host, onSettled, startedAt } = around;
  const entry = scope.code.resolve(calleeOf(node));
  const options = mergeOptions(entry.options, node.options);
  checkParams(entry, params);
  const given = definedOnly(params);
  const bytes = encodeFor(`a call of ${entry.id} by ${node.id}`, "params", given);
  const identity = {
    version: options.version ?? "",
    fingerprint: entry.fingerprint.hash,
    params: canonicalHash(given),
  };
  const place = placed(node, around, identity);
  const open = (flow: FlowEntry): Body =>
    new FlowBody(scope, flow, { path: subflowPath(place.key), node: place.node, startedAt });
  const beside = node.forever === true;
  const make = (): Unit =>
    entry.kind === "task"
      ? taskStepIn(
          { scope, host, onSettled },
          { place, work: taskWork(entry, scope.code), options, params: bytes, refs: [], beside, ahead: 0 },
        )
      : new SubflowUnit({
          place,
          params: bytes,
          refs: [],
          options,
          open: () => open(entry),
          spent: spentBy(place, scope),
          host,
          onSettled,
        });
  const opens = entry.kind === "flow" ? { flow: entry.id } : undefined;
  return { place, given, sharedTtlMs: cacheTtl(options), opens, make };
}

/** The document stands in the record of the run's start, so that it is no parameter of the node. */
function callGraph(node: JobNode, graph: JobGraph, around: NodeSurroundings): NodeCall {
  const { scope, host, onSettled } = around;
  const { version = "", timeout = graph.timeout } = node.options ?? {};
  const place = placed(node, around, { version, fingerprint: canonicalHash(graph), params: "" });
  const open = (): Body => around.open(graph, place);
  const options = timeout === undefined ? {} : { timeout };
  const spent = spentBy(place, scope);
  const make = (): Unit =>
    new SubflowUnit({ activation: "graph", place, refs: [], options, open, spent, host, onSettled });
  return { place, given: {}, sharedTtlMs: undefined, opens: { graph }, make };
}

function spentBy({ key }: Place, { past }: RunScope): (now: number) => number | undefined {
  return (now) => past.spentIn(key, now);
}

function callLocal(node: JobNode, name: string, params: object, around: NodeSurroundings): NodeCall {
  return callHere(node, (given, context) => around.locals.get(name)?.(given, context), params, around);
}

/** The call of a function on this thread. @throws MillraceError `value-not-sendable`. */
export function callHere(node: JobNode, fn: LocalFunction, params: object, around: NodeSurroundings): NodeCall {
  const { host, onSettled } = around;
  const bytes = encodeFor(`a call of ${calleeOf(node)} by ${node.id}`, "params", definedOnly(params));
  const { version = "", timeout } = node.options ?? {};
  const place = placed(node, around, { version, fingerprint: "", params: canonicalHash(params) });
  const run = (signal: AbortSignal): unknown => fn(decodeValue(bytes), { signal });
  const make = (): Unit => new LocalStep({ place, host, onSettled }, run, timeout);
  return { place, given: params, sharedTtlMs: undefined, opens: undefined, make };
}

interface CommandCall {
  readonly kind: "shell" | "container";
  readonly command: ShellCommand | ContainerCommand;
  /** As it stands in the graph, so that a project can move. */
  readonly given: object;
}

function callCommand(node: JobNode, { kind, command, given }: CommandCall, around: NodeSurroundings): NodeCall {
  const { scope, host, onSettled, startedAt } = around;
  const { options = {}, forever: beside = false } = node;
  const bytes = encodeFor(`the command of ${node.id}`, "params", command);
  // Hints are for whoever runs it: they change nothing of what it is.
  const counted = Object.fromEntries(Object.entries(given).filter(([name]) => name !== "hints"));
  const identity = { version: options.version ?? "", fingerprint: "", params: canonicalHash(counted) };
  const place = placed(node, around, identity);
  const work = { task: kind, module: "", exportName: "", command: { kind, runStartedAt: startedAt } };
  const make = (): Unit =>
    taskStepIn({ scope, host, onSettled }, { place, work, options, params: bytes, refs: [], beside, ahead: 0 });
  return { place, given: command, sharedTtlMs: cacheTtl(options), opens: undefined, make };
}

function placed(node: JobNode, { path, standing }: NodeSurroundings, identity: Omit<IdentityInput, "task">): Place {
  const task = calleeOf(node);
  return { ...standing(node), body: path, task, identity: stepIdentity({ ...identity, task }) };
}
