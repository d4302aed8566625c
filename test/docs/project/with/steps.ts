/** The steps of flow bodies, and bodies that a piece of one belongs to. */
import { Flow, param } from "millrace";
import { AskOslo } from "../src/steps.js";

export { Aggregate, AskOslo, Book, Charge, Import, Merge, ReadTable, WatchQuota } from "../src/steps.js";

export const file = "rows.csv";
export const days: readonly string[] = ["Monday", "Tuesday"];
export const account = "main";
export const batches: readonly number[] = [1, 2];
export const question = "Will it rain?";

export abstract class Asking extends Flow<unknown> {
  @param() question = "Will it rain?";
  protected askOthers(question: string): Promise<string> {
    return this.call(AskOslo, { question });
  }
}
