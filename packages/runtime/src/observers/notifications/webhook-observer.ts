/** Notifications to a web address. */
import { jsonImage, MillraceError, type Observer, Secret } from "@millrace/core";
import type { Notification } from "./notification.js";
import { type Courier, type NotifierOptions, notifier, type Refusal, TryLater } from "./notifier.js";

/** Where notifications go, and in which form. */
export interface WebhookObserverOptions extends NotifierOptions {
  /** Address, http or https. Often a key in itself: messages show its host alone. */
  readonly url: string | URL | Secret;
  /** Beside `content-type: application/json`. */
  readonly headers?: Readonly<Record<string, string | Secret>>;
  /** What is sent, as JSON; a string as it is. Default: the notification, whose `text` chats show. */
  readonly body?: (notification: Notification) => unknown;
  /** Sends requests. Default: the global one. */
  readonly fetch?: typeof fetch;
}

/**
 * Posts a notification for each of the moments `on`. Answers 408, 429 and from 500 are tried again, after the pause that `Retry-After` asks
 * for, other failures are not; redirects are not followed.
 * @throws MillraceError `invalid-options`.
 */
export function webhookObserver(options: WebhookObserverOptions): Observer {
  if (!Secret.isSecret(options.url)) addressOf(options.url);
  return notifier(new WebhookCourier(options), options);
}

class WebhookCourier implements Courier {
  readonly name = "webhook";
  readonly #options: WebhookObserverOptions;

  constructor(options: WebhookObserverOptions) {
    this.#options = options;
  }

  async send(notification: Notification, signal: AbortSignal): Promise<Refusal | undefined> {
    const { url, headers = {}, body = jsonImage, fetch: post = fetch } = this.#options;
    const address = addressOf(Secret.isSecret(url) ? await url.reveal() : url);
    const content = body(notification);
    const response = await post(address, {
      method: "POST",
      headers: { "content-type": "application/json", ...(await revealed(headers)) },
      body: typeof content === "string" ? content : JSON.stringify(content),
      redirect: "manual",
      signal,
    });
    // Unread answers would hold their connections.
    await response.body?.cancel();
    if (response.ok) return undefined;
    const words = `${address.host} answered ${response.status} ${response.statusText}`.trimEnd();
    if (response.status === 408 || response.status === 429 || response.status >= 500)
      throw new TryLater(words, pauseAsked(response.headers.get("retry-after")));
    return { refused: words };
  }
}

/** `Retry-After` is seconds or an instant (RFC 9110, 10.2.3); ms, 0 for none. */
function pauseAsked(header: string | null): number {
  const text = header ?? "";
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return ms > 0 ? ms : 0;
}

async function revealed(headers: Readonly<Record<string, string | Secret>>): Promise<Record<string, string>> {
  const pairs = Object.entries(headers).map(async ([name, value]) => [
    name,
    Secret.isSecret(value) ? await value.reveal() : value,
  ]);
  return Object.fromEntries(await Promise.all(pairs));
}

/** @throws MillraceError `invalid-options`, which does not show the address. */
function addressOf(url: string | URL): URL {
  const address = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (address?.protocol === "http:" || address?.protocol === "https:") return address;
  throw new MillraceError("invalid-options", "url must be the whole address of a webhook, http or https.", {
    hint: "Look at where it comes from: a variable of the environment may be missing.",
    data: { option: "url" },
  });
}
