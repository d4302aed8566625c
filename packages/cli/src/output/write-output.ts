/** Writes what a command gives to the file of its `-o`. */
import { writeFile } from "node:fs/promises";
import { MillraceError } from "@millrace/core";

/** Ends it with a newline. @throws MillraceError `usage` if it cannot be written. */
export async function writeOutput(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text.endsWith("\n") ? text : `${text}\n`);
  } catch (cause) {
    throw new MillraceError("usage", `${file} cannot be written.`, {
      hint: "Give a file in a folder that exists, with -o.",
      data: { file },
      cause,
    });
  }
}
