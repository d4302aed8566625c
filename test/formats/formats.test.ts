/** Formats that stored data depends on, byte for byte. A difference here means that older records can no longer be read. */
import {
  canonicalHash,
  decodeValue,
  EXIT,
  encodeValue,
  FACT_KINDS,
  formatSite,
  GRAPH_VERSION,
  idempotencyKey,
  itemPath,
  KINDS,
  MANIFEST_VERSION,
  Ref,
  type RunId,
  rootPath,
  stepIdentity,
  stepKey,
} from "@millrace/core";
import { expect, it } from "vitest";

/** One value of every kind that stands for itself. */
const VALUES: Readonly<Record<string, unknown>> = {
  json: { a: [1, -2, 1.5, "x", true, null], b: {} },
  undefined: { a: undefined },
  numbers: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 2 ** 53, 0.1],
  date: [new Date(0), new Date(Number.NaN)],
  map: new Map<unknown, unknown>([["k", 1]]),
  set: new Set([1, "1"]),
  bigint: [0n, -1n, 2n ** 80n],
  regexp: /a+/gi,
  url: new URL("https://example.org/?q=1"),
  bytes: [new Uint8Array([1, 2, 3]), Buffer.from("ab"), new Float64Array([1.5]), new ArrayBuffer(2)],
  text: ["\ud800", "é", "\u0000"],
  keys: JSON.parse('{"__proto__": 1}'),
};

it("keeps the bytes of every kind of value", () => {
  const bytes = Object.fromEntries(
    Object.entries(VALUES).map(([name, value]) => [name, Buffer.from(encodeValue(value)).toString("hex")]),
  );
  expect(bytes).toMatchInlineSnapshot(`
    {
      "bigint": "01019393c106a13093c106a22d3193c106b5313030303030303030303030303030303030303030",
      "bytes": "01019493c114c40301020393c113c402616293c11cc408000000000000f83f93c111c4020000",
      "date": "01019293c1080093c10892c102",
      "json": "010182a1619601fecb3ff8000000000000a178c3c0a16280",
      "keys": "010194c10ea95f5f70726f746f5f5f01",
      "map": "010194c109a16b01",
      "numbers": "01019692c10292c10392c10492c105cb4340000000000000cb3fb999999999999a",
      "regexp": "010195c10ba2612ba2676900",
      "set": "010194c10a01a131",
      "text": "01019393c107c40200d8a2c3a9a100",
      "undefined": "010181a16192c101",
      "url": "010193c10cb868747470733a2f2f6578616d706c652e6f72672f3f713d31",
    }
  `);
  for (const [name, value] of Object.entries(VALUES))
    expect(decodeValue(Buffer.from(bytes[name] ?? "", "hex")), name).toEqual(value);
});

it("keeps the bytes and the hash of a Ref", () => {
  const params = { ref: Ref.named("0f".repeat(32), 300_000) };
  const bytes = Buffer.from(encodeValue(params, "params", []));
  expect([bytes.toString("hex"), canonicalHash(params)]).toMatchInlineSnapshot(`
    [
      "010181a372656694c121d94030663066306630663066306630663066306630663066306630663066306630663066306630663066306630663066306630663066306630663066306630663066ce000493e0",
      "NKt2al4HAHAyCMhn__m_XYAGd0M2wb_czMa_KlN7XkU",
    ]
  `);
  expect(decodeValue(bytes)).toEqual(params);
});

