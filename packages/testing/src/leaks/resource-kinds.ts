/**
 * Which of Node's asynchronous resources can outlive a test, and how each tells that it is still open. Node has no public
 * way to ask the resources of its hooks, so the few members read here are named in one place.
 */

/** What was left open. */
export type LeakKind =
  | "timer"
  | "interval"
  | "thread"
  | "message-port"
  | "server"
  | "socket"
  | "child-process"
  | "file-watcher";

/** What may be read of the resources that `async_hooks` hands out. */
export interface NodeResource {
  /** Handles: keeps the process alive; no boolean once it is closed. */
  hasRef?(): boolean | undefined;
  /** Timers: fired or cleared. */
  readonly _destroyed?: boolean;
  /** Timers: ms between calls of an interval. */
  readonly _repeat?: number | null;
  /** Threads: as of its Worker. */
  readonly threadId?: number;
}

/** One type of resource. */
export interface ResourceKind {
  kindOf(resource: NodeResource): LeakKind;
  /** Still open, and not told to let the process end. */
  isOpen(resource: NodeResource): boolean;
}

function handle(kind: LeakKind): ResourceKind {
  return { kindOf: () => kind, isOpen: (resource) => resource.hasRef?.() === true };
}

/**
 * By the type that `async_hooks` reports. Immediates and requests end by themselves, and streams stand on a handle named
 * here. File handles are left out: they do not keep a process alive, and Node says nothing of who opened one.
 */
export const RESOURCE_KINDS: ReadonlyMap<string, ResourceKind> = new Map([
  [
    "Timeout",
    {
      kindOf: ({ _repeat }: NodeResource) => (typeof _repeat === "number" ? "interval" : "timer"),
      isOpen: (resource: NodeResource) => resource._destroyed !== true && resource.hasRef?.() === true,
    },
  ],
  ["WORKER", handle("thread")],
  ["MESSAGEPORT", handle("message-port")],
  ["TCPSERVERWRAP", handle("server")],
  ["PIPESERVERWRAP", handle("server")],
  ["TCPWRAP", handle("socket")],
  ["PIPEWRAP", handle("socket")],
  ["UDPWRAP", handle("socket")],
  ["PROCESSWRAP", handle("child-process")],
  ["FSEVENTWRAP", handle("file-watcher")],
  ["STATWATCHER", handle("file-watcher")],
]);

/** What to do about each, as the end of a sentence. */
export const REMEDIES: Readonly<Record<LeakKind, string>> = {
  timer: "clear it with clearTimeout, or unref it",
  interval: "clear it with clearInterval, or unref it",
  thread: "await worker.terminate(), or engine.close() if it is an engine's",
  "message-port": "close it",
  server: "close it and await its close event",
  socket: "end or destroy it, with the server or client that it belongs to",
  "child-process": "kill it and await its exit",
  "file-watcher": "close it (fs.unwatchFile for fs.watchFile)",
};
