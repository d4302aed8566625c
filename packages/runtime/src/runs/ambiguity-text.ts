/** Words for a run that waits for the user to say which calls its records belong to. */
import type { RunId } from "@millrace/core";
import type { AmbiguousRecords } from "./run-past.js";

/** Names each site with its choices, and the commands that decide. */
export function ambiguityText(run: RunId, ambiguous: readonly AmbiguousRecords[]): string {
  const list = ambiguous.map(({ site, choices, records }) => {
    const count = records === 1 ? "1 record" : `${records} records`;
    return `  ${site} (${count}) may be ${choices.join(" or ")}`;
  });
  const [first] = ambiguous;
  const decide = first
    ? `Say which with \`flow resume ${run} --map '${first.site}=${first.choices[0]}'\`, or run it again with ` +
      `\`--rerun '${first.site}'\`; both can be given several times.`
    : "";
  return [
    "The code has changed, and it cannot be told which of its calls some records belong to:",
    ...list,
    decide,
  ].join("\n");
}
