/** Advice for tasks that use the network: they mostly wait, and do not say so. */
import { shownWay, walkRunningCode } from "../flows/running-code.js";
import type { Declared } from "../project/declared.js";
import type { Check, CheckFacts, Report } from "./check.js";
import { mayUseNetwork, mentionsNetwork, networkUse } from "./network-use.js";

/** Options by which an author has decided which threads a task is for. */
const DECIDED = ["io", "isolate", "memory"];

/** `network-without-io`. */
export const networkWithoutIo: Check = (all, report) => {
  if (!mentionsNetwork(all.model)) return;
  for (const { declared, options } of all.facts) {
    if (declared.kind === "task" && !DECIDED.some((name) => options.nodes.has(name))) checkTask(declared, all, report);
  }
};

/** The first place is enough: one option mends all of them. */
function checkTask(declared: Declared, { model, callables }: CheckFacts, report: Report): void {
  let found = false;
  walkRunningCode({
    model,
    callables,
    owner: declared,
    wants: (node) => !found && mayUseNetwork(node),
    see(node, way) {
      const what = found ? undefined : networkUse(node, model);
      if (what === undefined) return;
      found = true;
      report({
        code: "network-without-io",
        message: `${declared.className} uses the network (\`${what}\`), and keeps a thread to itself while it waits.`,
        node,
        related: [
          { node: declared.nameNode, message: `${declared.className} is declared here` },
          ...shownWay(declared, way),
        ],
        hint: "Add the option io: true, and up to 64 such steps share a thread; io: false says that it computes as well.",
        data: { task: declared.id, uses: what },
      });
    },
  });
}
