/** What is kept of an attempt on disk: its outputs, and under which id the cluster has it. It is made before the job is submitted. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** How long the folder of an attempt that is over is kept, ms: its run may have died before it had that on record. */
const KEPT_MS = 7 * 86_400_000;

/** The folder of one attempt. */
export class SpoolFolder {
  readonly stdout: string;
  readonly stderr: string;
  /** When it was made, ms since 1970, if an earlier process made it: a job may have been submitted then. */
  readonly madeBefore: number | undefined;
  readonly #id: string;
  readonly #over: string;

  private constructor(path: string, madeBefore: number | undefined) {
    this.stdout = join(path, "stdout");
    this.stderr = join(path, "stderr");
    this.#id = join(path, "job");
    this.#over = join(path, OVER);
    this.madeBefore = madeBefore;
  }

  /** Makes the folder of an attempt, or finds it. */
  static async open(spool: string, attemptKey: string): Promise<SpoolFolder> {
    const path = join(spool, attemptKey);
    const made = await mkdir(path, { recursive: true });
    const madeBefore = made === undefined ? (await stat(path)).ctimeMs : undefined;
    return new SpoolFolder(path, madeBefore);
  }

  /** Under which id the cluster has the job; undefined if that was never heard. */
  async jobId(): Promise<string | undefined> {
    return await readFile(this.#id, "utf8").catch(() => undefined);
  }

  async keepJobId(id: string): Promise<void> {
    await writeFile(`${this.#id}.new`, id);
    await rename(`${this.#id}.new`, this.#id);
  }

  /** The attempt is over: the folder may be removed some day. */
  async over(): Promise<void> {
    await writeFile(this.#over, "");
  }
}

const OVER = "over";

/** Removes the folders of attempts that have long been over. */
export async function cleanSpool(spool: string, now: number): Promise<void> {
  const names = await readdir(spool).catch(() => []);
  for (const name of names) {
    const path = join(spool, name);
    const over = await stat(join(path, OVER)).catch(() => undefined);
    if (over && over.mtimeMs < now - KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}
