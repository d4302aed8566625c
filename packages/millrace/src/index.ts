/** `millrace`: what authors of tasks and flows import. */
export * from "@millrace/sdk";
