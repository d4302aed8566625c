/** What templates of tasks can do with values, beyond Liquid's own filters. */
import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { FilterImplOptions } from "liquidjs";

/** Gives the sha256 of a file, hex. What it throws fails the template. */
export type FileHash = (path: string) => string;

/** The filters by name. */
export function templateFilters(fileHash?: FileHash): Readonly<Record<string, FilterImplOptions>> {
  return {
    md5: (value) => hashOf("md5", value),
    sha256: (value) => hashOf("sha256", value),
    basename: (value, suffix?: unknown) =>
      posix.basename(textOf("basename", value), suffix === undefined ? "" : textOf("basename", suffix)),
    dirname: (value) => posix.dirname(textOf("dirname", value)),
    fromjson: (value) => JSON.parse(textOf("fromjson", value)) as unknown,
    urlparse: (value) => urlParts(textOf("urlparse", value)),
    ...(fileHash ? { file_sha256: (value: unknown) => fileHash(textOf("file_sha256", value)) } : {}),
  };
}

function hashOf(algorithm: "md5" | "sha256", value: unknown): string {
  return createHash(algorithm).update(textOf(algorithm, value)).digest("hex");
}

/** Numbers and booleans as they are written. */
function textOf(filter: string, value: unknown): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Error(`${filter} takes a text, not ${JSON.stringify(value) ?? String(value)}`);
}

/** What is not there is an empty text, so that a template can ask for it. */
function urlParts(text: string): Readonly<Record<string, string>> {
  if (!URL.canParse(text)) throw new Error(`urlparse takes a URL, not ${JSON.stringify(text)}`);
  const { protocol, username, host, hostname, port, pathname, search, hash } = new URL(text);
  return {
    scheme: protocol.slice(0, -1),
    username,
    netloc: host,
    hostname,
    port,
    path: pathname,
    query: search.slice(1),
    fragment: hash.slice(1),
  };
}
