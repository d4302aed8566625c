import { expect, it } from "vitest";
import type { Identity, Site, StepKey } from "../identity/brands.js";
import { type RecordStanding, type StepPlace, StepRecords } from "./step-records.js";

interface Named extends StepPlace {
  readonly name: string;
  readonly standing: Partial<RecordStanding>;
}

/** A record `name` of a call at a key, with an identity. */
function record(name: string, at: string, identity: string, standing: Partial<RecordStanding> = {}): Named {
  // Safe, all casts: the records only compare these texts.
  return { name, key: at as StepKey, site: "site" as Site, identity: identity as Identity, standing };
}

function recordsOf(...all: Named[]): (key: string, identity: string, anySite?: boolean) => string {
  const records = new StepRecords(all, ({ key, site, standing }) => ({
    key,
    site,
    movable: false,
    dropped: false,
    ...standing,
  }));
  return (key, identity, anySite = false) => {
    const site = (anySite ? "elsewhere" : "site") as Site;
    const found = records.decide({ key: key as StepKey, site, identity: identity as Identity }, anySite);
    return found.verdict === "restored"
      ? `${found.record.name} by ${found.by}`
      : `runs beside ${found.nearest?.name ?? "nothing"}`;
  };
}

it("a record serves the call with its key and identity, once", () => {
  const decide = recordsOf(record("a", "k/0", "i"), record("b", "k/1", "i"));
  expect(decide("k/1", "i")).toBe("b by key");
  expect(decide("k/0", "other")).toBe("runs beside a");
  expect(decide("k/0", "i")).toBe("a by key");
  expect(decide("k/0", "i")).toBe("runs beside nothing");
  expect(decide("k/2", "i")).toBe("runs beside nothing");
});

it("several records of one key are told apart by their identities", () => {
  const decide = recordsOf(record("a", "k", "i"), record("b", "k", "j"), record("c", "k", "j"));
  expect(decide("k", "j")).toBe("b by key");
  expect(decide("k", "i")).toBe("a by key");
  expect(decide("k", "x")).toBe("runs beside c");
});

it("a dropped record serves nobody, and is what the call stands beside unless a newer one does", () => {
  const dropped = record("old", "k", "i", { dropped: true });
  expect(recordsOf(dropped)("k", "i")).toBe("runs beside old");
  expect(recordsOf(dropped, record("new", "k", "j"))("k", "i")).toBe("runs beside new");
});

it("twins of other code serve by their site, else by identity alone, the oldest first", () => {
  const twins = Array.from({ length: 5_000 }, (_, i) => record(`r${i}`, `k/${i}`, "i", { movable: true }));
  const decide = recordsOf(...twins);
  expect(decide("k/1", "i")).toBe("r1 by key");
  expect(decide("new/0", "i")).toBe("r0 by site");
  expect(decide("new/1", "i")).toBe("r2 by site");
  expect(decide("new/2", "i", true)).toBe("r3 by identity");
  expect(decide("new/3", "j", true)).toBe("runs beside nothing");
});
