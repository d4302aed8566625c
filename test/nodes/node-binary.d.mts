/** Major versions, oldest first. */
export declare const NODE_VERSIONS: readonly number[];

/** Absolute path of a Node of a major version. Throws where there is none for this platform. */
export declare function nodeBinary(major: number): string;
