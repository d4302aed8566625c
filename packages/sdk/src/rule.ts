/** `Rule`: the base class of rules. It is a task whose parameter is a token and whose result is the tokens that follow. */
import type { Emission, Token } from "@millrace/core";
import { TAKE_PARAMS } from "./metadata/give-params.js";
import {
  callEmitted,
  type Emitted,
  emissionsOf,
  returnEmitted,
  type TokenCall,
  type TokenReturn,
} from "./rules/emitted.js";
import { Task } from "./task.js";
import type { params } from "./types/params.js";

/**
 * A rule on tokens of type `In` that gives tokens of type `Out`. It matches tokens that have the constant properties of `In`
 * (`type: "page"`), and what `when` of its decorator and its own `match` say besides. Every rule that matches a token fires.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see the interface below
export abstract class Rule<In extends object = Token, Out extends object = Token> extends Task<readonly Emission[]> {
  #token: In | undefined;

  // In this way no author sees it among the members of a rule.
  static {
    Object.defineProperty(Rule.prototype, TAKE_PARAMS, {
      value(this: Rule, given: { readonly token: Token }): void {
        this.#token = given.token;
      },
    });
  }

  /** The token of this firing, for the hooks. */
  protected get token(): In {
    return this.#token as In; // given before any hook is called
  }

  /**
   * Whether it fires on a token that the filters let through. Called on the main thread, on an instance that is not running, and again on every
   * resume: it is synchronous, and what it says depends on the token alone.
   */
  match?(token: In): boolean;

  /** The work: gives the tokens that follow. Runs in a thread, with all that a task has. */
  abstract next(token: In): Emitted<Out> | Promise<Emitted<Out>>;

  /** A call: rules on `token` and on what follows from it may return, and `back` follows with what was returned as `returned`. */
  protected call<C extends Out, T extends Out>(token: C, back: T): TokenCall<C, T> {
    return callEmitted(token, back);
  }

  /** Goes back to where the innermost call says. Fails the firing if nothing has been called. */
  protected return(value?: unknown): TokenReturn {
    return returnEmitted(value);
  }

  /** What the engine calls: `next`, with what it gives written down. */
  async run(): Promise<readonly Emission[]> {
    return emissionsOf(await this.next(this.token), this.constructor.name);
  }
}

/** The parameters of a firing; exact without a build. */
// biome-ignore lint/correctness/noUnusedVariables: merged declarations repeat the type parameters
export interface Rule<In extends object, Out extends object> {
  /** What `ParamsOf` reads; never set. */
  [params]?(p: { token: In }, seen: string): void;
}
