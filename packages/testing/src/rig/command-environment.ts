/** The environment of a command under test: what a person's shell would have, and nothing of the test runner. */

/** Variables by name; undefined takes one away. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What Vitest and Vite set for tests. A command that sees them behaves otherwise than for people. */
const OF_TEST_RUNNERS = /^(?:VITEST\w*|NODE_ENV|TEST|DEV|PROD|MODE|SSR|BASE_URL)$/;

/** This process's environment without the runner's variables and without colours, with `own` laid over it. */
export function commandEnvironment(own: Environment): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !OF_TEST_RUNNERS.test(name));
  // Not both: Node warns on stderr if FORCE_COLOR is set beside NO_COLOR.
  return { ...Object.fromEntries(inherited), NO_COLOR: "1", FORCE_COLOR: undefined, ...own };
}
