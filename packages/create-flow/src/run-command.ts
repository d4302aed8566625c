/** Runs the tools that finish a project, npm and git, in its folder. They may be missing or fail: that is said, not thrown. */
import { spawnSync } from "node:child_process";

/** `npm install`, with its own output. True if it succeeded. */
export function npmInstall(folder: string): boolean {
  const args = ["install", "--no-audit", "--no-fund"];
  // Under `npm create` the very npm that runs this; it is a JavaScript file and needs no shell.
  const npm = process.env.npm_execpath;
  const own = npm !== undefined && /npm-cli\.c?js$/.test(npm);
  const { status } = own
    ? spawnSync(process.execPath, [npm, ...args], { cwd: folder, stdio: "inherit" })
    : spawnSync("npm", args, { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
  return status === 0;
}

/** `git init`, unless the folder lies in a repository already or there is no git. True if a repository was made. */
export function gitInit(folder: string): boolean {
  const git = (...args: string[]): boolean => spawnSync("git", args, { cwd: folder, stdio: "ignore" }).status === 0;
  return !git("rev-parse", "--is-inside-work-tree") && git("init", "--quiet");
}
