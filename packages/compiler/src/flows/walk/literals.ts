/** Object and array literals: what stands under which name, as far as it is known. */
import { type ComputedPropertyName, type Expression, Node } from "ts-morph";
import { unwrap } from "../../calls/resolve-target.js";
import { isCallable } from "../callables.js";
import { ITERATOR_METHODS } from "../implicit-calls.js";
import type { Source } from "../source.js";
import { mergeCounts } from "../state.js";
import type { Value } from "../value.js";
import { join, NOTHING, union } from "../values.js";
import { spreadOf } from "./iterations.js";
import type { Place } from "./place.js";
import { allItemsOf, countOf, project } from "./projections.js";
import type { Walk } from "./walk.js";

/** The literal text of a property name or index; undefined if it is computed. */
export function literalName(node: Node): string | undefined {
  const bare = Node.isExpression(node) ? unwrap(node) : node;
  if (Node.isStringLiteral(bare) || Node.isNoSubstitutionTemplateLiteral(bare)) return bare.getLiteralText();
  if (Node.isNumericLiteral(bare)) return String(bare.getLiteralValue());
  return undefined;
}

/** Symbols of the language are known by the text in brackets. */
function computedName(node: ComputedPropertyName): string | undefined {
  return ITERATOR_METHODS.find((name) => name === node.getText()) ?? literalName(node.getExpression());
}

/** `{ … }`. */
export function objectLiteral(walk: Walk, node: Node, at: Place): Value {
  if (!Node.isObjectLiteralExpression(node)) return NOTHING;
  const props = new Map<string, Value>();
  let rest = NOTHING;
  for (const property of node.getProperties()) {
    if (Node.isPropertyAssignment(property)) {
      const nameNode = property.getNameNode();
      const initializer = property.getInitializer();
      const value = initializer ? walk.evaluate(initializer, at) : NOTHING;
      const name = Node.isComputedPropertyName(nameNode) ? computedName(nameNode) : property.getName();
      if (name === undefined) rest = union([rest, value]);
      else props.set(name.replace(/^(["'])(.*)\1$/, "$2"), value);
    } else if (Node.isShorthandPropertyAssignment(property)) {
      const symbol = property.getValueSymbol();
      const slot = symbol && at.scope.find(symbol);
      props.set(property.getName(), (slot !== undefined && walk.state.slots.get(slot)) || shorthand(walk, property));
    } else if (Node.isSpreadAssignment(property)) {
      const spread = walk.evaluate(property.getExpression(), at);
      rest = spreadInto(walk, { props, rest, spread, expression: property.getExpression() });
    } else if (isCallable(property)) {
      props.set(property.getName(), { ...NOTHING, functions: [{ callable: property, scope: at.scope }] });
    }
  }
  return walk.allocate(node, at, { list: false, props, rest });
}

/** A name that is no local variable: an import or a module's constant. */
function shorthand(walk: Walk, property: Node): Value {
  if (!Node.isShorthandPropertyAssignment(property)) return NOTHING;
  const functions = walk.analysis.callables.ofSymbol(property.getValueSymbol());
  return { ...NOTHING, functions: functions.map((callable) => ({ callable, scope: walk.moduleScope })) };
}

/** Spreads an object: property by property where its type lists them. */
function spreadInto(
  walk: Walk,
  {
    props,
    rest,
    spread,
    expression,
  }: { props: Map<string, Value>; rest: Value; spread: Value; expression: Expression },
): Value {
  const type = expression.getType();
  const listed = type.isObject() || type.isIntersection() ? type.getProperties() : [];
  if (listed.length === 0 || type.getStringIndexType()) return union([rest, walk.state.derive([spread])]);
  for (const property of listed) {
    const name = property.getName();
    const value = project(walk, spread, name);
    const known = props.get(name);
    props.set(name, property.isOptional() && known ? join(known, value) : value);
  }
  return rest;
}

/** `[ … ]`. */
export function arrayLiteral(walk: Walk, node: Node, at: Place): Value {
  if (!Node.isArrayLiteralExpression(node)) return NOTHING;
  const props = new Map<string, Value>();
  let rest: Value | undefined;
  let count: readonly Source[] = [];
  node.getElements().forEach((element, index) => {
    if (Node.isSpreadElement(element)) {
      const list = spreadOf(walk, element, at);
      rest = union([rest ?? NOTHING, allItemsOf(walk, list)]);
      count = mergeCounts(count, countOf(walk, list));
    } else {
      const value = walk.evaluate(element, at);
      // Behind a spread the place of an item is not known any more.
      if (rest === undefined) props.set(String(index), value);
      else rest = union([rest, value]);
    }
  });
  return walk.allocate(node, at, { list: true, props, rest: rest ?? NOTHING, count });
}
