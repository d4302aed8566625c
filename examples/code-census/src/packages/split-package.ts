/** Cuts a package into parts of bounded size, so that no step runs long and a crash loses little. */
import type { FoundPackage } from "./find-packages.js";
import type { PackageChunk, SourceFile } from "./package-chunk.js";

/** Parts of at most `maxBytes` of source, in order; a file that is larger makes a part of its own. */
export function splitPackage(found: FoundPackage, maxBytes: number): readonly PackageChunk[] {
  const parts: SourceFile[][] = [];
  let room = 0;
  for (const file of found.files) {
    const part = parts.at(-1);
    if (part && file.bytes <= room) {
      part.push(file);
      room -= file.bytes;
    } else {
      parts.push([file]);
      room = maxBytes - file.bytes;
    }
  }
  return parts.map((files, index) => ({
    id: index === 0 ? found.package.id : `${found.package.id}#${index + 1}`,
    package: found.package,
    files,
  }));
}
