/** `Sequence`: jobs one after the other. It is no job itself: where it is required, its last job is meant. */
import type { AnyJob, JobGroup, Jobs } from "./job-model.js";
import { groupsIn, splitOptions } from "./requirement.js";

/** How a sequence begins. */
export interface SequenceOptions {
  /** What its first job requires. */
  readonly requires?: Jobs;
}

/** Each of its jobs requires the one before it. */
export class Sequence implements JobGroup {
  readonly #groups: JobGroup[] = [];

  /** Jobs and sequences, lists of them; options may stand last. */
  constructor(...given: readonly (Jobs | SequenceOptions)[]) {
    const [groups, { requires } = {}] = splitOptions<SequenceOptions>(given);
    this.append(groups);
    this.requires(requires);
  }

  /**
   * Goes on with further jobs and sequences; where its jobs stand in a scheduler, these do, too.
   * @throws MillraceError `scheduler-invalid` if one belongs to another scheduler.
   */
  append(...jobs: readonly Jobs[]): this {
    for (const group of groupsIn(jobs)) {
      const before = this.lasts();
      before[0]?.scheduler?.add(group);
      firstOf(group)?.requires(before);
      this.#groups.push(group);
    }
    return this;
  }

  /** Its first job waits for others. */
  requires(...jobs: readonly Jobs[]): this {
    const [first] = this.members();
    first?.requires(jobs);
    return this;
  }

  lasts(): readonly AnyJob[] {
    return this.members().slice(-1);
  }

  members(): readonly AnyJob[] {
    return this.#groups.flatMap((group) => group.members());
  }
}

function firstOf(group: JobGroup): AnyJob | undefined {
  return group.members()[0];
}
