/** Makes the hooks of a definition methods of its class: the runtime asks for them by name, so only those that are there become any. */

const HOOKS = ["onCreate", "onRestart", "onSuccess", "onFailure", "onAbort", "onDestroy"] as const;

/**
 * @param hooks Called with themselves as `this`: first what the hook of a class gets, then what `argumentsOf` says.
 * @param argumentsOf The arguments that the body of the definition has.
 */
export function attachHooks<T extends object>(
  target: new () => T,
  hooks: object,
  argumentsOf: (instance: T) => readonly unknown[],
): void {
  for (const name of HOOKS) {
    const hook: unknown = Reflect.get(hooks, name);
    if (typeof hook !== "function") continue;
    const value = function (this: T, ...first: readonly Error[]): unknown {
      return hook.call(hooks, ...first, ...argumentsOf(this));
    };
    Object.defineProperty(target.prototype, name, { value, configurable: true, writable: true });
  }
}