it("keeps the hash of every kind of value", () => {
  expect(
    Object.fromEntries(Object.entries(VALUES).map(([name, value]) => [name, canonicalHash(value)])),
  ).toMatchInlineSnapshot(`
    {
      "bigint": "Aplk2PFOnmfTtWZX76STxCpGLfDmLPVHnvsULz7WFHk",
      "bytes": "i1nKbpuiHiHdOS4m9Q4udoqGImW_JGtOM_qv0ZGGaTU",
      "date": "V1ABXyzLb89JlaLLuOiGuLyTELgpGFPNLxbQBMMkF6Q",
      "json": "RNXBy-nA2zJzRRZRN_HF1oMARKGOhQlTrwDJY8lwFGM",
      "keys": "yeehQPFCOyAqR7EnT_CW53ToWsa6KIaVicmhBm4tZJk",
      "map": "Pqux0dcbaey9leB2dZTcddJ9nKnK8k0ENvcS8Dz24-0",
      "numbers": "1hyBoIGKAx5U7q597sjpvmftm0WGtP5C8axLkUWIU4U",
      "regexp": "GMaTbdkI1HW7c_73W9xHPD0ti0FTnfGBLVq6M9eUgT0",
      "set": "_fRHMOkzMbrhFBeH33aUd1CEK7UDoGWCRQbFNGB3Txg",
      "text": "n-ZfVWClkfRuWfjy8lCSoV357IX31k2aieFdkwuxDQk",
      "undefined": "p0nrIxAaMt4k_AooghMZN-L1Ha2NWTMwKrV1UA5xKLY",
      "url": "CzldGGvlCzaYh8TZHu1zEezGGWWgxtL-LI6P0MKkTes",
    }
  `);
});

it("keeps tags of kinds, numbers of facts, versions and exit codes", () => {
  expect({
    kinds: KINDS.map((kind) => `${kind.tag} ${kind.name}`),
    facts: FACT_KINDS,
    manifest: MANIFEST_VERSION,
    graph: GRAPH_VERSION,
    exit: EXIT,
  }).toMatchInlineSnapshot(`
    {
      "exit": {
        "diagnostics": 3,
        "failure": 1,
        "sigint": 130,
        "sigterm": 143,
        "success": 0,
        "usage": 2,
        "waiting": 4,
      },
      "facts": {
        "activation-settled": 6,
        "attempt-failed": 7,
        "breakpoint": 13,
        "message": 9,
        "record-moved": 8,
        "run-ended": 4,
        "run-resumed": 2,
        "run-started": 1,
        "run-suspended": 3,
        "shared-commit": 11,
        "shared-used": 12,
        "step-held": 14,
        "step-settled": 5,
        "timer": 10,
      },
      "graph": 1,
      "kinds": [
        "1 undefined",
        "2 NaN",
        "3 Infinity",
        "4 -Infinity",
        "5 -0",
        "6 bigint",
        "7 text",
        "8 Date",
        "9 Map",
        "10 Set",
        "11 RegExp",
        "12 URL",
        "13 Error",
        "14 object",
        "15 null-prototype",
        "16 value",
        "17 ArrayBuffer",
        "18 DataView",
        "19 Buffer",
        "20 Uint8Array",
        "21 Uint8ClampedArray",
        "22 Int8Array",
        "23 Int16Array",
        "24 Uint16Array",
        "25 Int32Array",
        "26 Uint32Array",
        "27 Float32Array",
        "28 Float64Array",
        "29 BigInt64Array",
        "30 BigUint64Array",
        "32 Secret",
        "33 Ref",
      ],
      "manifest": 1,
    }
  `);
});

it("keeps sites, keys, identities and idempotency keys", () => {
  const map = stepKey(
    rootPath("City report"),
    formatSite({ owner: "CityReport.run", callee: "map", receiver: "forecasts", n: 1 }),
    0,
  );
  const step = stepKey(
    itemPath(map, "Oslo"),
    formatSite({ owner: "CityReport.run", callee: "FetchForecast", receiver: "return", n: 2 }),
    1,
  );
  const identity = stepIdentity({
    task: "FetchForecast",
    version: "1",
    fingerprint: "f",
    params: canonicalHash({ city: "Oslo" }),
  });
  expect({ map, step, identity, idempotency: idempotencyKey("run-1" as RunId, step) }).toMatchInlineSnapshot(`
    {
      "idempotency": "Wez_49btCCMcYbEfNexI0_4UuPJucujJ",
      "identity": "7uTKYL6FB-X9OKt1VI70MIS1XS9_2wkmoZ9ze1lZ9p4",
      "map": "City%20report/CityReport.run#map@forecasts/0",
      "step": "City%20report/CityReport.run#map@forecasts/0/[Oslo]/CityReport.run#FetchForecast@return~2/1",
    }
  `);
});
