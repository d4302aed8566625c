/** `fake`: an object in place of a resource, for tasks that a test runs. */
import type { Resource, ResourceClass } from "@millrace/sdk";

/** An object that stands for a resource. */
export interface ResourceFake {
  readonly target: ResourceClass;
  readonly instance: object;
}

/**
 * What `this.use(target)` gives in place of the thread's instance: the object as it is, neither opened nor closed. It has the members that
 * the test needs.
 */
export function fake<T extends Resource>(
  target: ResourceClass<T>,
  instance: { readonly [K in keyof T]?: T[K] },
): ResourceFake {
  return { target, instance };
}
