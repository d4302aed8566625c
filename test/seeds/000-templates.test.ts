/** The first ancestor's templates and configuration, by the numbers of the scenarios: 18, and the first stage of 17. */
import { buildTasks, layerSettings, readSetting, renderTasks } from "@millrace/jobs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const files: Readonly<Record<string, string>> = {
  "samples.json": '[{ "id": "s1" }, { "id": "s2" }]',
  "broken.json": "[",
  "samples.csv": "id,reads\ns1,s1.fq\n",
  "names.txt": "s1\r\n s 2\n\ns3\n",
  "ragged.csv": 'id,reads\n"s\n1",s1.fq\ns2\n',
};
const read = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error(`ENOENT: ${path}`);
  return text;
};
const setting = (key: string, text: string) => readSetting(key, text, { read });
const message = (act: () => unknown): string => {
  try {
    return `nothing is wrong: ${act()}`;
  } catch (error) {
    return (error as Error).message;
  }
};

describe("17. render", () => {
  it("makes tasks of a template and settings", async () => {
    const template = [
      "{% for sample in samples %}",
      '{% render "align", sample: sample, threads: threads %}',
      "{% endfor %}",
      "- name: report",
      "  cmd: report {{ title }}",
      "  after-re: align-.*",
    ].join("\n");
    const align =
      "- name: align-{{ sample.id }}\n  cmd: align -t {{ threads }} {{ sample.id }}\n  cpus: {{ threads }}\n";
    const settings = { ...setting("file:json:samples", "samples.json"), threads: 4, title: "all" };
    const text = await renderTasks(template, { settings, partials: { align } });
    const { tasks, edges } = buildTasks(text);
    expect(tasks.map(({ name, directives }) => [name, directives.cmd, directives.cpus])).toEqual([
      ["align-s1", "align -t 4 s1", 4],
      ["align-s2", "align -t 4 s2", 4],
      ["report", "report all", undefined],
    ]);
    expect(edges).toHaveLength(2);
  });
});

