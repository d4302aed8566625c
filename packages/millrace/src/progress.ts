/** `millrace/progress`: the live display of the command line, for programs of one's own. Its libraries load with this door alone. */
export { type ProgressObserver, type ProgressObserverOptions, progressObserver } from "@millrace/cli";
