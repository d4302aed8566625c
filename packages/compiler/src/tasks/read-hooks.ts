/** Which lifecycle hooks a task class or a base of it defines. */
import type { HookName } from "@millrace/core";
import type { ClassDeclaration } from "ts-morph";
import { classChain } from "./class-chain.js";

/** Hooks that a declaration may define in either form, sorted. */
export const HOOKS: readonly HookName[] = ["onAbort", "onCreate", "onDestroy", "onFailure", "onRestart", "onSuccess"];

/** Hooks with a body, sorted; the SDK's own optional declarations do not count. */
export function readHooks(node: ClassDeclaration): readonly HookName[] {
  const chain = classChain(node);
  const defined = HOOKS.filter((hook) =>
    chain.some((owner) => owner.getInstanceMethod(hook)?.hasBody() || owner.getInstanceProperty(hook) !== undefined),
  );
  const lost: readonly HookName[] = chain.some((owner) => owner.getStaticMember("onLost")) ? ["onLost"] : [];
  return [...defined, ...lost].sort();
}
