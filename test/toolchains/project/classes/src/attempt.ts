/** One attempt of a task in this module's own world: parameters are assigned by the names that the decorators recorded. */
import { paramsOf } from "@millrace/sdk/internal";
import type { ClassOf, ParamsOf, Task } from "millrace";

type Concrete<T> = ClassOf<T> & (new () => T);

export async function attempt<T extends Task<string>>(target: Concrete<T>, params: ParamsOf<T>): Promise<string> {
  const known = paramsOf(target);
  const stranger = Object.keys(params).find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Error(`${target.name} has no parameter ${stranger}: ${known.join(", ")}`);
  return Object.assign(new target(), params).run();
}
