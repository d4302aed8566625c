/** A progress bar, and the response of a web server. */
export function draw(...columns: readonly string[]): void {
  process.stderr.write(`${columns.join(" ")}\n`);
}
export function clear(): void {}
export const response = { clear(_attempt: number): void {}, write(_text: string): void {} };
