/** How the code of now relates to the builds that made a run's record. */
import {
  BuildAlignment,
  type BuildHash,
  type ChosenSites,
  MillraceError,
  nearestName,
  type Site,
} from "@millrace/core";
import type { ResumeOptions } from "../api/resume-options.js";
import type { Code } from "../builds/code.js";
import type { Relation } from "./run-past.js";
import type { RunRecord } from "./run-record.js";

/** Aligns every build of the record to the code. @throws MillraceError `invalid-options` if a site of `map` is unknown. */
export async function relateCode(record: RunRecord, code: Code, options: ResumeOptions): Promise<Relation> {
  const chosen = chosenSites(record, code, options.map ?? {});
  const alignments = new Map<BuildHash, BuildAlignment>();
  for (const build of new Set(record.builds.map((made) => made.build))) {
    if (build === code.manifest.build) continue;
    // Of a build that is gone, equal keys are all that is known.
    const before = await code.recorded(build).catch(() => undefined);
    if (before) alignments.set(build, new BuildAlignment(before.manifest, code.manifest, chosen));
  }
  return { codeChanged: !(await code.sameAs(record.build)), accepted: options.accept ?? false, alignments };
}

function chosenSites(record: RunRecord, code: Code, map: Readonly<Record<string, string>>): ChosenSites {
  const entries = Object.entries(map);
  checkRecorded(record, Object.keys(map));
  if (entries.length === 0) return new Map();
  const now = new Set(
    Object.values(code.manifest.flows).flatMap(({ graph }) =>
      graph.nodes.flatMap((node) => ("site" in node && node.site !== undefined ? [node.site] : [])),
    ),
  );
  for (const [, to] of entries) {
    if (!now.has(to as Site)) throw unknownSite(to, "the current code has no call at", now);
  }
  // Both were found among sites.
  return new Map(entries as [Site, Site][]);
}

/** Sites that no record stands at are mistakes. @throws MillraceError `invalid-options`. */
export function checkRecorded(record: RunRecord, sites: readonly string[]): void {
  // Large records have many keys: they are taken apart only for whoever names a site.
  if (sites.length === 0) return;
  const recorded = new Set([...record.records, ...record.dropped].flatMap(({ key }) => key.split("/")));
  for (const site of sites)
    if (!recorded.has(site)) throw unknownSite(site, "no record of the run stands at", recorded);
}

function unknownSite(site: string, why: string, known: ReadonlySet<string>): MillraceError {
  const sites = [...known].filter((name) => name.includes("#"));
  const near = nearestName(site, sites);
  return new MillraceError("invalid-options", `A site that was given cannot be used: ${why} ${site}.`, {
    hint: near === undefined ? `There are: ${sites.sort().join(", ")}.` : `Did you mean "${near}"?`,
    data: { site },
  });
}
