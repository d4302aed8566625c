/** Packs every package as it would be published, from a copy of the checkout: test files that run at once cannot meet. */
import { cp, mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { run } from "./command.js";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const COPIED = ["package.json", "packages", "templates"];
/** Neither is ever packed, and both are large or meet other tests. */
const LEFT_OUT = /[\\/](?:node_modules|\.flow)$/;

/** One packed package. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  /** Absolute path of the tarball. */
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** Bytes of its files. */
  readonly unpackedSize: number;
  /** Paths in the package, sorted. */
  readonly files: readonly string[];
}

/** What `npm pack --json` says of one package. */
interface NpmPacked {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs the built packages of this checkout into a folder, which is made. In order of their names. */
export async function packPackages(into: string): Promise<readonly PackedPackage[]> {
  const checkout = `${into}-checkout`;
  await mkdir(into, { recursive: true });
  for (const name of COPIED) {
    await cp(join(REPOSITORY, name), join(checkout, name), {
      recursive: true,
      filter: (path) => !LEFT_OUT.test(path),
    });
  }
  const { code, stdout, stderr } = await run(checkout, "npm", [
    "pack",
    "--workspaces",
    "--json",
    "--silent",
    "--pack-destination",
    into,
  ]);
  if (code !== 0) throw new Error(`npm pack failed:\n${stdout}${stderr}`);
  await rm(checkout, { recursive: true, force: true });
  return packedOf(stdout)
    .map(({ name, version, filename, size, unpackedSize, files }) => ({
      name,
      version,
      tarball: join(into, filename),
      size,
      unpackedSize,
      files: files.map(({ path }) => path).sort(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** npm prints an array, and from version 11 on an object by name. */
function packedOf(json: string): readonly NpmPacked[] {
  // Safe: the documented output of `npm pack --json`.
  const printed = JSON.parse(json) as readonly NpmPacked[] | Readonly<Record<string, NpmPacked>>;
  return Array.isArray(printed) ? printed : Object.values(printed);
}
