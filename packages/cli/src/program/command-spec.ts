/** What a command of `flow` is, before there is a program: options and action are added to it when it is asked for. */
import type { Command } from "commander";

/** Takes the exit code of a command that ran. */
export type Done = (code: number) => void;

/** A command, or a group of them. */
export interface CommandSpec {
  /** One line. */
  readonly description: string;
  /** False for one without the usual `--json`. Default true. */
  readonly json?: boolean;
  /** One that a single process at a time can give. Default false. */
  readonly held?: boolean;
  /** Its own arguments, options and action. */
  readonly define?: (made: Command, done: Done) => void;
  /** Of a group: `flow <group> <command>`. */
  readonly commands?: CommandSpecs;
}

/** Commands by name, in the order in which help lists them. */
export type CommandSpecs = Readonly<Record<string, CommandSpec>>;
