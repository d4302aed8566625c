/** A cluster that runs commands. */
export declare function submit(command: unknown, options: { readonly signal: AbortSignal }): Promise<string>;
/** The exit code of a job, once it has ended. */
export declare function ended(id: string, options: { readonly signal: AbortSignal }): Promise<number>;
export declare function poll(options: { readonly signal: AbortSignal }): Promise<void>;
