/**
 * Architecture rules as code: who may import whom, each with a sentence for the offender. Run with `npm run architecture`.
 */
const source = (...names) => `^packages/(?:${names.join("|")})/src/`;
const packaged = (...names) => `(?:^|/)(?:packages/(?:${names.join("|")})/|@millrace/(?:${names.join("|")})(?:/|$))`;
const library = (...names) => `(?:^|/)node_modules/(?:${names.join("|")})(?:/|$)`;

const ALL = ["core", "sdk", "compiler", "jobs", "runtime", "testing", "cli", "millrace", "create-flow"];

/** A package may import the named packages and nothing else of ours. */
const mayImport = (name, allowed) => ({
  name: `${name}-imports-only-${allowed.join("-") || "itself"}`,
  comment: `@millrace/${name} may import ${allowed.length ? allowed.join(", ") : "nothing of ours"}: either the code belongs in another package, or a contract in core must grow.`,
  severity: "error",
  from: { path: source(name) },
  to: { path: packaged(...ALL.filter((other) => other !== name && !allowed.includes(other))) },
});

/** A heavy library has one home. */
const onlyIn = (library_, homes, why) => ({
  name: `${library_.replace(/\W+/g, "-")}-only-in-${homes.join("-")}`,
  comment: `${library_} is loaded by ${homes.join(" and ")} alone: ${why}`,
  severity: "error",
  from: { path: "^packages/[^/]+/src/", pathNot: source(...homes) },
  to: { path: library(library_) },
});

export default {
  forbidden: [
    mayImport("core", []),
    mayImport("sdk", ["core"]),
    mayImport("compiler", ["core"]),
    mayImport("jobs", ["core", "sdk"]),
    mayImport("runtime", ["core", "sdk"]),
    {
      ...mayImport("cli", ["core", "sdk", "jobs", "runtime"]),
      from: { path: source("cli"), pathNot: "^packages/cli/src/project/load-compiler\\.ts$" },
      comment:
        "The command line reaches the compiler through project/load-compiler.ts alone, lazily: production installs have none.",
    },
    {
      ...mayImport("testing", ["core", "sdk", "runtime"]),
      from: { path: source("testing"), pathNot: "^packages/testing/src/compiler/load-compiler\\.ts$" },
      comment:
        "The test kit reaches the compiler through compiler/load-compiler.ts alone, lazily: it works without one.",
    },
    mayImport("millrace", ["core", "sdk", "jobs", "runtime", "testing", "cli"]),
    {
      ...mayImport("create-flow", []),
      comment:
        "create-flow imports nothing of ours: it runs before anything of ours is installed, and must start at once.",
    },
    onlyIn("@clack/prompts", ["create-flow"], "the command `flow` asks no questions."),
    onlyIn("ts-morph", ["compiler"], "production installs carry no compiler."),
    onlyIn("esbuild", ["compiler"], "production installs carry no compiler."),
    onlyIn("piscina", ["runtime"], "threads are the runtime's business."),
    onlyIn("libsql", ["runtime"], "the store is the runtime's business."),
    onlyIn("reflect-metadata", ["sdk"], "metadata is read through the SDK's own functions."),
    onlyIn("@dagrejs/graphlib", ["core"], "graph algorithms stand in core/graph."),
    onlyIn("yaml", ["jobs"], "job files are read there, with their lines and columns."),
    onlyIn("liquidjs", ["jobs"], "templates of projects are rendered there, without reaching files."),
    onlyIn("croner", ["core"], "the instants of schedules are made in core/schedule."),
    onlyIn("@dagrejs/dagre", ["core"], "layouts are made in core/picture."),
    {
      name: "pictures-load-for-drawings-alone",
      comment:
        "Pictures bring a layout library: only `flow graph`, `flow project graph`, `flow report` and the drawing of schedulers reach core/picture, so that neither threads nor `flow run` load it.",
      severity: "error",
      from: {
        path: "^packages/[^/]+/src/",
        pathNot:
          "^packages/core/src/picture/|^packages/cli/src/(?:graph-page/|run-report/|html/|commands/(?:graph|report|job-picture)\\.ts$)|^packages/jobs/src/scheduler/draw-scheduler\\.ts$|\\.test\\.ts$",
      },
      to: { path: "(?:^|/)packages/core/(?:src|dist)/picture/" },
    },
    {
      name: "vitest-stays-at-the-edge",
      comment:
        "Only the conformance suites and the plugin load Vitest: what `millrace/testing` exports works under any test runner.",
      severity: "error",
      from: {
        path: "^packages/[^/]+/src/",
        pathNot: "^packages/testing/src/(?:conformance|vitest)/|\\.test\\.ts$",
      },
      to: { path: library("vitest", "vite") },
    },
    {
      name: "thread-stays-light",
      comment:
        "What a worker thread loads (worker, attempt, wire) must not reach scheduler, store, drivers or the engine: a thread runs attempts and nothing else.",
      severity: "error",
      from: { path: "^packages/runtime/src/(?:worker|attempt|wire)/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^packages/runtime/src/(?:engine|stores|drivers|steps|runs|shared|delivery|executors|observers|builds|events)(?:/|\\.)",
      },
    },
    {
      name: "drivers-know-no-store",
      comment: "Drivers and steps reach the store only through RunHost.append: one write path.",
      severity: "error",
      from: { path: "^packages/runtime/src/(?:drivers|steps|delivery)/" },
      to: { path: "^packages/runtime/src/(?:stores|executors|engine)(?:/|\\.)" },
    },
    {
      name: "ports-before-adapters",
      comment: "Stores and executors are adapters of ports in core: they know neither runs nor drivers.",
      severity: "error",
      from: { path: "^packages/runtime/src/(?:stores|executors|observers)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^packages/runtime/src/(?:runs|drivers|delivery|steps|engine)(?:/|\\.)" },
    },
    {
      name: "no-cycles",
      comment: "Modules that import each other are one concept in two files, or two concepts that need a third.",
      severity: "error",
      from: { path: "^packages/[^/]+/src/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-orphans",
      comment: "Nothing imports this module: delete it or connect it.",
      severity: "error",
      from: {
        orphan: true,
        path: "^packages/[^/]+/src/",
        pathNot:
          "\\.test\\.ts$|/index\\.ts$|/worker/entry\\.ts$|/module-thread\\.ts$|/conformance/loaded/|^packages/millrace/src/",
      },
      to: {},
    },
    {
      name: "tests-are-not-imported",
      comment: "Production code imports a test file.",
      severity: "error",
      from: { pathNot: "\\.test\\.[jt]s$|^test/" },
      to: { path: "\\.test\\.[jt]s$|^test/" },
    },
    {
      name: "resolvable",
      comment: "This import leads nowhere.",
      severity: "error",
      from: { path: "^packages/[^/]+/src/" },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    // Tests are looked at as targets alone: swc's visitor does not know `await using`.
    doNotFollow: { path: "node_modules|/dist/|\\.test\\.ts$" },
    exclude: { path: "/fixtures/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
      extensions: [".ts", ".js", ".json"],
    },
  },
};
