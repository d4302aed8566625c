/** `@value`: registers a class whose instances can be parameters and results, in legacy and TC39 decorators alike. */
import { registerValueClass } from "@millrace/core/thread";

/** Options of a value class. */
export interface ValueOptions {
  /** Name in stored values. Keep it when the class is renamed or moved. */
  readonly id: string;
}

/** A class whose instances are values: with both `encode` and `decode`, or with neither. */
export interface ValueClassLike {
  // biome-ignore lint/suspicious/noExplicitAny: any constructor, as in ClassOf
  new (...args: any[]): object;
  /** Turns an instance into data that can be sent: needed for private (#) fields and for classes that extend built-ins. */
  encode?(value: never): unknown;
  /** Makes an instance of what `encode` gave. */
  decode?(data: never): object;
}

/**
 * Registers a value class. Without `static encode` and `decode`, the own fields of an instance are stored, and decoding
 * restores them without running the constructor; private (#) fields are no own fields and need the two methods.
 * @throws MillraceError `flow-misuse` if a class of another name has the id.
 */
export function value(
  options: ValueOptions,
): <C extends ValueClassLike>(target: C, context?: ClassDecoratorContext) => void {
  return (target) => {
    // `never` above only makes methods with any parameter type acceptable; the codec calls them with what they made.
    registerValueClass(options.id, target as unknown as Parameters<typeof registerValueClass>[1]);
  };
}
