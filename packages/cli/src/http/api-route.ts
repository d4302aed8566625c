/** One thing that can be asked of the server, and how a request finds it. */

/** What a route gets. */
export interface ApiRequest {
  /** Values of the `:names` of its path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON of the body; undefined if there is none. */
  readonly body: unknown;
  /** Aborts when whoever asked has gone. */
  readonly signal: AbortSignal;
}

/** What it gives: a JSON document, or documents as they come (server-sent events). */
export type ApiReply =
  | { readonly status: number; readonly body: unknown }
  | { readonly events: AsyncIterable<{ readonly type: string }> };

/** A route. */
export interface ApiRoute {
  readonly method: "GET" | "POST";
  /** `/runs/:run/events`. */
  readonly path: string;
  answer(request: ApiRequest): Promise<ApiReply>;
}

/** The route of a request with the values of its path; the methods that the path takes, if it takes another one. */
export function findRoute(
  routes: readonly ApiRoute[],
  method: string | undefined,
  pathname: string,
): { readonly route: ApiRoute; readonly params: Readonly<Record<string, string>> } | readonly string[] {
  const matching = routes.flatMap((route) => {
    const params = match(route.path, pathname);
    return params ? [{ route, params }] : [];
  });
  return matching.find(({ route }) => route.method === method) ?? matching.map(({ route }) => route.method);
}

function match(path: string, pathname: string): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [path.split("/"), pathname.replace(/(?<=.)\/$/, "").split("/")];
  if (wanted.length !== given.length) return undefined;
  const params: [string, string][] = [];
  for (const [i, part] of wanted.entries()) {
    const text = decoded(given[i] ?? "");
    if (text === undefined || (part.startsWith(":") ? text === "" : part !== text)) return undefined;
    if (part.startsWith(":")) params.push([part.slice(1), text]);
  }
  return Object.fromEntries(params);
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
