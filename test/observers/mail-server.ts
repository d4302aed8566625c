/** A mail server on this machine: enough SMTP to take mails, or to refuse them. */
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** The running server. */
export interface MailServer {
  readonly url: string;
  /** Lines of each mail, head and body. */
  readonly mails: readonly (readonly string[])[];
}

/** Starts one, until the test has finished. @param answer The server's answer to each recipient. */
export async function mailServer(answer: () => string = () => "250 ok"): Promise<MailServer> {
  const mails: string[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    const say = (line: string): unknown => socket.write(`${line}\r\n`);
    let mail: string[] | undefined;
    say("220 test");
    createInterface(socket).on("line", (line) => {
      if (mail) {
        if (line !== ".") mail.push(line);
        else {
          mails.push(mail);
          mail = undefined;
          say("250 taken");
        }
      } else if (line === "DATA") {
        mail = [];
        say("354 go on");
      } else if (line === "QUIT") socket.end("221 bye\r\n");
      else say(line.startsWith("RCPT") ? answer() : "250 ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  // Safe: it listens on a port.
  const { port } = server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, mails };
}
