// Stored flows, changed one after the other: a line `ack <key> <number>` for each change that has been made.
// Usage: node records-child.mjs <folder>
import { writeSync } from "node:fs";
import { FolderRecords, flowSpecToFlow } from "@millrace/jobs";

const records = new FolderRecords(process.argv[2]);
const change = async (key, n) => {
  await records.change(key, () => ({ flow: { ...flowSpecToFlow({ key, tasks: [] }).toJSON(), data: { n } } }));
  writeSync(1, `ack ${key} ${n}\n`);
};
for (let n = 1; n <= 40; n++) {
  await change("often", n);
  if (n % 10 === 0) await change(`once-${n}`, n);
}
await records.remove("once-10");
writeSync(1, "ack once-10 gone\n");
await change("once-10", 99);
