/** Notifications by e-mail, through `nodemailer`, which is loaded if it is needed and installed by who needs it. */
import { MillraceError, type Observer } from "@millrace/core";
import { installedPackage } from "../../loading/installed-package.js";
import { headline, type Notification } from "./notification.js";
import { type Courier, type NotifierOptions, notifier, type Refusal } from "./notifier.js";

/** What sends mails: a transporter of nodemailer, or anything like it. */
export interface MailTransport {
  /** Sends one. */
  sendMail(mail: Mail): Promise<unknown>;
  /** After the last one. */
  close?(): void;
}

/** A mail, in the fields of nodemailer. */
export interface Mail {
  readonly from: string;
  readonly to: string | readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** From whom, to whom and how. */
export interface EmailObserverOptions extends NotifierOptions {
  /**
   * A transporter, which stays open; or what `nodemailer.createTransport` takes: an address `smtp://…`, options, or a function that
   * gives one of them, when the engine opens, for passwords that are `Secret`s.
   */
  readonly transport: MailTransport | MailAccount | (() => MailAccount | Promise<MailAccount>);
  readonly from: string;
  readonly to: string | readonly string[];
  /** Default: flow and moment, `CityReport failed`. */
  readonly subject?: (notification: Notification) => string;
  /** Default: the notification's sentence, and the stack of the error. */
  readonly text?: (notification: Notification) => string;
}

/** How nodemailer reaches a server. */
export type MailAccount = string | Readonly<Record<string, unknown>>;

/** Sends a mail for each of the moments `on`. What a server refuses for good (5xx) is not tried again. @throws MillraceError `invalid-options`. */
export function emailObserver(options: EmailObserverOptions): Observer {
  return notifier(new EmailCourier(options), options);
}

class EmailCourier implements Courier {
  readonly name = "email";
  readonly #options: EmailObserverOptions;
  /** Opened here, and closed here. */
  #own: MailTransport | undefined;

  constructor(options: EmailObserverOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { transport } = this.#options;
    if (isTransport(transport)) return;
    const account = typeof transport === "function" ? await transport() : transport;
    this.#own = nodemailer().createTransport(account);
  }

  async send(notification: Notification): Promise<Refusal | undefined> {
    const { transport, from, to, subject = headline, text = fullText } = this.#options;
    const through = isTransport(transport) ? transport : this.#own;
    try {
      await through?.sendMail({ from, to, subject: subject(notification), text: text(notification) });
      return undefined;
    } catch (error) {
      // Nodemailer gives errors the code of the server's answer.
      const { responseCode } = error as { readonly responseCode?: number };
      if (responseCode === undefined || responseCode < 500) throw error;
      return { refused: String(error) };
    }
  }

  close(): void {
    this.#own?.close?.();
  }
}

function isTransport(transport: EmailObserverOptions["transport"]): transport is MailTransport {
  return typeof transport === "object" && "sendMail" in transport;
}

function fullText({ text, error }: Notification): string {
  return error?.stack === undefined ? text : `${text}\n\n${error.stack}`;
}

/** @throws MillraceError `package-missing`. */
function nodemailer(): { createTransport(account: MailAccount): MailTransport } {
  try {
    // Safe: its documented door.
    return installedPackage().require("nodemailer") as { createTransport(account: MailAccount): MailTransport };
  } catch (cause) {
    throw new MillraceError("package-missing", "Mails need the package nodemailer: `npm install nodemailer`.", {
      hint: "Install it where the engine runs, or give `transport` an object with `sendMail`.",
      data: { package: "nodemailer" },
      cause,
    });
  }
}
