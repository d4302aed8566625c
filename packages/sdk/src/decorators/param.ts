/** `@param()`: marks a field as parameter, in legacy and TC39 decorators alike. */
import { MillraceError } from "@millrace/core/thread";
import { addLegacyParam, addLegacySchema, addParam, addSchema } from "../metadata/store.js";
import type { StandardSchemaV1 } from "../types/standard-schema.js";
import { refuseOldDecorators } from "./refuse-old-decorators.js";

/** A decorator for fields and accessors, in both conventions. */
export interface ParamDecorator {
  /** TC39 field. */
  (value: undefined, context: ClassFieldDecoratorContext): void;
  /** TC39 auto-accessor. */
  <T, V>(value: ClassAccessorDecoratorTarget<T, V>, context: ClassAccessorDecoratorContext<T, V>): void;
  /** Legacy field, or auto-accessor, which comes with its descriptor; methods have one, too, and are refused. */
  <T>(
    target: object,
    name: string,
    descriptor?: TypedPropertyDescriptor<T> & ([T] extends [(...args: never[]) => unknown] ? never : unknown),
  ): void;
}

/**
 * Marks a field as parameter. Without initialiser it is required, else optional with that default.
 * @param schema Refines what is given, where the code runs: a Standard Schema (Zod, Valibot, ArkType, …) whose input and
 * output are of the field's type. Its output is what the field gets.
 */
export function param(schema?: StandardSchemaV1): ParamDecorator {
  return ((target: unknown, context: unknown): void => {
    refuseOldDecorators("@param()", target);
    const name = typeof context === "string" ? context : (context as { name?: unknown })?.name;
    if (typeof name !== "string") {
      throw new MillraceError("flow-misuse", "@param() stands on a member whose name is no string.", {
        hint: "Parameters are public fields with plain names: @param() city!: string;",
      });
    }
    if (typeof context === "string") {
      const owner = (target as object).constructor;
      addLegacyParam(owner, name);
      if (schema) addLegacySchema(owner, name, schema);
    } else {
      const metadata = (context as ClassFieldDecoratorContext).metadata as Record<PropertyKey, unknown>;
      addParam(metadata, name);
      if (schema) addSchema(metadata, name, schema);
    }
  }) as ParamDecorator;
}
