/** Public face of the command line as a library: the live progress display. The command itself is `@millrace/cli/bin`. */
export { type ProgressObserver, type ProgressObserverOptions, progressObserver } from "./output/progress-observer.js";
