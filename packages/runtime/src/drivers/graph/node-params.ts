/** The parameters of a node, once the results that they refer to are there. */
import { fillParams, isMillraceError, type JobNode, type MillraceError } from "@millrace/core";
import type { GraphResults } from "./graph-results.js";

/** The parameter object; the error `reference-missing` if a result lacks what is taken of it. @throws what reading damaged results throws. */
export function paramsOf({ id, params = {} }: JobNode, results: Pick<GraphResults, "find">): object | MillraceError {
  try {
    return fillParams(params, { taker: id, find: (from) => results.find(from) });
  } catch (error) {
    if (isMillraceError(error) && error.code === "reference-missing") return error;
    throw error;
  }
}
