/** Light steps that share one thread, one of which dies in its own way. */
import { Flow, flow, param } from "millrace";
import { Broken } from "./broken.js";
import { Culprit, type Death, Neighbour } from "./culprit.js";

/** How a step ended, as the flow tells it. */
export interface End {
  status: string;
  code?: string;
  message?: string;
}

/** One culprit among seven neighbours. */
@flow
export class Together extends Flow<End[]> {
  @param() how!: Death;

  async run(): Promise<End[]> {
    const { how } = this;
    const culprit =
      how === "failed import"
        ? this.attempt(Broken, {}, { io: true })
        : how === "endless loop"
          ? this.attempt(Culprit, { how }, { timeout: 300, grace: 100 })
          : this.attempt(Culprit, { how });
    const neighbours = [1, 2, 3, 4, 5, 6, 7].map((x) => this.attempt(Neighbour, { x }));
    const ends = await Promise.all([culprit, ...neighbours]);
    return ends.map((end) =>
      end.status === "failed"
        ? {
            status: end.status,
            code: (end.error as { code?: string }).code ?? end.error.name,
            message: end.error.message,
          }
        : { status: end.status },
    );
  }
}
