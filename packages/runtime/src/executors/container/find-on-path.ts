/** The first of some programs that the PATH has. */
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Its path; undefined if none of them can be executed. */
export async function findOnPath(programs: readonly string[]): Promise<string | undefined> {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const program of programs)
    for (const folder of folders) {
      const path = join(folder, program);
      const isThere = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return path;
    }
  return undefined;
}
