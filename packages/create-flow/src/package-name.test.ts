import { expect, it } from "vitest";
import { checkPackageName, packageNameProblem } from "./package-name.js";

it.each(["a", "my-app", "my.app_2", "2048", "x".repeat(214)])("%s is a name", (name) => {
  expect(packageNameProblem(name)).toBeUndefined();
});

it.each([
  ["", /empty/],
  ["x".repeat(215), /more than 214/],
  [".app", /begins with "\."/],
  ["_app", /begins with "_"/],
  ["-app", /begins with "-"/],
  ["MyApp", /capital/],
  ["my app", /holds " "/],
  ["größe", /holds "ö"/],
  ["node_modules", /reserved/],
  ["http", /reserved/],
])("%j is no name", (name, problem) => {
  expect(packageNameProblem(name)).toMatch(problem);
});

it("offers the name that was meant", () => {
  expect(() => checkPackageName("My App!")).toThrow(
    expect.objectContaining({ code: "bad-name", hint: 'Name the folder "my-app".' }),
  );
  expect(() => checkPackageName("http")).toThrow(expect.objectContaining({ hint: expect.stringContaining("another") }));
});
