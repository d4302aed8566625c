/** How much is shown of a run while it goes. `live`: the display of a terminal, lines elsewhere. `lines`: lines everywhere. `none`: nothing before the end. */
export const DISPLAY_STYLES = ["live", "lines", "none"] as const;

/** One of these. */
export type DisplayStyle = (typeof DISPLAY_STYLES)[number];
