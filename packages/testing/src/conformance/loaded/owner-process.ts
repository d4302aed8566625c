/** The process behind a LivingOwner: prints its OwnerInfo and lives until its input ends. Nothing imports it. */
import { ownerInfo } from "@millrace/runtime";

console.log(JSON.stringify(ownerInfo("engine-of-a-child")));
process.stdin.resume();
