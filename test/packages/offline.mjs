/** Preloaded into processes that have to do without a network: whatever reaches for another machine ends the process. */
import dns from "node:dns";
import net from "node:net";

const HERE = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;

function refuse(host) {
  process.stderr.write(`offline: ${host} was asked for\n`);
  process.exit(97);
}

const { lookup } = dns;
dns.lookup = (host, ...rest) => (HERE.test(host) ? lookup(host, ...rest) : refuse(host));

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const host = typeof options === "object" ? options.host : typeof args[1] === "string" ? args[1] : undefined;
  // A path is a socket of this machine.
  if (host !== undefined && !HERE.test(host)) refuse(host);
  return connect.apply(this, args);
};
