/** Sizes of memory as people write them. */

/** Unit → MiB. */
const UNITS: Readonly<Record<string, number>> = { K: 1 / 1024, M: 1, G: 1024, T: 1024 * 1024 };

/** MiB of a size: a number of MiB, or a number with K, M, G or T; undefined if it is none, or not above 0. */
export function memoryMib(size: unknown): number | undefined {
  const [, amount, unit = "M"] =
    typeof size === "number" ? ["", String(size)] : (/^(\d+(?:\.\d+)?)([KMGT])?$/i.exec(String(size)) ?? []);
  const mib = Number(amount) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  return Number.isFinite(mib) && mib > 0 ? mib : undefined;
}
