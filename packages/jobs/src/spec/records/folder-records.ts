/** Flows stored as files, for several processes. */

import type { FlowRecord, FlowRecords } from "./flow-records.js";
import { FolderCells } from "./folder-cells.js";

/** Stored flows in a folder, which is made. It has to be on a file system with hard links. */
export class FolderRecords extends FolderCells<FlowRecord> implements FlowRecords {}