describe("18. settings", () => {
  it("of a command go before those of the project, those before the package's; mappings are merged, lists are replaced", () => {
    const ofPackage = { threads: 1, genome: { name: "38", files: ["a", "b"] }, mail: null };
    const ofProject = { threads: 2, genome: { files: ["c"] }, mail: { to: "ann" } };
    const merged = layerSettings(ofPackage, ofProject, setting("int:threads", "4"), setting("genome.name", "37"));
    expect(merged).toEqual({ threads: 4, genome: { name: "37", files: ["c"] }, mail: { to: "ann" } });
    expect(ofPackage).toEqual({ threads: 1, genome: { name: "38", files: ["a", "b"] }, mail: null });
  });

  it("are layered alike, however the layers are grouped, and never reach what objects inherit", () => {
    const { tree } = fc.letrec((tie) => ({
      tree: fc.dictionary(
        fc.constantFrom("a", "b", "__proto__"),
        fc.oneof({ depthSize: "small" }, fc.nat({ max: 2 }), fc.array(fc.nat()), tie("tree")),
      ),
    }));
    // Dictionaries hold whatever the recursion made.
    const settings = tree as fc.Arbitrary<Readonly<Record<string, unknown>>>;
    fc.assert(
      fc.property(settings, settings, settings, (a, b, c) => {
        const all = layerSettings(a, b, c);
        for (const value of Object.values(c))
          if (typeof value === "number") expect(Object.values(all)).toContain(value);
        expect(layerSettings(layerSettings(a, b), c)).toEqual(all);
        expect(layerSettings(all, all)).toEqual(all);
        expect(Object.getPrototypeOf({})).toBe(Object.prototype);
      }),
      { seed: 18 },
    );
  });

  it.each([
    ["threads", "4", { threads: "4" }],
    ["int:threads", "4", { threads: 4 }],
    ["float:ratio", "1e-3", { ratio: 0.001 }],
    ["bool:fast", "true", { fast: true }],
    ["json:genome.files", '["a"]', { genome: { files: ["a"] } }],
    ["yaml:x", "{a: [1, b]}", { x: { a: [1, "b"] } }],
    ["file:json:samples", "samples.json", { samples: [{ id: "s1" }, { id: "s2" }] }],
    ["file:str:text", "broken.json", { text: "[" }],
    [
      "csv:x",
      'id,reads\r\ns1,"a ""b"", c\nd"\r\n\r\ns2,\r\n',
      {
        x: [
          { id: "s1", reads: 'a "b", c\nd' },
          { id: "s2", reads: "" },
        ],
      },
    ],
    ["tsv:x", "\u{feff}id\treads\ns1\ta, b\r.fq", { x: [{ id: "s1", reads: "a, b\r.fq" }] }],
    ["csv:x", "id", { x: [] }],
    ["csv:x", 'id\n""\n', { x: [{ id: "" }] }],
    ["file:txt:x", "names.txt", { x: ["s1", " s 2", "s3"] }],
    ["txt:x", "", { x: [] }],
    ["file:csv:x", "samples.csv", { x: [{ id: "s1", reads: "s1.fq" }] }],
  ])("%s %j", (key, text, expected) => {
    expect(setting(key, text)).toEqual(expected);
  });

  it.each([
    ["int:threads", "four", 'The setting int:threads cannot be used: "four" is no int.'],
    ["int:threads", "1.5", '"1.5" is no int.'],
    ["float:x", "", '"" is no float.'],
    ["bool:x", "yes", '"yes" is no bool.'],
    ["json:x", "{", '"{" is no json: '],
    ["yaml:x", "{", '"{" is no yaml: '],
    ["number:x", "1", 'there is no type "number".'],
    ["files:json:x", "a", "only `file` can stand before a type."],
    ["file:json:x", "none.json", "none.json cannot be read: ENOENT: none.json."],
    ["file:json:x", "broken.json", "broken.json is no json: "],
    ["bool:x", "constructor", '"constructor" is no bool.'],
    ["file:csv:x", "ragged.csv", "ragged.csv is no csv: line 4 has 1 fields, and line 1 has 2."],
    ["csv:x", "", "it has no line with the names of its columns."],
    ["csv:x", "a,a\n", 'line 1 names the column "a" twice.'],
    ["csv:x", "a,\n1,2\n", "line 1 has no name for column 2."],
    ["csv:x", 'a,b\n1,x"y\n', "line 2 has a quote in the wrong place"],
    ["csv:x", 'a,b\n1,"x"y\n', "line 2 has a quote in the wrong place"],
    ["tsv:x", 'a\tb\n1\t"x\n', "line 2 has a quote in the wrong place"],
    ["int:a..b", "1", '"a..b" is no name of a setting.'],
  ])("%s %j is refused", (key, text, why) => {
    expect(message(() => setting(key, text))).toContain(why);
  });

  it("of tables come back from any text that holds them", () => {
    const field = fc.string({ unit: fc.constantFrom("a", "é", '"', ",", "\t", "\n", "\r", " ") });
    const names = fc.uniqueArray(
      field.filter((name) => name !== ""),
      { minLength: 1, maxLength: 4 },
    );
    const table = names.chain((columns) =>
      fc.record({
        columns: fc.constant(columns),
        rows: fc.array(fc.array(field, { minLength: columns.length, maxLength: columns.length })),
      }),
    );
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(["csv", ","], ["tsv", "\t"]),
        fc.constantFrom("\n", "\r\n"),
        ({ columns, rows }, [type, mark], end) => {
          const text = [columns, ...rows].map((row) => row.map(quoted).join(mark)).join(end);
          const expected = rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
          expect(setting(`${type}:x`, text)).toEqual({ x: expected });
          expect(setting(`${type}:x`, text + end)).toEqual({ x: expected });
        },
      ),
      { seed: 4180 },
    );
  });

  it.each([
    ['{{ "abc" | md5 }}', "900150983cd24fb0d6963f7d28e17f72"],
    ['{{ "abc" | sha256 | slice: 0, 8 }}', "ba7816bf"],
    ['{{ "a/b.fq.gz" | basename }} {{ "a/b.fq.gz" | basename: ".gz" }} {{ "a/b.fq.gz" | dirname }}', "b.fq.gz b.fq a"],
    ["{% assign x = '{\"a\": [1, 2]}' | fromjson %}{{ x.a | join: '-' }}", "1-2"],
    [
      "{% assign u = 'https://me@host:8080/a/b?q=1#f' | urlparse %}{{ u.scheme }} {{ u.netloc }} {{ u.port }} {{ u.path }} {{ u.query }} {{ u.fragment }}",
      "https host:8080 8080 /a/b q=1 f",
    ],
    ['{{ "reads.fq" | file_sha256 }}', "hash of reads.fq"],
  ])("%s", async (template, expected) => {
    expect(await renderTasks(template, { fileHash: (path) => `hash of ${path}` })).toBe(expected);
  });

  it.each([
    ["a loop without end", "{% for i in (1..9000000) %}{% endfor %}", /t:1:1: it takes longer than 20 ms to render/],
    ["a range without end", "a\n{% for i in (1..50000001) %}{% endfor %}", /t:2:\d+: it makes more than 50000000/],
    ["a partial that brings in itself", '{% render "self" %}', /too deep in each other, or bring in themselves/],
    ["parts in parts", "{% if 1 %}".repeat(50_000), /too deep in each other/],
    ["a text without end", "x".repeat(4_000_001), /t:1:1: it is longer than 4000000 characters/],
    ["JSON that is none", "\n{{ '{' | fromjson }}", /t:2:1: .*JSON/],
    ["a hash of a list", "{{ l | md5 }}", /t:1:1: md5 takes a text, not \[1\]/],
    ["a URL that is none", "{{ 'a b' | urlparse }}", /t:1:1: urlparse takes a URL, not "a b"/],
    ["a file, where there are none", "{{ 'a' | file_sha256 }}", /t:1:1: undefined filter: file_sha256/],
  ])("come to an end with an error that names the template: %s", async (name, template, why) => {
    const timeMs = name === "a loop without end" ? 20 : 600_000;
    const options = { file: "t", settings: { l: [1] }, partials: { self: '{% render "self" %}' }, timeMs };
    await expect(renderTasks(template, options)).rejects.toThrow(why);
  });

  it.each([
    ["a variable", "a:\n  {{ threads }}", {}, "t.yaml:2:6: undefined variable: threads."],
    ["a part of one", "{{ genome.nmae }}", { genome: { name: "38" } }, "t.yaml:1:4: undefined variable: genome.nmae."],
    ["one in a condition", "{% if fast %}x{% endif %}", {}, "t.yaml:1:7: undefined variable: fast."],
    ["one with a default", "{{ x | default: 3 }}", {}, "t.yaml:1:4: undefined variable: x."],
    ["what objects inherit", "{{ genome.constructor }}", { genome: {} }, "undefined variable: genome.constructor."],
    ["one in a partial", '{% render "part" %}', {}, "part:2:4: undefined variable: z."],
    ["a filter", "\n{{ 1 | halve }}", {}, "t.yaml:2:1: undefined filter: halve."],
    ["a file", '{% include "package.json" %}', {}, "t.yaml:1:1: "],
    ["an end", "{% for x in y %}", { y: [] }, "t.yaml:1:1: tag {% for x in y %} not closed."],
  ])("that are not there fail a template by name and place: %s", async (_, template, settings, why) => {
    const partials = { part: "x:\n{{ z }}" };
    await expect(renderTasks(template, { settings, file: "t.yaml", partials })).rejects.toThrow(why);
  });
});
