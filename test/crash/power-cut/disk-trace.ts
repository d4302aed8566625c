/** What a process did to the files below a folder, in order, as strace saw it: the calls that change data or names, and those that make changes durable. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";

/** A file, whatever it is called. */
export type Inode = number;

/** One call that has ended. */
export type DiskOp =
  | { readonly type: "write"; readonly inode: Inode; readonly offset: number; readonly data: Buffer }
  | { readonly type: "truncate"; readonly inode: Inode; readonly size: number }
  /** Makes durable what had been written to the file in the first `covers` calls. */
  | { readonly type: "sync"; readonly inode: Inode; readonly covers: number }
  /** The same for the names in a folder. */
  | { readonly type: "sync-folder"; readonly folder: string; readonly covers: number }
  | { readonly type: "name"; readonly folder: string; readonly path: string; readonly inode: Inode }
  | { readonly type: "folder"; readonly folder: string; readonly path: string }
  /** Of a file, or of a folder with all that is in it. The name that goes from another folder is unlinked there, too. */
  | {
      readonly type: "rename";
      readonly folder: string;
      readonly from: string;
      readonly to: string;
      /** Undefined for a folder. */
      readonly inode: Inode | undefined;
    }
  | { readonly type: "unlink"; readonly folder: string; readonly path: string }
  /** The process told the world. */
  | { readonly type: "said"; readonly text: string };

/** Arguments of strace that make a trace which can be read here. */
export function straceArguments(output: string): string[] {
  const calls =
    "openat,write,pwrite64,writev,pwritev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,mkdir,mkdirat";
  return ["-f", "--seccomp-bpf", "-xx", "-s", "8000000", "-e", `trace=${calls}`, "-o", output];
}

/** Reads a trace. Calls that failed, that the tracer answered itself, or that concern nothing below `root` are left out. */
export function readTrace(file: string, root: string): DiskOp[] {
  const reader = new TraceReader(root);
  for (const line of readFileSync(file, "latin1").split("\n")) reader.line(line);
  return reader.ops;
}

interface Begun {
  readonly text: string;
  /** How many calls had ended then. */
  readonly at: number;
}

class TraceReader {
  readonly ops: DiskOp[] = [];
  readonly #root: string;
  readonly #unfinished = new Map<string, Begun>();
  readonly #inodes = new Map<string, Inode>();
  readonly #open = new Map<number, { readonly path: string; readonly inode: Inode | undefined; position: number }>();
  readonly #sizes = new Map<Inode, number>();
  #last = 0;

  constructor(root: string) {
    this.#root = root;
  }

