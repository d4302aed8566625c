/** Which keys of shared state the code of a task or flow uses: its body, its hooks and the helpers that they run. */
import type { Node } from "ts-morph";
import { mayUseShared, readSharedCall, type SharedCall } from "../calls/shared-calls.js";
import type { Callables } from "../flows/callables.js";
import { walkRunningCode } from "../flows/running-code.js";
import type { Declared } from "../project/declared.js";
import type { ProjectModel } from "../project/model.js";
import { HOOKS } from "./read-hooks.js";

/** Gives the uses of a declaration, in the order of the walk. */
export type SharedUses = (declared: Declared) => readonly SharedCall[];

/** Answers for one analysis; looks at each declaration once, and only when asked. */
export function findSharedUses(model: ProjectModel, callables: Callables): SharedUses {
  const known = new Map<Declared, readonly SharedCall[]>();
  // Whoever has shared state has it from a member of that name.
  const used = model.files.some((file) => file.getFullText().includes("shared"));
  return (declared) => {
    const found = known.get(declared) ?? (used ? usesOf(declared, model, callables) : []);
    known.set(declared, found);
    return found;
  };
}

function usesOf(owner: Declared, model: ProjectModel, callables: Callables): readonly SharedCall[] {
  const uses: SharedCall[] = [];
  walkRunningCode(
    {
      model,
      callables,
      owner,
      wants: mayUseShared,
      see(node) {
        const use = readSharedCall(model, node);
        if (use) uses.push(use);
        return undefined;
      },
    },
    hooksOf(owner, callables),
  );
  return uses;
}

function hooksOf(owner: Declared, callables: Callables): readonly Node[] {
  const { form } = owner;
  if (form.type === "class") return HOOKS.flatMap((hook) => callables.memberOf(owner, hook) ?? []);
  return [form.definition.getProperty("hooks") ?? []].flat();
}
