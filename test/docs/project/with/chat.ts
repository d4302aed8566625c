/** The chat of docs/streams.md. */
export { Chat, Say as Answer } from "../src/chat.js";

export const question = "Will it rain?";
