// An engine in a process of its own, whose only container runs until somebody stops it. Arguments: the client, the folder.
import { ContainerSpawner } from "@millrace/runtime";
import { openTestEngine } from "@millrace/testing";

const [client, folder] = process.argv.slice(2);
const engine = await openTestEngine({ containers: new ContainerSpawner({ client }) });
const nodes = [{ id: "long", run: { container: "stubborn:1" }, params: { cwd: { value: folder } } }];
engine.start({ version: 1, nodes, edges: [] });
await engine.events.until("log", ({ text }) => text === "up");
console.log("up");
