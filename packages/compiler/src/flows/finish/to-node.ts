/** A draft as a node of the document. */
import { bug, type GraphNode, type NodeBase } from "@millrace/core";
import type { Draft } from "../draft.js";
import { compareText } from "./compare-text.js";
import type { NodeTree } from "./node-tree.js";

/** The document's node. `abandoned`: it may lose a race. */
export function toNode(
  draft: Draft,
  { tree, abandoned }: { readonly tree: NodeTree; readonly abandoned: boolean },
): GraphNode {
  const place = tree.standing(draft);
  const merged = tree.mergedOf(draft);
  const base: NodeBase = {
    id: tree.idOf(draft),
    ...(place.parent ? { parent: tree.idOf(place.parent) } : {}),
    ...(place.arm === undefined ? {} : { arm: place.arm }),
    ...(abandoned ? { abandoned } : {}),
    span: draft.span,
  };
  const { site, frames, detail, kind } = draft;
  const given = detail.inputs === undefined ? {} : { inputs: detail.inputs };
  const sited = site === undefined ? {} : { site, frames, ...given };
  const { name = "", text = "" } = detail;
  switch (kind) {
    case "call":
      return { ...base, kind, ...must(draft), ...given, task: name };
    case "subflow":
      return { ...base, kind, ...must(draft), ...given, flow: name };
    case "procedure":
      return { ...base, kind, ...must(draft), name, ...(merged ? { merged } : {}) };
    case "step":
    case "sleep":
    case "wait":
    case "background":
      return {
        ...base,
        kind,
        ...must(draft),
        ...(detail.name === undefined ? {} : { name: detail.name }),
        ...(detail.message ? { message: detail.message } : {}),
      };
    case "map":
      return {
        ...base,
        kind,
        ...sited,
        mode: detail.mode ?? { type: "parallel" },
        closed: detail.closed ?? { reason: "the callback is not known" },
        over: text,
      };
    case "loop": {
      const carries = [...draft.carries.values()].map((c) => ({
        from: tree.idOf(c.from),
        to: tree.idOf(c.to),
        param: c.param,
      }));
      carries.sort((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to) || compareText(a.param, b.param));
      return { ...base, kind, ...sited, text, ...(detail.recursion ? { recursion: true } : {}), carries };
    }
    case "branch":
      return { ...base, kind, condition: text };
    case "try":
    case "race":
      return { ...base, kind };
    case "dynamic": {
      const { reason = "", candidates = [], open } = detail;
      return { ...base, kind, ...sited, reason, candidates, ...(open ? { open } : {}) };
    }
  }
}

function must(draft: Draft): { site: NonNullable<Draft["site"]>; frames: Draft["frames"] } {
  if (draft.site === undefined) throw bug("a node of a running body has no site", { kind: draft.kind });
  return { site: draft.site, frames: draft.frames };
}
