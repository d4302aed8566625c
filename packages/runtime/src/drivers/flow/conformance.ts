/** Watches over a body that is strict, or whose coverage is asked for: compares what it calls, and when, with its flow's graph (core/src/graph/conformance). */
import {
  BodyCourse,
  BodyTrace,
  type Cause,
  compareCourses,
  type GraphIndex,
  GraphRules,
  type GraphWitness,
  MillraceError,
  type StepKey,
  type TracedCall,
  type Violation,
  violationText,
} from "@millrace/core";

/** What is kept for a graph: many bodies run one flow. */
interface Known {
  readonly rules: GraphRules;
  /** Of strict bodies that have succeeded, the newest last. */
  readonly courses: BodyCourse[];
}

const known = new WeakMap<GraphIndex, Known>();
/** A body is compared with so many others at most. */
const MOST_COURSES = 16;
/** Timers of a test may be replaced later. */
const { setImmediate: afterDelivery } = globalThis;

const FAULTY = "The graph is wrong, not the flow: report it as a bug, with the flow's source.";
const FAULTY_OR_IMPURE =
  "If the body reads what neither its parameters nor its steps give it, such as a variable of its module, that belongs into a step. Else the graph is wrong: report it as a bug, with the flow's source.";

/** The conformance of one body. */
export class Conformance {
  readonly #flow: string;
  readonly #trace: BodyTrace;
  readonly #calls = new Map<StepKey, TracedCall>();
  readonly #known: Known;
  /** Undefined unless the body is strict and has begun. */
  #course: BodyCourse | undefined;
  #cause: Cause | undefined;

  readonly #strict: boolean;

  constructor(flow: string, index: GraphIndex, strict: boolean) {
    this.#strict = strict;
    this.#flow = flow;
    this.#known = known.get(index) ?? { rules: new GraphRules(index), courses: [] };
    known.set(index, this.#known);
    this.#trace = new BodyTrace(this.#known.rules);
  }

  /** The body begins with these parameters. */
  begin(params: object): void {
    if (this.#strict) this.#course = new BodyCourse(params);
  }

  /** A call is about to be issued. Gives what the graph has against it; it counts as issued all the same. */
  issue(key: StepKey, call: TracedCall, given: object): MillraceError | undefined {
    this.#calls.set(key, call);
    this.#course?.issue(call, given);
    const [violation] = this.#trace.issue(call, given, this.#cause);
    return violation && this.#strict ? this.#error(violation, FAULTY) : undefined;
  }

  /** The body asks for what is another in each run: from here on it cannot be compared with others. */
  varies(): void {
    this.#course?.stop();
  }

  /** The body has come to its end. Gives what the graph does not say of how it differs from an earlier one with equal parameters. */
  succeeded(): MillraceError | undefined {
    const { rules, courses } = this.#known;
    const course = this.#course;
    if (!course) return undefined;
    course.succeed();
    const [violation] = courses.flatMap((earlier) => compareCourses(rules, earlier, course));
    courses.push(course);
    if (courses.length > MOST_COURSES) courses.shift();
    return violation && this.#error(violation, FAULTY_OR_IMPURE);
  }

  /** A map is about to run its items. */
  beginMap(node: string, items: number): void {
    this.#trace.beginMap(node, items);
  }

  /** What of the graph the body has shown. */
  witnessed(succeeded: boolean): GraphWitness {
    return this.#trace.witnessed(succeeded);
  }

  /** The body is about to get an outcome: a result or an error. What it issues until nothing moves any more is the effect of it. */
  delivered(key: StepKey, port: Cause["port"], value: unknown): void {
    const call = this.#calls.get(key);
    if (!call) return;
    this.#calls.delete(key);
    const cause: Cause = { ...call, port };
    this.#course?.settle(cause, value);
    this.#trace.settle(cause, value);
    this.#cause = cause;
    afterDelivery(() => {
      if (this.#cause === cause) this.#cause = undefined;
    });
  }

  #error(violation: Violation, hint: string): MillraceError {
    return new MillraceError("graph-violated", `${this.#flow}: ${violationText(violation)}.`, {
      hint: `${hint} Without --strict the run goes on.`,
      data: { flow: this.#flow, ...violation },
    });
  }
}
