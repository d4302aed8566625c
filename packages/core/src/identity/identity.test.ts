import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Site } from "./brands.js";
import { decodeSegment, encodeSegment } from "./segment.js";
import { formatSite, parseSite } from "./site.js";
import { idempotencyKey, stepIdentity } from "./step-identity.js";
import { itemPath, parseKey, rootPath, siteOf, stepKey, subflowPath } from "./step-key.js";

const text = fc.string({ unit: "binary", minLength: 1 });

describe("segments", () => {
  it("encode any text, lone surrogates included, one-to-one into safe ASCII", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: fc.constantFrom("\ud800", "\udfff", "a", "/", "%") })), (any) => {
        const encoded = encodeSegment(any);
        expect(encoded).toMatch(/^[A-Za-z0-9_.:|$%-]*$/);
        expect(decodeSegment(encoded)).toBe(any);
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });
});

describe("sites", () => {
  it("are written as the grammar says", () => {
    expect(formatSite({ owner: "CityReport.run", callee: "Fetch", receiver: "forecasts", n: 1 })).toBe(
      "CityReport.run#Fetch@forecasts",
    );
    expect(formatSite({ owner: "f", callee: "A|B", receiver: "return", n: 2 })).toBe("f#A|B@return~2");
    expect(formatSite({ owner: "f", callee: "step:read it", receiver: "", n: 1 })).toBe("f#step:read%20it");
  });

  it("come back whole, whatever their parts hold", () => {
    const parts = fc.record({
      owner: text,
      callee: text,
      receiver: fc.oneof(text, fc.constant("")),
      n: fc.integer({ min: 1, max: 99 }),
    });
    fc.assert(
      fc.property(parts, (site) => {
        expect(parseSite(formatSite(site))).toEqual(site);
      }),
      { seed: 2, numRuns: 1_000 },
    );
  });

  it("refuse what is none", () => {
    for (const bad of ["", "owner", "#x", "a#b#c", "a/b#c", "a#b~x"]) expect(parseSite(bad), bad).toBeUndefined();
  });
});

describe("step keys", () => {
  const site = "F.run#Work@a" as Site;

  it("name flow, items, sub-flows and ordinals", () => {
    const map = stepKey(rootPath("My flow"), "F.run#map@m" as Site, 0);
    const inner = stepKey(itemPath(map, "Oslo/1"), site, 2);
    expect(inner).toBe("My%20flow/F.run#map@m/0/[Oslo%2F1]/F.run#Work@a/2");
    expect(parseKey(inner)).toEqual([
      { kind: "flow", text: "My flow" },
      { kind: "site", text: "F.run#map@m", ordinal: 0 },
      { kind: "item", text: "Oslo/1" },
      { kind: "site", text: "F.run#Work@a", ordinal: 2 },
    ]);
    expect(siteOf(inner)).toBe(site);
    expect(stepKey(subflowPath(inner), site, 0)).toBe(`${inner}/F.run#Work@a/0`);
  });

  it("are never equal for different places", () => {
    const place = fc.tuple(text, fc.option(text), fc.nat({ max: 3 }));
    const key = ([flow, item, ordinal]: [string, string | null, number]): string => {
      const root = rootPath(flow);
      const path = item === null ? root : itemPath(stepKey(root, "F#map" as Site, 0), item);
      return stepKey(path, site, ordinal);
    };
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(key(a) === key(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });

  it("refuse what is none", () => {
    for (const bad of ["", "F/site", "F/site/x", "F//0"]) expect(parseKey(bad), bad).toBeUndefined();
    expect(siteOf("F" as never)).toBeUndefined();
  });
});

describe("identities", () => {
  const input = { task: "T", version: "", fingerprint: "f", params: "p" };

  it("change with every input, and never by moving text from one to the next", () => {
    const all = [
      input,
      { ...input, task: "U" },
      { ...input, version: "2" },
      { ...input, fingerprint: "g" },
      { ...input, params: "q" },
    ];
    const moved = [
      { ...input, task: "Tf", fingerprint: "" },
      { ...input, task: "T", version: "f", fingerprint: "" },
    ];
    const ids = [...all, ...moved].map(stepIdentity);
    expect(new Set(ids).size).toBe(ids.length);
    expect(stepIdentity({ ...input })).toBe(ids[0]);
  });

  it("give a step one idempotency key a run", () => {
    const key = stepKey(rootPath("F"), "F#W" as Site, 0);
    expect(idempotencyKey("r1" as never, key)).toBe(idempotencyKey("r1" as never, key));
    expect(idempotencyKey("r1" as never, key)).not.toBe(idempotencyKey("r2" as never, key));
    expect(idempotencyKey("r1" as never, key)).toMatch(/^[A-Za-z0-9_-]{32}$/);
  });
});
