// One peer in a process of its own. Usage: node case.mjs <name> <n> <services as JSON>. Prints { ms, distinct } as JSON, last.
const [name, n, services] = process.argv.slice(2);
const { run } = await import(`./cases/${name}.mjs`);
const result = await run({ ...JSON.parse(services), n: Number(n) });
process.stdout.write(`\n${JSON.stringify(result)}\n`, () => process.exit(0));
