/**
 * Types that tie a class to its parameters and result. `flow build` augments each class with a `[params]` method: the
 * first argument of its last overload is the exact parameter object, the second names the fields seen at build time.
 * Before the first build everything falls back to a partial of the class's public data fields. Classes that `defineTask`
 * and `defineFlow` make have the method from the start.
 */

/** Key under which generated declarations hang the parameters of a class. Never a value. */
export declare const params: unique symbol;

/** The generated pair [parameters, fields seen at build time], or never. Inference reads the last overload. */
type Spec<T> = T extends { [params]?(p: infer P, seen: infer S): void } ? [P, S] : never;

/** Public data members: what parameters can be. */
export type DataKeys<T> = {
  [K in keyof T]-?: K extends string ? (T[K] extends (...args: never[]) => unknown ? never : K) : never;
}[keyof T];

/** The parameter object of a task or flow class instance `T`. */
export type ParamsOf<T> = 0 extends 1 & Spec<T>[0]
  ? { [K in DataKeys<T>]?: T[K] }
  : Spec<T>[0] & { readonly [params]?: never } & { [K in Exclude<DataKeys<T>, Spec<T>[1]>]?: T[K] };

/** What `run` of a task or flow class instance `T` gives. */
export type ResultOf<T> = T extends { run(): infer R } ? Awaited<R> : never;

/** A constructor of tasks or flows; abstract classes included, since subclasses are named by them too. */
// biome-ignore lint/suspicious/noExplicitAny: constructors are compared by their instance alone
export type ClassOf<T> = abstract new (...args: any[]) => T;

/** Parameters as an argument list: optional when every parameter is. */
export type ParamsArgument<T> =
  Record<never, never> extends ParamsOf<T> ? [params?: ParamsOf<T>] : [params: ParamsOf<T>];

/** Flow names → flow classes; filled by generated declarations, so that `engine.start("CityReport", …)` is typed. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface FlowRegistry {}
