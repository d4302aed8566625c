/** Which copy of these modules speaks: changed after the build, so that what a toolchain compiles says something else. */
export const ORIGIN: string = "built";
