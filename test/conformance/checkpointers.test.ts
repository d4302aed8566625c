/** The conformance of the checkpointers that Millrace brings along, and of the smallest one that anybody could write. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileCheckpointer } from "@millrace/runtime";
import { checkpointerConformance } from "@millrace/testing/conformance";

checkpointerConformance("files", async () => {
  const dir = await mkdtemp(join(tmpdir(), "millrace-checkpoint-"));
  return { open: () => fileCheckpointer(dir), remove: () => rm(dir, { recursive: true }) };
});

checkpointerConformance("a map", () => {
  const texts = new Map<string, string>();
  return {
    open: () => ({
      write: (name, contents) => void texts.set(name, contents),
      read: (name) => texts.get(name),
      clear: (name) => void texts.delete(name),
    }),
  };
});
