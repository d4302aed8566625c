/** Where values go: variables, fields, properties, items, and the patterns of destructuring. */
import { type BindingElement, Node } from "ts-morph";
import { unwrap } from "../../calls/resolve-target.js";
import { derived } from "../source.js";
import type { Value } from "../value.js";
import { join, mapSources, NOTHING, withSources } from "../values.js";
import { chooseBetween } from "./branches.js";
import type { Place } from "./place.js";
import { project } from "./projections.js";
import type { Walk } from "./walk.js";

/** Declares the variables of a binding (a name or a pattern) with their values. */
export function bind(walk: Walk, target: Node, value: Value, at: Place): void {
  if (Node.isIdentifier(target)) {
    const symbol = target.getSymbol();
    if (symbol) walk.setSlot(at.scope.declare(symbol), value);
    return;
  }
  if (Node.isObjectBindingPattern(target)) {
    for (const element of target.getElements()) {
      if (element.getDotDotDotToken()) {
        bind(walk, element.getNameNode(), otherProperties(walk, element, value, at), at);
        continue;
      }
      const nameNode = element.getPropertyNameNode() ?? element.getNameNode();
      const name = Node.isComputedPropertyName(nameNode) ? undefined : nameNode.getText().replace(/^["']|["']$/g, "");
      bind(walk, element.getNameNode(), orDefault(walk, element, project(walk, value, name), at), at);
    }
  } else if (Node.isArrayBindingPattern(target)) {
    target.getElements().forEach((element, index) => {
      if (!Node.isBindingElement(element)) return;
      const part = element.getDotDotDotToken()
        ? restOf(walk, element, value, index, at)
        : orDefault(walk, element, project(walk, value, String(index)), at);
      bind(walk, element.getNameNode(), part, at);
    });
  }
}

/** Assigns to an expression that stands left of `=`. */
export function assign(walk: Walk, target: Node, value: Value, at: Place): void {
  const bare = Node.isExpression(target) ? unwrap(target) : target;
  if (Node.isIdentifier(bare)) {
    const symbol = bare.getSymbol();
    const slot = symbol && at.scope.find(symbol);
    if (slot !== undefined) walk.setSlot(slot, value);
  } else if (Node.isPropertyAccessExpression(bare)) {
    walk.setProperty(walk.evaluate(bare.getExpression(), at), bare.getName(), value, at);
  } else if (Node.isElementAccessExpression(bare)) {
    const argument = bare.getArgumentExpression();
    const literal = argument && (Node.isStringLiteral(argument) || Node.isNumericLiteral(argument));
    const name = literal ? String(argument.getLiteralValue()) : undefined;
    if (argument && !literal) walk.evaluate(argument, at);
    walk.setProperty(walk.evaluate(bare.getExpression(), at), name, value, at);
  } else if (Node.isArrayLiteralExpression(bare)) {
    bare.getElements().forEach((element, index) => {
      if (Node.isSpreadElement(element)) assign(walk, element.getExpression(), walk.state.derive([value]), at);
      else assign(walk, element, project(walk, value, String(index)), at);
    });
  } else if (Node.isObjectLiteralExpression(bare)) {
    for (const property of bare.getProperties()) {
      if (Node.isShorthandPropertyAssignment(property)) {
        const symbol = property.getValueSymbol();
        const slot = symbol && at.scope.find(symbol);
        if (slot !== undefined) walk.setSlot(slot, project(walk, value, property.getName()));
      } else if (Node.isPropertyAssignment(property)) {
        const initializer = property.getInitializer();
        if (initializer) assign(walk, initializer, project(walk, value, property.getName()), at);
      }
    }
  } else if (Node.isBinaryExpression(bare)) {
    // A pattern's default: `[a = 1] = …`.
    assign(walk, bare.getLeft(), join(value, walk.evaluate(bare.getRight(), at)), at);
  }
}

/** The value of a binding with a default, which arrives only if there is none. */
function orDefault(walk: Walk, element: Node, value: Value, at: Place): Value {
  const initializer = Node.isInitializerExpressionGetable(element) ? element.getInitializer() : undefined;
  if (!initializer || !Node.isBindingElement(element)) return value;
  const condition = walk.state.deep(value);
  const text = `${element.getName()} === undefined`;
  const arms = [
    ["then", initializer],
    ["else", undefined],
  ] as const;
  return chooseBetween(walk, element, { condition, text, arms, value: true, absent: value }, at);
}

/** `...others` of an object: property by property where its type lists them. */
function otherProperties(walk: Walk, element: BindingElement, value: Value, at: Place): Value {
  const type = element.getType();
  const listed = type.isObject() || type.isIntersection() ? type.getProperties() : [];
  if (listed.length === 0 || type.getStringIndexType()) return walk.state.derive([value]);
  const props = new Map(listed.map((each) => [each.getName(), project(walk, value, each.getName())]));
  return walk.allocate(element, at, { list: false, props, rest: NOTHING });
}

function restOf(walk: Walk, element: Node, value: Value, index: number, at: Place): Value {
  const props = new Map<string, Value>();
  let rest = mapSources({ ...NOTHING, sources: value.sources }, (s) => ({ ...s, derivation: "derived", path: [] }));
  for (const id of value.refs) {
    const cell = walk.state.cells.get(id);
    for (const [name, prop] of cell?.props ?? []) {
      const place = Number(name) - index;
      if (place >= 0) props.set(String(place), prop);
    }
    if (cell) rest = withSources(join(rest, cell.rest), derived(rest.sources));
  }
  return walk.allocate(element, at, { list: true, props, rest });
}
