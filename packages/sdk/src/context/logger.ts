/** What `this.log` is: printf-style lines that belong to a step or a flow body. */

/** Lines go to the run's logs and observers. Format as in `util.format`: `%s %d %i %f %j %o %O %%`. */
export interface Logger {
  debug(message: string, ...args: readonly unknown[]): void;
  info(message: string, ...args: readonly unknown[]): void;
  warn(message: string, ...args: readonly unknown[]): void;
  error(message: string, ...args: readonly unknown[]): void;
}
