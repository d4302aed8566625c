/** Paths as import specifiers. Pure text, posix paths; used for compiled modules and the generated declarations. */

/** A relative path as a relative specifier: it starts with a dot and a slash, even where a folder's name has a dot of its own. */
export function dotted(path: string): string {
  return /^\.\.?(?:\/|$)/.test(path) ? path : `./${path}`;
}

/** Specifier of an ES import, which is a URL: names with `#`, `?` or `%` are encoded, other drives and shares are file URLs. */
export function urlSpecifier(path: string): string {
  // No more than must be: other loaders than Node's take specifiers for paths.
  const url = path.replace(/[%?#\\]/g, encodeURIComponent);
  if (/^[A-Za-z]:\//.test(path)) return `file:///${url}`;
  return path.startsWith("//") ? `file:${url}` : dotted(url);
}