  line(line: string): void {
    const unfinished = /^(\d+) +(.*) <unfinished \.\.\.>$/.exec(line);
    if (unfinished?.[1] && unfinished[2]) {
      this.#unfinished.set(unfinished[1], { text: unfinished[2], at: this.ops.length });
      return;
    }
    const resumed = /^(\d+) +<\.\.\. \w+ resumed>(.*)$/.exec(line);
    const whole = /^(\d+) +(\w+\(.*)$/.exec(line);
    const begun = resumed?.[1] ? this.#unfinished.get(resumed[1]) : undefined;
    if (begun && resumed) this.#call(begun.text + (resumed[2] ?? ""), begun.at);
    else if (whole?.[2]) this.#call(whole[2], this.ops.length);
  }

  #call(text: string, begunAt: number): void {
    const parts = /^(\w+)\((.*)\)\s+= (\d+)( \(INJECTED\))?$/.exec(text);
    if (!parts || parts[4]) return;
    const [, name = "", args = "", result = ""] = parts;
    const strings = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = ""]) =>
      Buffer.from(hex.replaceAll("\\x", ""), "hex"),
    );
    const paths = strings.map((bytes) => bytes.toString());
    const fd = Number(/^\d+/.exec(args)?.[0]);
    switch (name) {
      case "openat":
        return this.#opened(Number(result), paths[0] ?? "", args);
      case "write":
      case "writev":
      case "pwrite64":
      case "pwritev":
        return this.#written(name, fd, Buffer.concat(strings), args);
      case "ftruncate":
        return this.#truncated(fd, Number(/, (\d+)$/.exec(args)?.[1]));
      case "fsync":
      case "fdatasync":
        return this.#synced(fd, begunAt);
      case "mkdir":
      case "mkdirat":
        return this.#named(paths[0], (path, folder) => ({ type: "folder", folder, path }));
      case "link":
      case "linkat":
        return this.#named(paths[1], (path, folder) => {
          const inode = this.#inodes.get(paths[0] ?? "") ?? 0;
          this.#inodes.set(path, inode);
          return { type: "name", folder, path, inode };
        });
      case "unlink":
      case "unlinkat":
      case "rmdir":
        return this.#named(paths[0], (path, folder) => {
          this.#inodes.delete(path);
          return { type: "unlink", folder, path };
        });
      default:
        this.#named(paths[1], (to, folder) => {
          const from = paths[0] ?? "";
          const inode = this.#inodes.get(from);
          moveNames(this.#inodes, from, to);
          return { type: "rename", folder, from, to, inode };
        });
        if (dirname(paths[0] ?? "") !== dirname(paths[1] ?? ""))
          this.#named(paths[0], (path, folder) => ({ type: "unlink", folder, path }));
    }
  }

  #opened(fd: number, path: string, args: string): void {
    if (!this.#inside(path)) return void this.#open.delete(fd);
    let inode = this.#inodes.get(path);
    if (inode === undefined && args.includes("O_CREAT")) {
      inode = ++this.#last;
      this.#inodes.set(path, inode);
      this.ops.push({ type: "name", folder: dirname(path), path, inode });
    } else if (inode !== undefined && args.includes("O_TRUNC")) {
      this.#sizes.set(inode, 0);
      this.ops.push({ type: "truncate", inode, size: 0 });
    }
    const position = args.includes("O_APPEND") && inode !== undefined ? (this.#sizes.get(inode) ?? 0) : 0;
    this.#open.set(fd, { path, inode, position });
  }

  #written(name: string, fd: number, data: Buffer, args: string): void {
    if (fd === 1) this.ops.push({ type: "said", text: data.toString() });
    const file = this.#open.get(fd);
    if (file?.inode === undefined) return;
    const offset = name.startsWith("p") ? Number(/, (\d+)$/.exec(args)?.[1]) : file.position;
    if (!name.startsWith("p")) file.position += data.length;
    this.#sizes.set(file.inode, Math.max(this.#sizes.get(file.inode) ?? 0, offset + data.length));
    this.ops.push({ type: "write", inode: file.inode, offset, data });
  }

  #truncated(fd: number, size: number): void {
    const inode = this.#open.get(fd)?.inode;
    if (inode === undefined) return;
    this.#sizes.set(inode, size);
    this.ops.push({ type: "truncate", inode, size });
  }

  #synced(fd: number, covers: number): void {
    const file = this.#open.get(fd);
    if (!file) return;
    if (file.inode === undefined) this.ops.push({ type: "sync-folder", folder: file.path, covers });
    else this.ops.push({ type: "sync", inode: file.inode, covers });
  }

  #named(path: string | undefined, op: (path: string, folder: string) => DiskOp): void {
    if (path !== undefined && this.#inside(path)) this.ops.push(op(path, dirname(path)));
  }

  /** The index that processes share in memory is made anew by whoever opens the database next. */
  #inside(path: string): boolean {
    return (path === this.#root || path.startsWith(`${this.#root}/`)) && !path.endsWith("-shm");
  }
}

/** Renames a path, and all paths below it. */
export function moveNames<T>(names: Map<string, T>, from: string, to: string): void {
  for (const [path, named] of [...names]) {
    if (path !== from && !path.startsWith(`${from}/`)) continue;
    names.delete(path);
    names.set(to + path.slice(from.length), named);
  }
}
