/** Random flow bodies for replay tests: a seeded generator of programs and the module that interprets them as one flow. */

/** A seeded generator of numbers from 0 to 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One piece of a program. */
export interface Piece {
  readonly type: string;
  readonly id: number;
  readonly task: number;
  readonly kids: readonly Piece[];
}

const KINDS = [
  "seq",
  "all",
  "settled",
  "race",
  "any",
  "helper",
  "try",
  "branch",
  "early",
  "unawaited",
  "limit",
  "loop",
  "finally",
  "map",
  "local",
  "sub",
  "together",
  "contest",
  "attempt",
  "collect",
  "shared",
] as const;

/** What is called at the leaves, besides tasks. */
const LEAVES = ["sleep", "wait"] as const;

/** Makes a random program; one that is unsound begins with a step that is chosen by what no record holds. */
export function program(next: () => number, kind: "sound" | "unsound" = "sound"): Piece {
  let ids = 0;
  const pick = (n: number): number => Math.floor(next() * n);
  const piece = (depth: number): Piece => {
    const id = ids++;
    if (depth > 3 || (depth > 1 && next() < 0.45)) {
      const type = next() < 0.75 ? "call" : (LEAVES[pick(LEAVES.length)] ?? "call");
      return { type, id, task: pick(4), kids: [] };
    }
    const type = KINDS[pick(KINDS.length)] ?? "seq";
    const least: Readonly<Record<string, number>> = {
      branch: 3,
      early: 2,
      race: 2,
      contest: 2,
      any: 2,
      try: 2,
      limit: 4,
      local: 0,
      shared: 0,
    };
    const count = (least[type] ?? 1) + pick(2);
    return { type, id, task: pick(4), kids: Array.from({ length: count }, () => piece(depth + 1)) };
  };
  const call = (): Piece => ({ type: "call", id: ids++, task: pick(4), kids: [] });
  const hidden = kind === "unsound" ? [{ type: "hidden", id: ids++, task: 0, kids: [call(), call()] }] : [];
  return { type: "seq", id: ids++, task: 0, kids: [...hidden, piece(0), piece(0), piece(0)] };
}

/**
 * The flows `Random` and `Inner` interpret a program; tasks `T0`…`T3` answer as `globalThis.behave` says. Every decision
 * and delivery is written to `globalThis.trace`. Unsound ones read `globalThis.hidden`.
 */
