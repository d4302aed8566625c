/** A value of a record as TypeScript source that makes it again. */
import { KINDS, MillraceError } from "@millrace/core";

/** Source, and what it takes from `millrace`. */
export interface ValueSource {
  readonly text: string;
  readonly imports: ReadonlySet<string>;
}

type Inner = (value: unknown, place: string) => string;
// biome-ignore lint/suspicious/noExplicitAny: each writer is asked for values of its own kind alone
type Writer = (value: any, inner: Inner, imports: Set<string>) => string;

const numbers = (name: string): readonly [string, Writer] => [
  name,
  (value: ArrayLike<number | bigint>) =>
    `new ${name}([${Array.from(value, (each) => (typeof each === "bigint" ? `${each}n` : numberText(each))).join(", ")}])`,
];

/** By kind, where it is neither JSON nor a field of an object. Others are refused: their source would not be the value. */
const WRITERS: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ["undefined", () => "undefined"],
  ["bigint", (value: bigint) => `${value}n`],
  ["Date", (value: Date) => `new Date(${Number.isNaN(value.getTime()) ? "Number.NaN" : JSON.stringify(value)})`],
  [
    "RegExp",
    ({ source, flags, lastIndex }: RegExp) => {
      const made = `new RegExp(${JSON.stringify(source)}, ${JSON.stringify(flags)})`;
      return lastIndex === 0 ? made : `Object.assign(${made}, { lastIndex: ${lastIndex} })`;
    },
  ],
  ["URL", (value: URL) => `new URL(${JSON.stringify(value.href)})`],
  [
    "Map",
    (value: ReadonlyMap<unknown, unknown>, inner) =>
      `new Map(${group(
        "[]",
        [...value].map(([key, each], i) => `[${inner(key, `.keys[${i}]`)}, ${inner(each, `.values[${i}]`)}]`),
      )})`,
  ],
  [
    "Set",
    (value: ReadonlySet<unknown>, inner) =>
      `new Set(${group(
        "[]",
        [...value].map((each, i) => inner(each, `.values[${i}]`)),
      )})`,
  ],
  ["Buffer", (value: Buffer) => `Buffer.from("${value.toString("base64")}", "base64")`],
  ["ArrayBuffer", (value: ArrayBuffer) => `new Uint8Array([${[...new Uint8Array(value)].join(", ")}]).buffer`],
  ...[
    "Uint8",
    "Uint8Clamped",
    "Int8",
    "Int16",
    "Uint16",
    "Int32",
    "Uint32",
    "Float32",
    "Float64",
    "BigInt64",
    "BigUint64",
  ].map((name) => numbers(`${name}Array`)),
  [
    "Secret",
    (value: { readonly reference: string }, _inner, imports) => {
      imports.add("Secret");
      return `Secret.parse(${JSON.stringify(value.reference)})`;
    },
  ],
]);

/** @throws MillraceError `usage` for what no source makes, naming where it stands. */
export function valueSource(value: unknown, root: string): ValueSource {
  const imports = new Set<string>();
  const write = (each: unknown, at: string): string => {
    if (each === null || typeof each === "boolean" || typeof each === "string") return JSON.stringify(each);
    if (typeof each === "number") return numberText(each);
    const inner: Inner = (part, place) => write(part, at + place);
    if (Array.isArray(each))
      return group(
        "[]",
        each.map((item, i) => inner(item, `[${i}]`)),
      );
    const writer = WRITERS.get(KINDS.find((kind) => kind.recognise(each))?.name ?? "");
    if (writer) return writer(each, inner, imports);
    if (Object.getPrototypeOf(each) === Object.prototype) {
      return group(
        "{}",
        Object.entries(each as object).map(([key, field]) => `${keyText(key)}: ${inner(field, `.${key}`)}`),
      );
    }
    throw new MillraceError("usage", `${at} cannot be written down: it is ${kindText(each)}.`, {
      hint: "Write the test by hand; `flow replay` without --save-test runs the step all the same.",
      data: { at },
    });
  };
  return { text: write(value, root), imports };
}

function kindText(value: unknown): string {
  const name = KINDS.find((kind) => kind.recognise(value))?.name;
  return name === "value"
    ? `an instance of ${(value as object).constructor.name}`
    : `of the kind ${name ?? typeof value}`;
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value)
    ? String(value)
    : `${value < 0 ? "-" : ""}Number.${Number.isNaN(value) ? "NaN" : "POSITIVE_INFINITY"}`;
}

/** A key whose plain form would be a prototype is a computed one. */
function keyText(key: string): string {
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

const WIDTH = 80;

/** Parts between brackets: on one line if they fit, else a line each. */
function group(brackets: "[]" | "{}", parts: readonly string[]): string {
  const [open, close] = brackets;
  const line = parts.join(", ");
  if (parts.length === 0) return brackets;
  if (line.length <= WIDTH && !line.includes("\n"))
    return brackets === "[]" ? `${open}${line}${close}` : `${open} ${line} ${close}`;
  return `${open}\n${parts.map((part) => `  ${part.replaceAll("\n", "\n  ")},`).join("\n")}\n${close}`;
}
