/** Text of users inside XML and HTML: markup is inert, and characters that XML forbids or that reorder text are shown as such. */

/** Controls, lone surrogates and non-characters are not allowed in XML at all; direction controls would disguise a name. */
const UNSHOWABLE = /[\p{Cc}\p{Cs}\ufffe\uffff\u202a-\u202e\u2066-\u2069]/gu;

/** Text for element content and for attributes in double or single quotes. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\t\r\n]/g, " ")
    .replace(UNSHOWABLE, "\ufffd")
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
