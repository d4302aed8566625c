/** The lists that the tasks of one run add, judged one by one while it goes: two of them must not contradict each other either. */
import { type AddedList, readAddition, relateAdditions } from "./addition.js";
import type { RecordedProject, RecordedTask } from "./recorded-project.js";

/** For whoever runs the tasks of a project. What it takes, foldOutcome takes. */
export class AddedLists {
  #tasks: readonly RecordedTask[];

  /** @param project As it was sent out. */
  constructor({ tasks }: RecordedProject) {
    this.#tasks = tasks;
  }

  /**
   * Takes the list of a task that has succeeded.
   * @returns The tasks: the `tasks` of its value, next to its `code`.
   * @throws MillraceError `project-invalid` with what is wrong with the list, which is then not taken; `unknown-task`.
   */
  take(list: AddedList): readonly object[] {
    const addition = readAddition(this.#tasks, list);
    relateAdditions([addition]);
    this.#tasks = addition.tasks;
    return addition.read.map(({ task: { name, directives } }) => ({ name, ...directives }));
  }
}
