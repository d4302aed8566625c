/** A flow spec with tasks of types that the examples give handlers to. */
import { type FlowSpec, flowSpecToFlow, type SpecFlow, type TaskHandler } from "millrace/jobs";

export const spec: FlowSpec = {
  label: "greetings",
  tasks: [
    { key: "ann", taskType: "greet", taskParams: { name: "Ann" } },
    { key: "three", taskType: "countdown", taskParams: { from: 3 } },
  ],
};
export const flow: SpecFlow = flowSpecToFlow(spec);
export const handlers: Readonly<Record<string, TaskHandler>> = { greet: () => undefined, countdown: () => undefined };
