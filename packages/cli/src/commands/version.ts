/** `flow --version`. */
import { createRequire } from "node:module";
import { print } from "../output/streams.js";

/** Prints the version of the command line. */
export function version(): void {
  const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };
  print(version);
}
