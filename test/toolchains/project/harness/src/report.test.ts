import { test } from "vitest";
import { report } from "./report.js";

test("every shape has reported", () => report());
