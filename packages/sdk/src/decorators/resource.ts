/** `@resource`: declares a class of resources, in legacy and TC39 decorators alike. */
import { setResource } from "../metadata/store.js";
import type { ResourceClass } from "../resource.js";
import { refuseOldDecorators } from "./refuse-old-decorators.js";

/** Declares a resource: tasks get the one instance of their thread with `await this.use(Db)`. Bare (`@resource`) or called. */
export function resource<C extends ResourceClass>(target: C, context?: ClassDecoratorContext): void;
export function resource(): <C extends ResourceClass>(target: C, context?: ClassDecoratorContext) => void;
export function resource(target?: unknown): unknown {
  refuseOldDecorators("@resource", target);
  if (typeof target === "function") return setResource(target);
  return (declared: () => void) => {
    refuseOldDecorators("@resource", declared);
    setResource(declared);
  };
}
