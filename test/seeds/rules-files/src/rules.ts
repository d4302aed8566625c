/** A rule of the project that broken rules files are made of. */
import { Rule, rule } from "millrace";

type Row = { type: "row"; label: string; depth: number };

/** Takes rows in. */
@rule()
export class Index extends Rule<Row, never> {
  next(): void {}
}
