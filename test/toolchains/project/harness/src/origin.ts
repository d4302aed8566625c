/** Which copy of these modules speaks: that of the build, or that which a toolchain has compiled and told so. */
let current = "built";

export function origin(): string {
  return current;
}

/** From now on this copy says "compiled". */
export function speakAsCompiled(): void {
  current = "compiled";
}
