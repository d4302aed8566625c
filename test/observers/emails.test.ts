/** Mails through nodemailer, to a server of this machine and into its own JSON. */
import { type EmailObserverOptions, emailObserver, type Mail } from "@millrace/runtime";
import { EventFeed } from "@millrace/testing/conformance";
import { createTransport } from "nodemailer";
import { expect, it } from "vitest";
import { mailServer } from "./mail-server.js";
import { heardOnStderr } from "./stderr.js";

const ADDRESSES = { from: "flows@example.test", to: ["ops@example.test", "dev@example.test"] };
const FAILED = { name: "TypeError", message: "fetch failed", stack: "TypeError: fetch failed\n    at report.ts:3:5" };

/** One run that fails. */
async function failed(options: Omit<EmailObserverOptions, "from" | "to">): Promise<void> {
  const observer = emailObserver({ ...ADDRESSES, ...options });
  const feed = new EventFeed();
  await observer.open?.();
  observer.on(feed.started());
  observer.on(feed.ended({ total: 1, failed: 1 }, FAILED));
  await observer.close?.();
}

it("reach a server by its address, with the run's error and its stack", async () => {
  const server = await mailServer();
  await failed({ transport: server.url, on: ["failure"] });
  expect(server.mails).toHaveLength(1);
  const text = server.mails[0]?.join("\n");
  expect(text).toContain("From: flows@example.test");
  expect(text).toContain("To: ops@example.test, dev@example.test");
  expect(text).toContain("Subject: CityReport failed");
  expect(text).toContain("CityReport failed in 12.3 s (1 step: 1 failed): TypeError: fetch failed");
  expect(text).toContain("at report.ts:3:5");
});

it("go through an account that is asked for when the engine opens, or a transporter of nodemailer", async () => {
  const server = await mailServer();
  await failed({ transport: async () => server.url, on: ["start"] });
  expect(server.mails).toHaveLength(1);
  const json = createTransport({ jsonTransport: true });
  const sent: unknown[] = [];
  const transport = {
    sendMail: async (mail: Mail) => {
      const { message } = await json.sendMail({ ...mail, to: [...mail.to] });
      sent.push(JSON.parse(String(message)));
    },
  };
  const words = { subject: () => "Look!", text: ({ kind }: { kind: string }) => `it was a ${kind}` };
  await failed({ transport, on: ["start", "failure"], ...words });
  expect(sent).toMatchObject([
    { subject: "Look!", text: "it was a start", from: { address: "flows@example.test" } },
    { subject: "Look!", text: "it was a failure" },
  ]);
});

it("that are refused for good are not sent again, those that may be taken later are", async () => {
  const heard = heardOnStderr();
  let asked = 0;
  const refusing = await mailServer(() => {
    asked += 1;
    return "550 nobody here";
  });
  await failed({ transport: refusing.url, on: ["failure"] });
  // Two recipients, one mail.
  expect(asked).toBe(2);
  expect(heard()).toMatch(/observer "email" could not tell of "failure" of run oslo-1: .*550 nobody here/);

  let tries = 0;
  const busy = await mailServer(() => {
    tries += 1;
    return tries <= 2 ? "451 later" : "250 ok";
  });
  await failed({ transport: busy.url, on: ["failure"] });
  expect(busy.mails).toHaveLength(1);
});
