/** A flow spec whose types an engine runs. */
import type { FlowSpec } from "millrace/jobs";

export const spec: FlowSpec = {
  label: "hello",
  tasks: [{ key: "a", taskType: "print", taskParams: { msg: "Hello." } }],
};
