/** `millrace/vitest`: the Vitest plugin. */
export * from "@millrace/testing/vitest";
