/** `millrace/engine`: the engine in your own process. */
export * from "@millrace/runtime";
