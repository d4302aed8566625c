/** Bundles the app. What the flows are made of is not in the bundle: `flow build` has put it into `.flow`. */
import { build } from "esbuild";

await build({
  entryPoints: ["src/main.ts"],
  outfile: "dist/main.mjs",
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  minify: true,
});
