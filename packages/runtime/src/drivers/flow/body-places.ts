/** Where the calls of one body stand: key, site, and node of the graph. A strict run refuses what its graph does not allow. */
import {
  type ActivationPath,
  type FlowEntry,
  formatSite,
  type GraphNode,
  type IdentityInput,
  type Site,
  type StepKey,
  stepIdentity,
} from "@millrace/core";
import type { RunScope } from "../../runs/run-scope.js";
import type { Place } from "../../steps/unit.js";
import { type CallPath, CallPaths, chainOf } from "./call-path.js";
import type { Conformance } from "./conformance.js";

/** What is called. */
export interface Asked {
  readonly stamped: Site | undefined;
  /** What the site says if the build has not stamped the call. */
  readonly callee: string;
  readonly task: string;
  readonly identity: IdentityInput;
  readonly given: object;
}

/** One execution of a map. */
export interface MapExecution {
  readonly site: Site;
  readonly key: StepKey;
  /** Frames of its items name it. */
  readonly execution: object;
  /** Node of the graph; undefined if it knows none. */
  readonly node: string | undefined;
  /** Node, or what stands for it. */
  readonly name: string;
}

/** The places of one body. */
export class BodyPlaces {
  readonly #scope: RunScope;
  readonly #entry: FlowEntry;
  readonly #path: ActivationPath;
  readonly #paths: CallPaths;
  readonly #conformance: Conformance | undefined;
  /** How many of such calls there were, by frame and site. */
  readonly #turns = new WeakMap<object, Map<Site, number>>();

  constructor(scope: RunScope, entry: FlowEntry, path: ActivationPath, conformance: Conformance | undefined) {
    this.#scope = scope;
    this.#entry = entry;
    this.#path = path;
    this.#paths = new CallPaths(path);
    this.#conformance = conformance;
  }

  /** The place of a call that is made now. @throws what a strict run refuses. */
  of({ stamped, callee, task, identity, given }: Asked): Place {
    const site = stamped ?? this.#scope.code.unstampedSite(this.#entry, callee);
    const at = this.#paths.current();
    const { path, frame } = at;
    const key = this.#paths.nextKey(path, site);
    const node = this.#node(at, site, task);
    if (node && this.#conformance) {
      const name = key.slice(this.#path.length);
      const violation = this.#conformance.issue(key, { name, node, frames: chainOf(frame) }, given);
      if (violation) this.#scope.refuse(violation);
    }
    return {
      key,
      site,
      node: node?.id ?? this.#nodeName(site, task),
      body: this.#path,
      task,
      identity: stepIdentity(identity),
    };
  }

  /** The place of a use of shared state that begins now: no node of the graph, since nothing of it is known before running. */
  ofShared(op: string, key: string | undefined, params: string): Place {
    const callee = key === undefined ? `shared:${op}` : `shared:${op}:${key}`;
    const site = formatSite({ owner: this.#entry.className, callee, receiver: "", n: 1 });
    return {
      key: this.#paths.nextKey(this.#paths.current().path, site),
      site,
      node: `shared.${op}(${key === undefined ? "" : JSON.stringify(key)})`,
      body: this.#path,
      task: op,
      identity: stepIdentity({ task: callee, version: "", fingerprint: "", params }),
    };
  }

  /** The place of a map that begins now. */
  ofMap(stamped: Site | undefined): MapExecution {
    const site = stamped ?? this.#scope.code.unstampedSite(this.#entry, "map");
    const at = this.#paths.current();
    const key = this.#paths.nextKey(at.path, site);
    const execution = {};
    this.#paths.nameExecution(execution, key);
    const node = this.#node(at, site, "map")?.id;
    return { site, key, execution, node, name: node ?? this.#nodeName(site, "map") };
  }

  #node({ frames, frame }: CallPath, site: Site, callee: string): GraphNode | undefined {
    const graph = this.#scope.code.graph(this.#entry.id);
    if (!graph) return undefined;
    const found = graph.find(frames, site, callee);
    if (found.length === 0) this.#scope.unknownSite(this.#entry.id, site);
    return found.length > 1 ? found[this.#turn(frame ?? this, site, found.length)] : found[0];
  }

  /** Of calls that nothing tells apart, the first is taken for the first node within each frame, and so on. */
  #turn(within: object, site: Site, among: number): number {
    const turns = this.#turns.get(within) ?? new Map<Site, number>();
    this.#turns.set(within, turns);
    const turn = turns.get(site) ?? 0;
    turns.set(site, turn + 1);
    return turn % among;
  }

  /** What a call is called that no graph knows. */
  #nodeName(site: Site, callee: string): string {
    return this.#scope.code.graph(this.#entry.id) ? site : callee;
  }
}
