/** `millrace/testing/conformance`: the suites that adapters of the ports have to pass. */
export * from "@millrace/testing/conformance";
