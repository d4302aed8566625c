/** `create-flow` from its arguments to the new project: asks what is open, checks everything, then writes. */
import { createRequire } from "node:module";
import { basename, relative, resolve } from "node:path";
import { helpText, readArguments } from "./arguments.js";
import { checkPackageName } from "./package-name.js";
import { packedPackages } from "./packed-packages.js";
import { projectFiles } from "./project-files.js";
import { gitInit, npmInstall } from "./run-command.js";
import { readTemplates, templateNamed } from "./templates.js";
import { UsageError } from "./usage-error.js";
import { checkFolder, writeProject } from "./write-project.js";

const DEFAULT_FOLDER = "my-flows";

/** Exit code for a person who gives up at a question: as if interrupted. */
const GIVEN_UP = 130;

/** Gives the exit code: 0, 1 if `npm install` failed, 130 if given up at a question. @throws UsageError for exit code 2. */
export async function main(args: readonly string[]): Promise<number> {
  const wishes = readArguments(args);
  const templates = readTemplates();
  const version = ownVersion();
  if (wishes.help) return say(helpText(templates));
  if (wishes.version) return say(`${version}\n`);

  // What was typed is judged before anything is asked: nobody answers questions in vain.
  if (wishes.template !== undefined) templateNamed(wishes.template, templates);
  const packed = wishes.from === undefined ? undefined : packedPackages(resolve(wishes.from), version);
  if (wishes.folder !== undefined) placeOf(wishes.folder);

  const defaults = { folder: DEFAULT_FOLDER, template: templates[0]?.name ?? "", install: true };
  const given = { folder: wishes.folder, template: wishes.template, install: wishes.install };
  const asking = process.stdin.isTTY && process.stdout.isTTY && !wishes.yes;
  const answers = asking
    ? await (await import("./ask.js")).ask({ ...given, defaultFolder: DEFAULT_FOLDER, templates, problemOf })
    : {
        folder: given.folder ?? defaults.folder,
        template: given.template ?? defaults.template,
        install: given.install ?? defaults.install,
      };
  if (answers === undefined) return GIVEN_UP;

  const template = templateNamed(answers.template, templates);
  const { folder, name } = placeOf(answers.folder);
  writeProject(folder, projectFiles({ template, folder, name, version, packed }));
  say(`Made ${name} from the template ${template.name}.\n`);
  if (wishes.git && gitInit(folder)) say("Made a git repository; nothing is committed yet.\n");
  const installed = answers.install && npmInstall(folder);
  say(nextSteps(folder, installed));
  if (answers.install && !installed) {
    process.stderr.write(
      "\n`npm install` failed; what it said stands above. The project is complete: run it again there.\n",
    );
    return 1;
  }
  return 0;
}

/** The folder, checked, and the package's name, which is the folder's. */
function placeOf(path: string): { readonly folder: string; readonly name: string } {
  const folder = resolve(path);
  const name = basename(folder);
  checkPackageName(name);
  checkFolder(folder);
  return { folder, name };
}

/** What `placeOf` has against a folder, for the one who is typing it. */
function problemOf(path: string): string | undefined {
  try {
    placeOf(path);
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

function nextSteps(folder: string, installed: boolean): string {
  const place = relative(process.cwd(), folder);
  const steps = [
    ...(place === "" ? [] : [`cd ${/[^\w./\\-]/.test(place) ? `"${place}"` : place}`]),
    ...(installed ? [] : ["npm install"]),
    "npm start                      # builds the flow and runs it",
    "npm test                       # builds it and tests it",
    "npx flow graph WordReport      # draws it",
  ];
  return `\nNext:\n${steps.map((step) => `  ${step}\n`).join("")}`;
}

function say(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

function ownVersion(): string {
  // npm refuses to publish or pack a package without a version.
  const { version } = createRequire(import.meta.url)("../package.json") as { version: string };
  return version;
}
