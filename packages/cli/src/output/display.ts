/** What a command shows of a run while it goes: as much as was asked for, and nothing twice. */
import type { Observer } from "@millrace/core";
import { consoleObserver } from "@millrace/runtime";
import type { DisplayStyle } from "./display-style.js";
import { type ProgressObserver, progressObserver } from "./progress-observer.js";
import { say } from "./streams.js";

/** A display. */
export interface Display extends ProgressObserver {
  /** Says what fails, so that nobody else has to. */
  readonly tells: boolean;
}

/** The display of a command; if nobody asks for one, `live`, unless a `ConsoleLogger` among the observers says the same already. */
export function displayOf(style: DisplayStyle | undefined, observers: readonly Observer[]): Display {
  const hasLines = observers.some(({ name }) => name === "console");
  if (style === "none" || (style === undefined && hasLines))
    return { name: "display", on: () => {}, say, tells: hasLines };
  if (style === "lines") return { ...consoleObserver(), say, tells: true };
  return Object.assign(progressObserver(), { tells: true });
}
