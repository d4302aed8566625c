/** `millrace/stamps`: what compiled code calls; never written by hand. */
export { $callback, $method, $procedure, $site, $super } from "@millrace/sdk/stamps";
