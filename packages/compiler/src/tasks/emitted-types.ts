/** What may follow a firing, read off the type that `next` gives. */
import { type Emits, emitsAnything } from "@millrace/core";
import { type Node, type Type, TypeFlags } from "ts-morph";
import type { SdkSymbols } from "../project/sdk-symbols.js";
import { tokenShapes } from "./token-shapes.js";
import { typeText } from "./type-text.js";

/** What a type says. */
export interface EmittedTypes {
  readonly emits: Emits;
  /** The types of all tokens in it, for those who ask whether these can be recorded. */
  readonly tokens: readonly Type[];
}

/** Reads the awaited result of `next`. */
export function readEmitted(type: Type, at: Node, sdk: SdkSymbols): EmittedTypes {
  const tokens: Type[] = [];
  return { emits: emitsOf(type), tokens };

  function emitsOf(of: Type): Emits {
    if (of.getFlags() & (TypeFlags.Undefined | TypeFlags.Void | TypeFlags.Never)) return END;
    if (of.getFlags() & (TypeFlags.Any | TypeFlags.Unknown)) {
      tokens.push(of);
      return emitsAnything(`its type is ${of.getText()}`);
    }
    if (of.isUnion()) return branchOf(of.getUnionTypes().map(emitsOf));
    if (of.isTuple()) return listOf(of.getTupleElements().map(emitsOf));
    if (of.isArray() || of.isReadonlyArray()) return eachOf(of.getArrayElementType());
    const name = sdk.nameOf(of.getSymbol());
    if (name === "TokenReturn") return { type: "return" };
    if (name === "TokenCall") {
      const [enters, back] = of.getTypeArguments().map(emitsOf);
      return { type: "call", enters: enters ?? END, back: back ?? END };
    }
    return tokenOf(of);
  }

  function tokenOf(of: Type): Emits {
    tokens.push(of);
    const shapes = isOpen(of) ? [] : tokenShapes(of, at);
    if (shapes.length === 0) return { type: "symbolic", reason: `its type is ${typeText(of, at)}` };
    return branchOf(shapes.map((token) => ({ type: "token", token })));
  }

  function eachOf(element: Type | undefined): Emits {
    const of = element ? emitsOf(element) : END;
    return of.type === "end" ? END : { type: "each", of: withoutEnd(of) };
  }
}

const END: Emits = { type: "end" };

/** Without properties of its own, a type tells nothing apart. */
function isOpen(type: Type): boolean {
  return type.getProperties().length === 0;
}

/** One of these; the same arm twice is one arm. Sorted, since the members of a union are in no order that lasts. */
function branchOf(all: readonly Emits[]): Emits {
  const arms = new Map(
    all.flatMap((each) => (each.type === "branch" ? each.arms : [each])).map((each) => [JSON.stringify(each), each]),
  );
  const sorted = [...arms].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, arm]) => arm);
  const [only] = sorted;
  if (!only) return END;
  return sorted.length === 1 ? only : { type: "branch", arms: sorted };
}

function listOf(all: readonly Emits[]): Emits {
  const some = all.filter(({ type }) => type !== "end");
  const [only] = some;
  if (!only) return END;
  return some.length === 1 ? only : { type: "list", of: some };
}

/** Any number of times includes none. */
function withoutEnd(emits: Emits): Emits {
  return emits.type === "branch" ? branchOf(emits.arms.filter(({ type }) => type !== "end")) : emits;
}
