/** Before the files of `npm run matrix`: what they need beside the workspace. */
import { install } from "./install.js";

export default function setup(): void {
  install("test/toolchains", "test/nodes");
}
