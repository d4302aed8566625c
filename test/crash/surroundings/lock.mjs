// Holds a database for itself, readers included, until its input ends. Usage: node lock.mjs <file>
import Database from "libsql";

const database = new Database(process.argv[2]);
database.exec("PRAGMA locking_mode = EXCLUSIVE");
database.exec("BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (n); DROP TABLE held");
console.log("locked");
process.stdin.resume();
process.stdin.on("end", () => database.close());
