/** Successors as text, one step a line: `Fetch -> Branch[then=Save, otherwise=end]`. */
import { shorten } from "./render-text.js";
import type { Follow, Successors } from "./successors.js";

/** Lines, without a final line end. */
export function renderSuccessors(successors: readonly Successors[]): string {
  const width = Math.max(...successors.map(({ node }) => node.length));
  return successors.map(({ node, follow }) => `${node.padEnd(width)} -> ${followText(follow)}`).join("\n");
}

function followText(follow: Follow): string {
  switch (follow.type) {
    case "step":
      return follow.node;
    case "list":
      return `List[${follow.of.map(followText).join(", ")}]`;
    case "branch": {
      const arms = Object.entries(follow.arms).map(([arm, then]) => `${arm}=${followText(then)}`);
      return `Branch(${shorten(follow.on, 30)})[${arms.join(", ")}]`;
    }
    case "each":
      return `${follow.node}*[${followText(follow.of)}]`;
    case "again":
      return `${follow.node} again`;
    case "call": {
      const into = follow.enters === undefined ? "" : `: ${followText(follow.enters)}`;
      return `call ${follow.name}(${follow.node}${into}; returns to ${follow.returnsTo.join(", ") || "end"})`;
    }
    case "symbolic":
      return `symbolic ${follow.node}{${[...follow.candidates, ...(follow.open ? ["…"] : [])].join(" | ")}}`;
    case "return":
    case "end":
      return follow.type;
  }
}
