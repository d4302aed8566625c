import { defineFlow, defineTask } from "millrace";
import { origin } from "./origin.js";

export const echo = defineTask({
  id: "Echo",
  run: async ({ text }: { text: string }) => `${origin()}: ${text}`,
});

export default defineFlow({
  id: "Echoing",
  run: async ({ text }: { text: string }, flow) => `${origin()}: ${await flow.call(echo, { text })}`,
});
