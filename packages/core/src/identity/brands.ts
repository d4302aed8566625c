/** Branded identity types: made in one place each, so that a plain string is never mistaken for a key. */

declare const brand: unique symbol;
type Branded<B extends string> = string & { readonly [brand]: B };

/** Id of a run: `[A-Za-z0-9][A-Za-z0-9_.-]*`, 1 to 128 characters; also a folder name. */
export type RunId = Branded<"RunId">;
/** A call's name across builds: `owner#callee@receiver[~n]` (see site.ts). */
export type Site = Branded<"Site">;
/** A step's name within its run (see step-key.ts). */
export type StepKey = Branded<"StepKey">;
/** The path of an activation: a flow body or a map item (see step-key.ts). */
export type ActivationPath = Branded<"ActivationPath">;
/** Hash of everything that decides a step's result: task, version, code, parameters (see step-identity.ts). */
export type Identity = Branded<"Identity">;
/** Content hash of a build folder, lower-case hexadecimal. */
export type BuildHash = Branded<"BuildHash">;
