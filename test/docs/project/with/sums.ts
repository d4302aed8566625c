/** A flow spec with a job. */
import { flowSpecToFlow, type SpecFlow } from "millrace/jobs";

process.env.CHEM_LIB_EXE = "echo";

export const flow: SpecFlow = flowSpecToFlow({
  label: "sums",
  tasks: [{ key: "three", taskType: "job", taskParams: { jobType: "sum", jobParams: { n: 3 } } }],
});
