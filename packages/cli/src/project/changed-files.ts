/** The files of a repository that differ from a commit, those that Git does not know yet included. */
import { relative, resolve, sep } from "node:path";
import { git } from "./manifest-at.js";
import type { CommandPlace } from "./place-of-command.js";

/** A file that differs. */
export interface ChangedFile {
  /** Posix, relative to the project's folder; begins with `../` outside of it. */
  readonly path: string;
  /** Its text in the commit; undefined if it was not there. */
  readonly before: string | undefined;
}

/** All of them, sorted. Texts are read of scripts only. @throws MillraceError `commit-unreadable`. */
export async function changedSince({ root }: CommandPlace, ref: string): Promise<readonly ChangedFile[]> {
  const ask = (...given: readonly string[]): Promise<string> => git(root, ref, given);
  const top = (await ask("rev-parse", "--show-toplevel")).trim();
  const commit = (await ask("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`)).trim();
  const fields = (await git(top, ref, ["diff", "--name-status", "--no-renames", "-z", commit])).split("\0");
  const states = new Map<string, string>();
  for (let i = 0; i + 1 < fields.length; i += 2) states.set(fields[i + 1] ?? "", fields[i] ?? "");
  const untracked = await git(top, ref, ["ls-files", "--others", "--exclude-standard", "-z"]);
  for (const path of untracked.split("\0").filter((each) => each !== "")) states.set(path, "A");
  const files = [...states].map(async ([path, state]): Promise<ChangedFile> => {
    const isRead = state !== "A" && /\.[cm]?[jt]sx?$/.test(path);
    const before = isRead ? await git(top, ref, ["show", `${commit}:${path}`]) : state === "A" ? undefined : "";
    return { path: relative(root, resolve(top, path)).split(sep).join("/"), before };
  });
  return (await Promise.all(files)).sort((a, b) => (a.path < b.path ? -1 : 1));
}
