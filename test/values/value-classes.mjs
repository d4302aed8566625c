/** Value classes for both sides of the round trip: the test and its worker thread register the same ones. */
import { registerValueClass } from "@millrace/core";

/** Own fields only. */
export class Point {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
}

/** A private field, so encode and decode. */
export class Money {
  #cents;
  constructor(cents) {
    this.#cents = cents;
    Object.defineProperty(this, "shown", { value: cents, enumerable: true });
  }
  static encode(money) {
    return { cents: money.#cents };
  }
  static decode(data) {
    return new Money(data.cents);
  }
}

/** An error with a class of its own. */
export class PaymentError extends Error {
  constructor(message, account) {
    super(message);
    this.account = account;
  }
}

registerValueClass("test.point", Point);
registerValueClass("test.money", Money);
registerValueClass("test.payment-error", PaymentError);
