/** The Vitest plugin: re-exports by name, nothing else. */
export {};
