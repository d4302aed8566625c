/** The examples of the page that flow specs come from, ported as they stand. 7.4.20: one of them was a stub that nobody had run. */
import { flowSpecToFlow, type SnakeFlowSpec, tickFlow } from "@millrace/jobs";
import { expect, it } from "vitest";

/** Ticks a flow as the page does, and gives what it printed. */
async function printedBy(spec: SnakeFlowSpec): Promise<readonly string[]> {
  const printed: string[] = [];
  const flow = flowSpecToFlow(spec);
  while (!["FAILED", "COMPLETED"].includes(flow.status)) await tickFlow(flow, { print: (line) => printed.push(line) });
  expect(flow.errors).toEqual([]);
  return printed;
}

const TASKS = [
  {
    key: "task_1",
    task_type: "print",
    task_params: { msg: "I am task_1." },
  },
  {
    key: "task_2",
    task_type: "print",
    task_params: { msg: "I am task_2." },
  },
];

it("flow_spec: defined, made a flow, ticked until it has failed or completed", async () => {
  expect(await printedBy({ label: "example_flow", tasks: TASKS })).toEqual(["I am task_1.", "I am task_2."]);
});

it("my_flow_spec: with a key, and a configuration", async () => {
  const spec: SnakeFlowSpec = {
    label: "example_flow",
    key: "some-unique-key-12345",
    cfg: {
      fail_fast: false,
    },
    tasks: TASKS,
  };
  expect(await printedBy(spec)).toEqual(["I am task_1.", "I am task_2."]);
  expect(flowSpecToFlow(spec).key).toBe("some-unique-key-12345");
});

it("7.4.20 running flows: what prints nothing prints an empty line, and `foo` is printed by what says it", async () => {
  const tasks = (task_params: object) => [{ key: "say", task_type: "print", task_params: { ...task_params } }];
  expect(await printedBy({ tasks: tasks({ msg: "" }) })).toEqual([""]);
  expect(await printedBy({ tasks: tasks({ msg: "foo" }) })).toEqual(["foo"]);
});
