/** A folder with the fake client in it, and what the client has been asked for. */
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** One place of containers. */
export class FakeContainers {
  readonly folder: string = mkdtempSync(join(tmpdir(), "millrace-containers-"));
  /** Path of the client. */
  readonly client: string;

  /** @param name Of the client: `docker`, `podman`, `apptainer` or `singularity`. */
  constructor(name: "docker" | "podman" | "apptainer" | "singularity") {
    this.client = join(this.folder, name);
    const fake = name === "docker" || name === "podman" ? "fake-client.mjs" : "fake-apptainer.mjs";
    copyFileSync(fileURLToPath(new URL(fake, import.meta.url)), this.client);
    chmodSync(this.client, 0o755);
  }

  /** Every call so far, as the client got it. */
  get calls(): readonly (readonly string[])[] {
    const log = join(this.folder, "calls.jsonl");
    if (!existsSync(log)) return [];
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as readonly string[]);
  }

  /** Those that run something. */
  get runs(): readonly (readonly string[])[] {
    return this.calls.filter((call) => call.includes("run"));
  }

  /** Names of the containers that there are. */
  get containers(): readonly string[] {
    const folder = join(this.folder, "containers");
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
