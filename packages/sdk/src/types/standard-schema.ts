/**
 * The interface by which validation libraries (Zod, Valibot, ArkType, …) can be used without knowing them:
 * https://standardschema.dev. These types are the whole of it; nothing is imported.
 */

/** A schema of any such library. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    /** Name of the library. */
    readonly vendor: string;
    /** Checks a value; what it gives back may differ from what it was given. */
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    /** Types alone; never set. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a check gives: the value, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing wrong. */
export interface StandardIssue {
  readonly message: string;
  /** From the value inwards; empty or absent for the value itself. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
