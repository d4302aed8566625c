/** Every code that a diagnostic can carry, with its severity and its one meaning. Each has a page in `docs/diagnostics`. */

/** `error` stops the build, `warning` does not, `hint` is advice. */
export type Severity = "error" | "warning" | "hint";

/** What is known of a code before anything is found. */
export interface DiagnosticKind {
  readonly severity: Severity;
  /** One sentence: what is wrong wherever this is reported. */
  readonly summary: string;
}

/** A code: readable, final. */
export type DiagnosticCode =
  | "await-not-a-step"
  | "awaits-in-sequence"
  | "call-in-task"
  | "call-unreturned"
  | "class-abstract"
  | "class-expression"
  | "computed-step-name"
  | "constraint-invalid"
  | "decorator-mismatch"
  | "definition-invalid"
  | "detached-call"
  | "duplicate-id"
  | "dynamic-node"
  | "emits-unknown"
  | "floating-call"
  | "import-not-loadable"
  | "import-unresolved"
  | "impure-flow-body"
  | "job-include-invalid"
  | "job-invalid"
  | "job-reference-invalid"
  | "job-syntax-error"
  | "job-variable-unset"
  | "module-not-compilable"
  | "name-unresolved"
  | "network-without-io"
  | "not-exported"
  | "nothing-declared"
  | "option-invalid"
  | "option-not-literal"
  | "options-contradict"
  | "param-missing"
  | "param-mistyped"
  | "param-not-public"
  | "param-read-early"
  | "param-unknown"
  | "params-not-listed"
  | "refinement-invalid"
  | "result-unused"
  | "rule-match-async"
  | "rule-unreachable"
  | "sdk-not-found"
  | "shared-unordered"
  | "subflow-cycle"
  | "syntax-error"
  | "task-not-pure"
  | "task-unused"
  | "token-unmatched"
  | "tsconfig-invalid"
  | "undecorated-task"
  | "value-not-sendable";

/** Code → kind. */
export const DIAGNOSTICS: Readonly<Record<DiagnosticCode, DiagnosticKind>> = {
  "await-not-a-step": error("A flow body waits for something that is no step."),
  "awaits-in-sequence": { severity: "hint", summary: "Steps wait for each other without need." },
  "call-in-task": error("A task calls a step."),
  "call-unreturned": { severity: "warning", summary: "A call of a rule leads to no rule that returns." },
  "class-abstract": error("An abstract class is declared as a task or flow."),
  "class-expression": error("A task or flow is a class expression."),
  "computed-step-name": error("The name of a step is not a string literal."),
  "constraint-invalid": error("A doc tag narrows a parameter in a way that cannot be."),
  "decorator-mismatch": error("A decorator stands on a class of another kind."),
  "definition-invalid": error("A definition of a task or flow cannot be read."),
  "detached-call": error("A method of a flow is taken off it."),
  "duplicate-id": error("Two declarations have the same id."),
  "dynamic-node": { severity: "warning", summary: "The build cannot tell what a call runs." },
  "emits-unknown": { severity: "hint", summary: "The types of a rule do not tell which tokens it gives." },
  "floating-call": error("Nobody waits for a step."),
  "import-not-loadable": error("An import leads to a file that Node does not import."),
  "import-unresolved": error("An import leads nowhere."),
  "impure-flow-body": error("A flow body uses something that differs when a run is resumed."),
  "job-include-invalid": error("A job file includes what cannot be included."),
  "job-invalid": error("A job file describes what cannot be run."),
  "job-reference-invalid": error("A job file takes what a result does not have, or what does not fit."),
  "job-syntax-error": error("A job file is not the YAML that jobs are written in."),
  "job-variable-unset": error("A job file uses a variable that has no value."),
  "module-not-compilable": error("The module compiler refuses a module."),
  "name-unresolved": error("A name that the analysis needs stands for nothing."),
  "network-without-io": { severity: "hint", summary: "A task uses the network without `io`." },
  "not-exported": error("A task or flow is not exported by its module."),
  "nothing-declared": { severity: "warning", summary: "The project declares no task and no flow." },
  "option-invalid": error("An option has a name or value that means nothing."),
  "option-not-literal": error("An option of a declaration is not a literal."),
  "options-contradict": { severity: "warning", summary: "An option takes the effect of another one." },
  "param-missing": error("A call lacks a required parameter."),
  "param-mistyped": error("A call gives a parameter a value of another type."),
  "param-not-public": error("A parameter is something that a caller cannot give."),
  "param-read-early": error("A parameter is read before it is assigned."),
  "param-unknown": error("A call gives a parameter that does not exist."),
  "params-not-listed": error("The parameters of a function cannot be listed."),
  "refinement-invalid": error("What refines a parameter is no schema of its type."),
  "result-unused": { severity: "hint", summary: "Nobody would miss a step." },
  "rule-match-async": error("The `match` of a rule does not answer at once."),
  "rule-unreachable": { severity: "warning", summary: "A rule matches no token that there may be." },
  "sdk-not-found": error("The SDK cannot be resolved."),
  "shared-unordered": { severity: "warning", summary: "Steps in no order set the same key of shared state." },
  "subflow-cycle": error("Flows call each other without end."),
  "syntax-error": error("A file does not parse."),
  "task-not-pure": { severity: "warning", summary: "A task that is declared pure reads more than its parameters." },
  "task-unused": { severity: "hint", summary: "Nothing calls or starts a task." },
  "token-unmatched": { severity: "warning", summary: "A rule set has a token that no rule matches." },
  "tsconfig-invalid": error("The TypeScript configuration cannot be read."),
  "undecorated-task": error("A class that is called as a step has no decorator."),
  "value-not-sendable": error("A parameter or result does not survive the way to a thread."),
};

function error(summary: string): DiagnosticKind {
  return { severity: "error", summary };
}
