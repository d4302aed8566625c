/** Questions on a terminal, for what the arguments leave open. Loaded only when something is asked. */
import { cancel, confirm, intro, isCancel, outro, select, text } from "@clack/prompts";
import type { Template } from "./templates.js";

/** What was chosen. */
export interface Answers {
  readonly folder: string;
  readonly template: string;
  readonly install: boolean;
}

/** What is known already, and what may be chosen. */
export interface Questions {
  readonly folder: string | undefined;
  readonly template: string | undefined;
  readonly install: boolean | undefined;
  readonly defaultFolder: string;
  readonly templates: readonly Template[];
  /** Why a folder cannot be taken; undefined if it can. */
  readonly problemOf: (folder: string) => string | undefined;
}

/** Asks what is open; undefined if the person gave up. */
export async function ask(open: Questions): Promise<Answers | undefined> {
  intro("A new Millrace project");
  const folder =
    open.folder ??
    (await text({
      message: "Where?",
      placeholder: open.defaultFolder,
      defaultValue: open.defaultFolder,
      validate: (value) => open.problemOf(value?.trim() || open.defaultFolder),
    }));
  if (isCancel(folder)) return givenUp();
  const template =
    open.template ??
    (await select({
      message: "From which template?",
      options: open.templates.map(({ name, description }) => ({ value: name, label: name, hint: description })),
    }));
  if (isCancel(template)) return givenUp();
  const install = open.install ?? (await confirm({ message: "Run npm install?" }));
  if (isCancel(install)) return givenUp();
  outro(`Making ${folder.trim()} from ${template}`);
  return { folder: folder.trim(), template, install };
}

function givenUp(): undefined {
  cancel("Given up; nothing was written.");
}
