/** Colours of the report's charts, in light and in dark; the style sheet has its own, chosen to match. */

/** Which way round. */
export type Appearance = "light" | "dark";

/** Colours that charts are drawn with. */
export interface Palette {
  /** Behind the charts; gaps between areas. */
  readonly surface: string;
  /** Words. */
  readonly text: string;
  /** Lesser words. */
  readonly faint: string;
  /** Grid and axes. */
  readonly line: string;
  /** Plain data. */
  readonly plain: string;
  /** What stands out. */
  readonly accent: string;
  /** Data that has no complexity. */
  readonly none: string;
  /** From simple to complex, evenly spaced. */
  readonly ramp: readonly string[];
}

/** The two palettes. In both, what is complex is what is seen first. */
export const PALETTES: Readonly<Record<Appearance, Palette>> = {
  light: {
    surface: "#ffffff",
    text: "#1c2330",
    faint: "#667085",
    line: "#e6e8ee",
    plain: "#7f95c9",
    accent: "#b3264e",
    none: "#e4e7ec",
    ramp: ["#dfe6f5", "#b4c4e8", "#e9b79a", "#dd7350", "#b3264e", "#6d1244"],
  },
  dark: {
    surface: "#161b26",
    text: "#e8ebf2",
    faint: "#98a2b8",
    line: "#2a3242",
    plain: "#6d86c4",
    accent: "#ff8f6b",
    none: "#2b3342",
    ramp: ["#27324a", "#3a4f82", "#7a5a93", "#c9607e", "#f58b62", "#ffd68a"],
  },
};

/** Means of complexity at the two ends of the ramp; the scale between is logarithmic. */
export const RAMP_RANGE: readonly [low: number, high: number] = [1, 12];

/** The colour of a mean complexity; null stands for no functions. */
export function complexityColour(palette: Palette, mean: number | null): string {
  if (mean === null) return palette.none;
  const [low, high] = RAMP_RANGE;
  const share = Math.log(Math.min(high, Math.max(low, mean)) / low) / Math.log(high / low);
  const position = share * (palette.ramp.length - 1);
  const index = Math.min(palette.ramp.length - 2, Math.floor(position));
  return mix(palette.ramp[index] ?? palette.none, palette.ramp[index + 1] ?? palette.none, position - index);
}

/** Black or white, whichever is easier to read on a colour. */
export function inkOn(colour: string): string {
  const [r = 0, g = 0, b = 0] = channels(colour).map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  // Relative luminance as in WCAG 2; 0.18 is where contrast with black and with white is equal.
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#141a26" : "#ffffff";
}

function mix(from: string, to: string, share: number): string {
  const end = channels(to);
  const mixed = channels(from).map((channel, i) => Math.round(channel + ((end[i] ?? channel) - channel) * share));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
