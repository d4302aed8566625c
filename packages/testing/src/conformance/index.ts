/** Conformance suites of the ports, for Vitest: re-exports by name, nothing else. */
export {};
