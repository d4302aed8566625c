/** Figures as people read them: English, the same on every machine. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** `1,851,288` */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** `3.2`, `29.6` */
export function formatMean(value: number): string {
  return value.toFixed(1);
}

/** `812 B`, `4.1 kB`, `82.0 MB`; powers of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `42 %`, `0.3 %`, `< 0.1 %` */
export function formatShare(part: number, all: number): string {
  if (all === 0 || part === 0) return "0 %";
  const percent = (100 * part) / all;
  if (percent < 0.1) return "< 0.1 %";
  return `${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** `1 file`, `2 files`. */
export function formatNoun(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