export const MODULE = `
import { Flow, Task } from "millrace";
import { $method, $site } from "millrace/stamps";
class Base extends Task { run() { return globalThis.behave(this.info.step, this.info.attempt, this.x); } }
const P = Symbol.for("millrace.params");
Reflect.defineMetadata(P, new Set(["x"]), Base);
export class T0 extends Base {} export class T1 extends Base {} export class T2 extends Base {} export class T3 extends Base {}
const TASKS = [T0, T1, T2, T3];
/** A task may put its number into something larger. */
const plain = (value) => value?.x ?? value;
class Interpreter extends Flow {
  trace(line) { globalThis.trace(this.margin + line); }
  async told(what, promise) { try { const v = plain(await promise); this.trace(what + " got " + v); return v; } catch (e) { this.trace(what + " failed " + e.message); throw e; } }
  async call1(n, x) {
    this.trace("issue " + n.id + "(" + x + ")");
    return this.told(n.id, this.call(TASKS[n.task], { x }, $site("Random.run#T" + n.task + "@n" + n.id)));
  }
  /** As the build calls a helper: what it runs can be told from what others run. */
  branch(n, q, x) { return $method("Random.run#this.eval@b" + n.id, this, "eval", [q, x]); }
  async eval(n, x) {
    const k = n.kids;
    switch (n.type) {
      case "call": return this.call1(n, x);
      case "sleep": await this.told(n.id, this.sleep((n.task + x) % 3, $site("Random.run#sleep@n" + n.id))); return x;
      case "wait": return this.told(n.id, this.waitFor("m" + n.task, { timeout: 1 + x % 3 }, $site("Random.run#wait:m" + n.task + "@n" + n.id))).catch(() => 50);
      case "attempt": {
        this.trace("issue " + n.id + "(" + x + ")");
        const end = await this.attempt(TASKS[n.task], { x }, $site("Random.run#T" + n.task + "@a" + n.id));
        this.trace(n.id + (end.status === "succeeded" ? " got " + plain(end.value) : " failed " + end.error.message));
        return end.status === "succeeded" ? this.eval(k[0], plain(end.value)) : 60;
      }
      case "together": return (await this.all(k.map((q) => this.branch(n, q, x)))).reduce((a, b) => (a * 3 + b) % 97, 0);
      case "contest": { const v = await this.race(k.map((q) => this.branch(n, q, x))); this.trace("contest " + n.id + " " + v); return v; }
      case "collect": {
        const r = await this.map(k.map((q, i) => ({ q, i })), ({ q, i }) => this.eval(q, x + i), { onError: "collect" }, $site("Random.run#map@c" + n.id));
        this.trace("collect " + n.id + " " + r.map((end) => end.value ?? end.error.message));
        return r.reduce((a, b) => (a * 19 + (b.value ?? 70)) % 97, 0);
      }
      case "hidden": return this.eval(k[globalThis.hidden], x).catch(() => 80);
      case "seq": { let v = x; for (const q of k) v = (v + await this.eval(q, v)) % 97; return v; }
      case "all": return (await Promise.all(k.map((q) => this.eval(q, x)))).reduce((a, b) => (a * 3 + b) % 97, 0);
      case "settled": return (await Promise.allSettled(k.map((q) => this.eval(q, x)))).reduce((a, b) => (a * 5 + (b.value ?? 50)) % 97, 0);
      case "race": { const v = await Promise.race(k.map((q, i) => this.eval(q, x).then((v) => [i, v]))); this.trace("race " + n.id + " " + v); return (v[0] * 11 + v[1]) % 97; }
      case "any": { const v = await Promise.any(k.map((q, i) => this.eval(q, x).then((v) => [i, v]))); this.trace("any " + n.id + " " + v); return (v[0] * 13 + v[1]) % 97; }
      case "helper": { const h = async (y) => { await null; const z = await this.eval(k[0], y); return new Promise((r) => queueMicrotask(() => r(z))); }; let v = await h(x + 1); for (const q of k.slice(1)) v = (v + await this.eval(q, v)) % 97; return v; }
      case "try": try { return await this.eval(k[0], x); } catch (e) { this.trace("catch " + n.id); return this.eval(k[1], x + 1); }
      case "finally": try { return await this.eval(k[0], x); } finally { if (k[1]) await this.eval(k[1], x).catch(() => 0); }
      case "branch": { const v = await this.eval(k[0], x); this.trace("branch " + n.id + " " + v % 2); return this.eval(k[1 + v % 2], v); }
      case "early": { const p = this.eval(k[0], x); p.catch(() => {}); const v = await this.eval(k[1], x); return ((await p) * 7 + v) % 97; }
      case "unawaited": { const p = this.eval(k[0], x); p.catch(() => {}); return k[1] ? this.eval(k[1], x) : x; }
      case "limit": { let i = 0, s = 0; const w = async () => { while (i < k.length) { const q = k[i++]; s = (s * 3 + await this.eval(q, x)) % 97; } }; await Promise.all([w(), w()]); return s; }
      case "loop": { let v = x; for (let i = 0; i < 1 + v % 3; i++) v = (v + await this.eval(k[0], i)) % 97; return v; }
      case "map": { const items = k.map((q, i) => ({ q, i })); const r = await this.map(items, ({ q, i }) => this.eval(q, x + i), { concurrency: 2 }, $site("Random.run#map@m" + n.id)); this.trace("map " + n.id + " " + r); return r.reduce((a, b) => (a * 17 + b) % 97, 0); }
      case "local": { const v = await this.told("local" + n.id, this.step("s" + n.id, () => globalThis.behave("local" + n.id, 1, x), $site("Random.run#step:s" + n.id))); this.trace("random " + this.random().toFixed(6) + " " + this.uuid()); return v; }
      case "shared": { const key = "k" + n.task % 2; const v = await this.told("shared" + n.id, n.task > 1 ? this.shared.update(key, (c) => ((c ?? 0) * 3 + x) % 97) : this.shared.get(key)); return v ?? x; }
      case "sub": { const v = await this.told("sub" + n.id, this.call(Inner, { program: { ...n, type: "seq" }, x }, $site("Random.run#Inner@i" + n.id))); this.trace("now " + this.now()); return v; }
    }
  }
}
Reflect.defineMetadata(P, new Set(["program", "x"]), Interpreter);
export class Random extends Interpreter { margin = ""; run() { return this.eval(this.program, 3); } }
export class Inner extends Interpreter { margin = "  "; run() { return this.eval(this.program, this.x); } }
`;
