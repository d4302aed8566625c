/**
 * Hands its parameters to an instance, whatever form its class has. Called by the runtime, which does not know the
 * form: fields of a class, one object for a function.
 */
import { paramsOf } from "./store.js";

/** Method by which the classes of the function form take their parameters as one object. */
export const TAKE_PARAMS: unique symbol = Symbol.for("millrace.takeParams");

/** An instance that takes its parameters as one object. */
interface TakesParams {
  [TAKE_PARAMS](params: object): void;
}

const names = new WeakMap<object, readonly string[]>();

/** Gives an instance its parameters. Names that are no parameters of its class are left out. */
export function giveParams(instance: object, params: object): void {
  if (TAKE_PARAMS in instance) {
    (instance as TakesParams)[TAKE_PARAMS](params);
    return;
  }
  // Only declared names: a record of older code must not overwrite a method or a private field of today's.
  for (const name of declaredNames(instance.constructor)) {
    if (Object.hasOwn(params, name)) Reflect.set(instance, name, Reflect.get(params, name));
  }
}

/** Names of the parameters of a class; undefined for the function form, whose types alone know them. */
export function paramNames(target: Parameters<typeof paramsOf>[0]): readonly string[] | undefined {
  return TAKE_PARAMS in target.prototype ? undefined : declaredNames(target);
}

/** Remembered, since threads make an instance for each attempt. */
function declaredNames(target: Parameters<typeof paramsOf>[0]): readonly string[] {
  let known = names.get(target);
  if (!known) {
    known = paramsOf(target);
    names.set(target, known);
  }
  return known;
}
