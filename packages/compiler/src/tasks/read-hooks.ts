/** Which lifecycle hooks a task class or a base of it defines. */
import type { HookName } from "@millrace/core";
import { type ClassDeclaration, ts } from "ts-morph";
import { classChain } from "./class-chain.js";

/** Hooks that a declaration may define in either form, sorted. */
export const HOOKS: readonly HookName[] = ["onAbort", "onCreate", "onDestroy", "onFailure", "onRestart", "onSuccess"];

/** Hooks with a body, sorted; the SDK's own optional declarations do not count. */
export function readHooks(node: ClassDeclaration): readonly HookName[] {
  const members = classChain(node).flatMap(({ compilerNode }) => compilerNode.members);
  const names = (isStatic: boolean): readonly (string | undefined)[] =>
    members.filter((member) => isDefined(member) && hasStatic(member) === isStatic).map(({ name }) => name?.getText());
  const own = names(false);
  const lost: readonly HookName[] = names(true).includes("onLost") ? ["onLost"] : [];
  return [...HOOKS.filter((hook) => own.includes(hook)), ...lost].sort();
}

function isDefined(member: ts.ClassElement): boolean {
  return !ts.isMethodDeclaration(member) || member.body !== undefined;
}

function hasStatic(member: ts.ClassElement): boolean {
  return (
    ts.canHaveModifiers(member) && (member.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)
  );
}
