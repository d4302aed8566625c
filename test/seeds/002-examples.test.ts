/**
 * The examples of the notes that rules come from, ported as they stand. The notes print nothing: what is compared is what each example says
 * that it does. Their types of what follows a task, `List[Type]|Type|Branch[a=atom, b=atom]`, are printed in 002-rule-classes.test.ts.
 */
import { ContainerSpawner } from "@millrace/runtime";
import { openTestEngine } from "@millrace/testing";
import { Container, Rules, rule, Scheduler } from "millrace/jobs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeContainers } from "../engine/containers/fake-containers.js";

interface Thing {
  readonly id: string;
}

it("('name', lambda x: True, lambda x: [{'id': x['id']}]): a rule that makes its own token again is stopped, and says by which chain", async () => {
  const given: Thing[] = [];
  const name = rule<Thing>("name", {
    filter: {},
    next: ({ id }): Thing[] => {
      given.push({ id });
      return [{ id }];
    },
  });
  await using engine = await openTestEngine();
  const rules = new Rules({ rules: [name], limits: { depth: 3 } });
  const end = await engine.start(rules.with([{ id: "a" }])).outcome();
  // There nothing ends it; here the limit is 1,000 firings in a chain unless a set says otherwise.
  expect(end).toMatchObject({
    status: "failed",
    error: { message: "A chain of rules is 4 firings long, and 3 is the limit: name → name → name → name." },
  });
  expect(given).toEqual(Array(4).fill({ id: "a" }));
});

describe("the plugin for containers (fake client)", () => {
  let fake: FakeContainers;
  beforeEach(() => {
    fake = new FakeContainers("docker");
  });
  afterEach(() => fake[Symbol.dispose]());
  const engineOf = () => openTestEngine({ containers: new ContainerSpawner({ client: fake.client }) });

  it('main: run("locust.bpmms.com", "execution_name", "docker.bpmms.com/bpmms_uploads_v2"), then wait("")', async () => {
    const globals = Object.getOwnPropertyNames(globalThis);
    async function main(): Promise<boolean> {
      const run = new Container(
        "docker.bpmms.com/bpmms_uploads_v2",
        { host: "locust.bpmms.com", name: "execution_name", cwd: fake.folder },
        { label: "run" },
      );
      await using engine = await engineOf();
      const waited = await new Scheduler(run).run(engine);
      return waited.ok;
    }
    expect(await main()).toBe(true);
    const [call = []] = fake.runs;
    expect(call).toEqual(expect.arrayContaining(["locust.bpmms.com", "execution_name"]));
    expect(call.at(-1)).toBe("docker.bpmms.com/bpmms_uploads_v2");
    // What the script uses it imports; there it was put among the globals.
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(globals);
  });

  it('type "Docker", body: an argument of type "load" is the value of a variable', async () => {
    const ended: unknown[] = [];
    const body = {
      action: "run",
      host: "locust.bpmms.com",
      name: "execution_name",
      image: "docker.bpmms.com/bpmms_uploads_v2",
    };
    const rules = new Rules({
      variables: { x: "2018-04" },
      rules: [
        {
          name: "docker",
          filter: { type: "Docker", body: { action: "run" } },
          run: { container: body.image },
          params: {
            cwd: { value: fake.folder },
            host: { from: "token", path: "body.host" },
            name: { from: "token", path: "body.name" },
            args: {
              list: [{ value: "-m" }, { value: "bpmms_uploads.scripts.reports.mid_mf" }, { from: "vars", path: "x" }],
            },
          },
          next: [{ token: { fields: { finalised: { from: "result", path: "code" } } } }],
        },
        rule("wait", { filter: { finalised: 0 }, next: (token) => void ended.push(token) }),
      ],
    });
    await using engine = await engineOf();
    await engine.start(rules.with([{ type: "Docker", body }])).result();
    const [call = []] = fake.runs;
    expect(call.slice(-4)).toEqual([body.image, "-m", "bpmms_uploads.scripts.reports.mid_mf", "2018-04"]);
    expect(call).toEqual(expect.arrayContaining(["locust.bpmms.com", "execution_name"]));
    expect(ended).toEqual([{ finalised: 0 }]);
  });
});
