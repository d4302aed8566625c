/** The command line as typed: arguments to wishes, and the help text. Judges form, not content. */
import { parseArgs } from "node:util";
import { nearestName } from "./nearest-name.js";
import { UsageError } from "./usage-error.js";

/** What the arguments say; what they leave open is undefined. */
export interface Arguments {
  readonly help: boolean;
  readonly version: boolean;
  /** Folder of the new project. */
  readonly folder?: string | undefined;
  readonly template?: string | undefined;
  /** Folder of packed tarballs to install from. */
  readonly from?: string | undefined;
  /** Ask nothing. */
  readonly yes: boolean;
  /** False for `--no-install`, else undefined. */
  readonly install?: false | undefined;
  readonly git: boolean;
}

/** Reads the arguments. @throws UsageError `usage`. */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  if (positionals.length > 1) {
    throw new UsageError(
      "usage",
      `One folder is made at a time, not ${positionals.length}: ${positionals.join(", ")}.`,
      "Options of `npm create` come after two dashes: `npm create flow my-app -- --template tc39`.",
    );
  }
  return {
    help: values.help ?? false,
    version: values.version ?? false,
    folder: positionals[0],
    template: values.template,
    from: values.from,
    yes: values.yes ?? false,
    install: values["no-install"] ? false : undefined,
    git: !values["no-git"],
  };
}

/** The help text; templates are those that there are. */
export function helpText(templates: readonly { readonly name: string; readonly description: string }[]): string {
  const width = Math.max(...templates.map(({ name }) => name.length));
  return `Usage: npm create flow [folder] [-- options]

Starts a Millrace project in a new or empty folder.

Options:
  --template <name>  what to start from (default: ${templates[0]?.name ?? "none"})
  --from <dir>       install Millrace from packed tarballs in a folder
  --no-install       do not run \`npm install\`
  --no-git           do not run \`git init\`
  -y, --yes          ask nothing, take the defaults
  -v, --version      print the version
  -h, --help         print this text

Templates:
${templates.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`).join("\n")}
`;
}

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
  template: { type: "string", short: "t" },
  from: { type: "string" },
  yes: { type: "boolean", short: "y" },
  "no-install": { type: "boolean" },
  "no-git": { type: "boolean" },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: OPTIONS,
    });
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split(". ")[0] ?? cause.message) : String(cause);
    const [, typed] = /^Unknown option '--?([^']+)'/.exec(message) ?? [];
    const near = typed === undefined ? undefined : nearestName(typed, Object.keys(OPTIONS));
    const help = "`create-flow --help` shows the options.";
    throw new UsageError(
      "usage",
      `${message.replace(/\.$/, "")}.`,
      near === undefined ? help : `Did you mean "--${near}"? ${help}`,
      { cause },
    );
  }
}
