/** Rule classes as a test holds them, without a build: what decorators say counts, and what only types could say is not guessed. */
import { openTestEngine } from "@millrace/testing";
import { defineRule, Rule, rule, type Token } from "millrace";
import { expect, test } from "vitest";

@rule({ when: [{ type: "page" }, { type: "feed" }] })
class Crawl extends Rule<{ type: string; url: string }, { type: "found"; url: string }> {
  override match({ url }: { url: string }): boolean {
    return url !== "";
  }
  async next({ url }: { url: string }): Promise<{ type: "found"; url: string }> {
    return { type: "found", url };
  }
}

const keep = defineRule({ id: "Keep", when: { type: "found" }, next: (token: Token): Token => ({ kept: token.url }) });

@rule()
class Typed extends Rule<{ type: "page" }, never> {
  next(): void {}
}

function setOf(classes: readonly { readonly name: string }[], tokens: readonly Token[]) {
  const names = classes.map(({ name }) => name);
  return {
    classes,
    toRuleSet: () => ({
      version: 1 as const,
      rules: names.map((name) => ({ name, run: { rule: name } })),
      tokens: tokens.map((body) => ({ body })),
    }),
  };
}

test("they match what `when` and `match` say", async () => {
  await using engine = await openTestEngine({ classes: [Crawl, keep] });
  const tokens = [
    { type: "page", url: "/" },
    { type: "feed", url: "" },
    { type: "other", url: "/" },
  ];
  const set = setOf([Crawl, keep], tokens);
  const { firings, unmatched } = await engine.start(set).result();
  expect(firings).toBe(2);
  expect(unmatched.map(({ body }) => body)).toEqual([tokens[1], tokens[2], { kept: "/" }]);
});

test("one whose types alone say what it matches is refused, by name", async () => {
  await using engine = await openTestEngine({ classes: [Typed] });
  const set = setOf([Typed], [{ type: "page" }]);
  await expect(engine.start(set).result()).rejects.toMatchObject({
    code: "unbuilt-code",
    message: "Which tokens rule Typed matches is said by its types, and no build has read them.",
  });
});

test("one is a task: alone, it gives emissions", async () => {
  await using engine = await openTestEngine();
  expect(await engine.runTask(Crawl, { token: { type: "page", url: "/" } })).toEqual([
    { token: { type: "found", url: "/" } },
  ]);
});
