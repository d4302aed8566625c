/** `millrace/stamps`: what compiled code calls; never written by hand. */
export { $callback, $get, $iterate, $method, $procedure, $site, $super, $tag } from "@millrace/sdk/stamps";
