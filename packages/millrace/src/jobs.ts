/** `millrace/jobs`: the front ends beside classes and functions. */
export * from "@millrace/jobs";
