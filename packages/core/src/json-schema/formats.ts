/** The formats of text that a schema can ask for, each as a test. A format that is not here is refused at build time. */

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
const BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);

/** Format → its test. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  "date-time": (text) => {
    const [date = "", time = "", ...rest] = text.split(/[tT ]/);
    return rest.length === 0 && isDate(date) && TIME.test(time);
  },
  date: isDate,
  time: (text) => TIME.test(text),
  duration: (text) => /^P(?!$)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/.test(text),
  email: (text) => {
    const [local = "", domain = "", ...rest] = text.split("@");
    return rest.length === 0 && local.length <= 64 && /^[^\s@"(),:;<>[\\\]]+$/.test(local) && isHostname(domain);
  },
  hostname: isHostname,
  ipv4: (text) => IPV4.test(text),
  ipv6: isIpv6,
  uri: (text) => /^[a-z][a-z\d+.-]*:\S+$/i.test(text) && URL.canParse(text),
  uuid: (text) => /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text),
  regex: (text) => {
    try {
      new RegExp(text, "u");
      return true;
    } catch {
      return false;
    }
  },
};

function isDate(text: string): boolean {
  const [, year = "", month = "", day = ""] = DATE.exec(text) ?? [];
  if (year === "") return false;
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function isHostname(text: string): boolean {
  return text.length > 0 && text.length <= 253 && text.split(".").every((label) => LABEL.test(label));
}

function isIpv6(text: string): boolean {
  return /^[\da-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
}
