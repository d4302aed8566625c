/** Which library speaks to SQLite here, and what to do where none does. */
import { isMillraceError } from "@millrace/core";
import type { Driver, DriverName } from "./driver.js";
import { libsqlDriver } from "./libsql-driver.js";
import { nodeDriver } from "./node-driver.js";
import { storeUnusable } from "./sqlite-errors.js";

/** The named driver; by default `node:sqlite` where Node has it, else libsql. @throws MillraceError `store-unusable`, `engine-bundled`. */
export function chooseDriver(name: DriverName | undefined, file: string): Driver {
  if (name !== "libsql") {
    const driver = nodeDriver();
    if (driver !== undefined) return driver;
    if (name === "node") {
      throw storeUnusable(`Node ${process.version} has no node:sqlite.`, {
        file,
        hint: "Use Node 22.13 or newer, or leave the driver to Millrace.",
      });
    }
  }
  try {
    return libsqlDriver();
  } catch (cause) {
    if (isMillraceError(cause)) throw cause;
    // libsql itself is there, and asks for the package with its native code.
    const native = /Cannot find module '(@libsql\/[\w-]+)'/.exec(cause instanceof Error ? cause.message : "")?.[1];
    if (native !== undefined) {
      throw storeUnusable(`The package ${native}, the native part of libsql for this platform, is not installed.`, {
        file,
        hint: "npm leaves it out if optional packages are omitted or node_modules comes from another platform: delete node_modules and package-lock.json, then run `npm install`. Or use Node 22.13 or newer, which needs no libsql.",
        cause,
      });
    }
    throw storeUnusable("The package libsql, which Node 20 needs to speak to SQLite, cannot be loaded.", {
      file,
      hint: "Run `npm install libsql`, or use Node 22.13 or newer.",
      cause,
    });
  }
}
