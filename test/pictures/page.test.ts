/** The page of a flow: it loads nothing, allows only what it holds, and takes no name for markup. */
import { createHash } from "node:crypto";
import type { TaskEntry } from "@millrace/core";
import { beforeAll, describe, expect, it } from "vitest";
import { renderFlowPage } from "../../packages/cli/src/graph-page/render-page.js";
import { dataEdge, flowOf, nodeOf } from "./random-flow.js";

const HOSTILE = `</script><script src="https://evil.example/x.js"></script><img src=x onerror="alert(1)">`;

const { graph: _, ...declaration } = flowOf({ nodes: [], edges: [] });
const send: TaskEntry = {
  ...declaration,
  kind: "task",
  id: "Send",
  doc: `Sends. ${HOSTILE}`,
  params: [
    { name: "to", required: false, schema: {}, text: "string", default: { value: HOSTILE }, doc: "Whom." },
    { name: "cc", required: false, schema: {}, text: "string" },
    { name: "at", required: false, schema: {}, text: "Date", default: { source: "new Date(0)" } },
    { name: "text", required: true, schema: {}, text: "string" },
  ],
  options: { retry: { attempts: 3 }, timeout: "30s" },
  hooks: [],
  shared: { reads: [], writes: [] },
};
const nodes = [nodeOf("call", HOSTILE), nodeOf("call", "Send"), nodeOf("branch", HOSTILE.repeat(2))];

/** Contents of all elements of a name, with the attributes of their tags. */
function parts(html: string, name: string): readonly { readonly attributes: string; readonly text: string }[] {
  return [...html.matchAll(new RegExp(`<${name}([^>]*)>([\\s\\S]*?)</${name}>`, "g"))].map(
    ([, attributes = "", text = ""]) => ({ attributes, text }),
  );
}

describe("the page of a flow with hostile names", () => {
  let html = "";
  beforeAll(async () => {
    const flow = flowOf({ nodes, edges: [dataEdge(HOSTILE, "Send", "to")] }, HOSTILE);
    html = await renderFlowPage(flow, { tasks: { Send: send }, flows: {} });
  });

  it("holds one script and its data, and no element that was not meant", () => {
    expect(parts(html, "script").map(({ attributes }) => attributes)).toEqual([
      ' id="data" type="application/json"',
      ' type="module"',
    ]);
    const [, body = ""] = /<body>([\s\S]*?)<script id="data"/.exec(html) ?? [];
    expect(body).not.toMatch(/<(?:script|img|iframe|link|a|object|embed|foreignObject)\b/);
    expect(body).not.toMatch(/<[a-z][^>]*\s(?:on\w+|style)=/);
  });

  it("allows exactly the scripts and styles that it holds", () => {
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    const [script] = parts(html, "script").filter(({ attributes }) => attributes.includes("module"));
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      `script-src ${hash(script?.text ?? "")}`,
      `style-src ${parts(html, "style")
        .map(({ text }) => hash(text))
        .join(" ")}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it("names no address but that of the language", () => {
    const [, data = ""] = /type="application\/json">([^<]*)</.exec(html) ?? [];
    // Names are text: in the data, and escaped in the picture.
    const rest = html.replace(data, "").replace(/&#\d+;/g, "");
    const addresses = [...rest.matchAll(/(?:https?:)?\/\/[\w.]+\.\w+[^\s"'<)]*/g)].map(([address]) => address);
    expect(
      addresses.filter(
        (address) => !/^https:\/\/evil\.example\/x\.js|^http:\/\/www\.w3\.org\/2000\/svg$/.test(address),
      ),
    ).toEqual([]);
    expect(html).not.toMatch(/(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?\/\//);
  });

  it("tells of each node what is known of it", () => {
    const [data] = parts(html, "script");
    const { flow, nodes: told } = JSON.parse(data?.text ?? "");
    expect(flow.title).toBe(HOSTILE);
    expect(told[1]).toEqual({
      element: "n1",
      title: "Send",
      kind: "call",
      doc: `Sends. ${HOSTILE}`,
      params: [
        { name: "to", type: "string", need: `default ${JSON.stringify(HOSTILE)}`, doc: "Whom." },
        { name: "cc", type: "string", need: "optional" },
        { name: "at", type: "Date", need: "default new Date(0)" },
        { name: "text", type: "string", need: "required" },
      ],
      facts: [
        ["task", "Send"],
        ["retry", "attempts 3"],
        ["timeout", "30s"],
        ["declared at", "src/x.ts:1"],
        ["in the source at", "src/x.ts:1"],
        ["site", "F.run#Send"],
      ],
      incoming: [{ element: "n0", text: `${HOSTILE}: to` }],
      outgoing: [],
    });
  });
});
