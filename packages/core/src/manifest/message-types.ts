/** What a run may be sent: the names that the waits of its flow and of its sub-flows have, and what each takes. */
import type { MessageType } from "../graph/message-type.js";
import type { Manifest } from "./manifest.js";

/** All that a flow waits for. */
export interface MessageTypes {
  /** By name: the types of its waits; undefined if one of them takes anything. */
  readonly names: ReadonlyMap<string, readonly MessageType[] | undefined>;
  /** Waits of other names are possible: one has a computed name, or a call cannot be known. */
  readonly open: boolean;
}

/** Reads them off the graphs. A flow that is not in the manifest, or has an empty graph, may wait for anything. */
export function messageTypes({ flows }: Pick<Manifest, "flows">, flow: string): MessageTypes {
  const names = new Map<string, MessageType[] | undefined>();
  const seen = new Set<string>();
  let open = false;
  const visit = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const nodes = Object.hasOwn(flows, id) ? (flows[id]?.graph.nodes ?? []) : [];
    if (nodes.length === 0) open = true;
    for (const node of nodes) {
      if (node.kind === "subflow") visit(node.flow);
      if (node.kind === "dynamic") open = true;
      if (node.kind !== "wait") continue;
      if (node.name === undefined) open = true;
      else if (!node.message) names.set(node.name, undefined);
      else if (!names.has(node.name)) names.set(node.name, [node.message]);
      else names.get(node.name)?.push(node.message);
    }
  };
  visit(flow);
  return { names, open };
}
