/** How the Vitest plugin tells its workers where the build is. A file of its own: the plugin's process loads no engine. */

/** Names the state folder (`.flow`) whose current build the classes under test belong to. Set by `millrace/vitest`. */
export const TEST_STATE_DIR = "MILLRACE_TEST_STATE_DIR";
