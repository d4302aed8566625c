/** Types of value-classes.mjs, which stays JavaScript so that a plain worker thread can load it. */

/** Own fields only. */
export declare class Point {
  readonly x: unknown;
  readonly y: unknown;
  constructor(x: unknown, y: unknown);
}

/** A private field, so encode and decode. */
export declare class Money {
  readonly shown: number;
  constructor(cents: number);
}

/** An error with a class of its own. */
export declare class PaymentError extends Error {
  readonly account: unknown;
  constructor(message: string, account: unknown);
}
