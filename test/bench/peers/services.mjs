/**
 * Real servers for the peers that need one: PostgreSQL and Redis as Debian packs them, on loopback, in a folder of their own, with settings
 * that keep what they acknowledge through a power cut. Stopped by their process ids.
 */
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts what is installed. `skipped` says what is not, and how to get it. */
export async function startServices() {
  const folder = mkdtempSync(join(tmpdir(), "millrace-peers-"));
  const children = [];
  const skipped = [];
  const services = { folder, skipped, postgres: undefined, redis: undefined };
  try {
    const postgres = postgresBinaries();
    if (postgres) services.postgres = await startPostgres(postgres, folder, children);
    else skipped.push("PostgreSQL is not installed (Debian: apt-get install postgresql): no pg-boss, no DBOS");
    const redis = which("redis-server");
    if (redis) services.redis = await startRedis(redis, folder, children);
    else skipped.push("Redis is not installed (Debian: apt-get install redis-server): no BullMQ");
  } catch (error) {
    await stop(children, folder);
    throw error;
  }
  return { ...services, stop: () => stop(children, folder) };
}

async function startPostgres(bin, folder, children) {
  const data = join(folder, "postgres");
  mkdirSync(data);
  // It refuses to run as root.
  const owner = process.getuid?.() === 0 ? accountOf("postgres") : {};
  if (owner.uid !== undefined) for (const path of [folder, data]) chownSync(path, owner.uid, owner.gid);
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "bench", "--auth=trust"], { ...owner, stdio: "ignore" });
  const port = await freePort();
  const settings = [
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    `unix_socket_directories=${data}`,
    "-c",
    "max_connections=100",
  ];
  const child = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...settings], {
    ...owner,
    stdio: "ignore",
  });
  children.push(child);
  await reachable(port, child, "PostgreSQL");
  return {
    host: "127.0.0.1",
    port,
    user: "bench",
    database: "postgres",
    url: `postgresql://bench@127.0.0.1:${port}/postgres`,
  };
}

async function startRedis(binary, folder, children) {
  const port = await freePort();
  const config = join(folder, "redis.conf");
  const lines = ["bind 127.0.0.1", `port ${port}`, `dir ${folder}`, 'save ""', "appendonly yes", "appendfsync always"];
  writeFileSync(config, lines.join("\n"));
  const child = spawn(binary, [config], { stdio: "ignore" });
  children.push(child);
  await reachable(port, child, "Redis");
  return { host: "127.0.0.1", port };
}

async function stop(children, folder) {
  await Promise.all(
    children.map((child) => {
      if (child.exitCode !== null) return undefined;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      process.kill(child.pid, "SIGINT");
      return gone;
    }),
  );
  rmSync(folder, { recursive: true, force: true });
}

function postgresBinaries() {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

function which(name) {
  return (process.env.PATH ?? "")
    .split(":")
    .map((folder) => join(folder, name))
    .find(existsSync);
}

function accountOf(name) {
  const number = (flag) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: number("-u"), gid: number("-g") };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function reachable(port, child, name) {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode} while it started.`);
    const isThere = await new Promise((resolve) => {
      const socket = createConnection({ port, host: "127.0.0.1" }, () => resolve(true));
      socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} does not listen on port ${port}.`);
}
