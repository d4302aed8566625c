/** Everything that code can throw, by name. */

/** Names of what `throwThing` throws. */
export type Thing = "error" | "string" | "undefined" | "null" | "hostile" | "proxy" | "fields" | "aggregate";

/** Throws the named thing. */
export function throwThing(thing: Thing): never {
  switch (thing) {
    case "error":
      throw new TypeError("the forecast has no hours");
    case "string":
      throw "just a string";
    case "undefined":
      throw undefined;
    case "null":
      throw null;
    case "hostile":
      throw hostile();
    case "proxy":
      throw new Proxy(new Error("never seen"), { get: trap, getPrototypeOf: trap, ownKeys: trap, has: trap });
    case "fields":
      throw Object.assign(new Error("the upload failed", { cause: new RangeError("the disk is full") }), {
        status: 507,
        url: new URL("https://example.org/upload"),
      });
    case "aggregate":
      throw new AggregateError([new Error("Oslo is down"), new TypeError("Bergen is down")], "no city answered");
  }
}

function trap(): never {
  throw new Error("do not look");
}

/** An object that throws at whoever looks at it. */
function hostile(): object {
  return {
    get name() {
      return trap();
    },
    get message() {
      return trap();
    },
    get stack() {
      return trap();
    },
    get cause() {
      return trap();
    },
    get code() {
      return trap();
    },
    get after() {
      return trap();
    },
    get [Symbol.toStringTag]() {
      return trap();
    },
    toString: trap,
    toJSON: trap,
    [Symbol.toPrimitive]: trap,
  };
}
