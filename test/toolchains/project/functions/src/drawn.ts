/** What an abstract base is to functions: one that makes the `run` of several tasks. */
import { origin } from "./origin.js";

export function drawn(figure: string): (p: { readonly size: number }) => Promise<string> {
  return async ({ size }) => `${origin()}: ${figure} of ${size}`;
}
