/** The tasks of the diamond. */
export { Double, Seed, Square, Sum } from "../src/diamond.js";
