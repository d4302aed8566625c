/** `millrace/testing`: tests of tasks and flows through the real engine. */
export * from "@millrace/testing";
