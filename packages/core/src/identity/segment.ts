/** Percent-encoding of one segment of a site or step key: ASCII out, one-to-one, safe in paths of both. */

const KEPT = /[^A-Za-z0-9_.:|$-]/gu;

/**
 * Encodes any text as one segment. Letters, digits and `_ . : | $ -` stand as they are, everything else becomes
 * UTF-8 percent escapes; a lone surrogate, which has no UTF-8 form, becomes `%uXXXX`.
 */
export function encodeSegment(text: string): string {
  return text.replace(KEPT, (char) => {
    if (/^[\uD800-\uDFFF]$/.test(char)) return `%u${char.charCodeAt(0).toString(16).toUpperCase()}`;
    return encodeURIComponent(char).replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  });
}

/** Inverse of encodeSegment. */
export function decodeSegment(segment: string): string {
  return segment
    .split(/(%u[0-9A-F]{4})/)
    .map((part) =>
      /^%u[0-9A-F]{4}$/.test(part) ? String.fromCharCode(Number.parseInt(part.slice(2), 16)) : decodeURIComponent(part),
    )
    .join("");
}
