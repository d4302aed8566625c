import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { networkFileSystem, refuseNetworkFileSystem } from "./network-file-system.js";

it("knows NFS and CIFS, also where the number is negative", () => {
  expect(networkFileSystem(0x6969)).toBe("NFS");
  expect(networkFileSystem(0xff534d42 | 0)).toBe("CIFS");
  expect(networkFileSystem(0xef53)).toBeUndefined();
});

it("accepts a local folder", () => {
  expect(() => refuseNetworkFileSystem(tmpdir())).not.toThrow();
});
