// SPDX-License-Identifier: AGPL-3.0-or-later
// Starts and stops the program for tests: a fresh zone on SQLite, or on PostgreSQL when
// DOORSTEP_TEST_PG is set, on a free port, stopped by its process id.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const BINARY = process.env.DOORSTEP_BIN ?? "build/src/app/doorstep";
export const ROLES = [
  "resident",
  "panel",
  "police",
  "partner",
  "outreach",
  "evaluator",
  "coordinator",
];
export const PASSWORD = "correct horse battery staple";
export const loginOf = (role) => `test-${role}`;

// A port nobody listens on just now.
export function freePort() {
  return new Promise((done, failed) => {
    const socket = createServer().once("error", failed);
    socket.listen(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => done(port));
    });
  });
}

// Runs one command of the program to its end: { status, stdout, stderr }.
export function doorstep(db, args, { input = "" } = {}) {
  const ran = spawnSync(BINARY, ["--db", db, ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (ran.error) throw ran.error;
  return ran;
}

// The same, where anything but success is a failure of the test.
export function must(db, args, options) {
  const { status, stdout, stderr } = doorstep(db, args, options);
  if (status !== 0) throw new Error(`doorstep ${args.join(" ")}: status ${status}\n${stderr}`);
  return stdout;
}

let databases = 0;

// A place for a new database: { db, drop() }.
export function freshDatabase() {
  const cluster = process.env.DOORSTEP_TEST_PG;
  if (!cluster) {
    const folder = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "zone-"));
    return {
      db: join(folder, "zone.db"),
      drop: () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  const name = `flow_${process.pid}_${++databases}`;
  const sql = (statement) => {
    const ran = spawnSync("psql", ["-qX", "-v", "ON_ERROR_STOP=1", "-c", statement, cluster], {
      encoding: "utf8",
    });
    if (ran.status !== 0) throw new Error(`psql: ${ran.stderr}`);
  };
  sql(`CREATE DATABASE ${name}`);
  return {
    db: cluster.replace(/\/[^/?]*(\?|$)/, `/${name}$1`),
    drop: () => sql(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function healthy(port) {
  return new Promise((done) => {
    get({ host: "127.0.0.1", port, path: "/health", timeout: 1000 }, (answer) => {
      answer.resume();
      done(answer.statusCode === 200);
    })
      .on("timeout", function () {
        this.destroy();
      })
      .on("error", () => done(false));
  });
}

// Waits until the server answers; throws, with what it said, when it ended or took too long.
export async function untilHealthy(port, child, limit, said) {
  for (const until = Date.now() + limit; Date.now() < until; await pause(15)) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${said()}`);
    if (await healthy(port)) return;
  }
  throw new Error(`no answer within ${limit} ms:\n${said()}`);
}

// Ends a process this test started; the status it ended with (null after a signal).
export async function ended(child, signal = "SIGTERM") {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const over = new Promise((done) => child.once("exit", done));
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  const status = await over;
  clearTimeout(late);
  return status;
}

// Serves an existing database. server.stop() ends it and throws when it did not end well.
export async function serve(db, { args = [] } = {}) {
  const port = await freePort();
  const child = spawn(BINARY, ["--db", db, "serve", "--listen", `127.0.0.1:${port}`, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (said += piece));
  try {
    await untilHealthy(port, child, 30_000, () => said);
  } catch (e) {
    await ended(child, "SIGKILL");
    throw e;
  }
  return {
    db,
    port,
    pid: child.pid,
    base: `http://127.0.0.1:${port}`,
    said: () => said,
    kill: () => ended(child, "SIGKILL"),
    async stop() {
      const status = await ended(child);
      if (status !== 0) throw new Error(`the server ended with status ${status}:\n${said}`);
    },
  };
}

// A zone of its own with its server: the demonstration town in size S and one account per role,
// or an empty zone ({ demo: false }). server.close() stops it and takes the database away.
export async function startZone({ demo = true, size = "S", args } = {}) {
  const { db, drop } = freshDatabase();
  try {
    if (demo) {
      must(db, ["demo", "--size", size]);
      for (const role of ROLES)
        must(
          db,
          [
            "user",
            "add",
            "--login",
            loginOf(role),
            "--name",
            `Test ${role}`,
            "--role",
            role,
            "--password-stdin",
          ],
          {
            input: `${PASSWORD}\n`,
          },
        );
    }
    const server = await serve(db, { args });
    server.close = async () => {
      try {
        await server.stop();
      } finally {
        drop();
      }
    };
    return server;
  } catch (e) {
    drop();
    throw e;
  }
}

// The program's own table of routes: [{ method, path, who: [role…], sample, help, … }].
export function routes(db) {
  return JSON.parse(must(db, ["routes", "--format", "json"]));
}

// "/areas/:code" with the sample "E05000001" is "/areas/E05000001". Several values are parted by
// spaces.
export function filled(path, sample) {
  const values = (sample ?? "").split(" ").filter(Boolean);
  return path.replace(/:[a-z_]+/g, (part) => {
    if (values.length === 0) throw new Error(`${path}: no sample for ${part}`);
    return encodeURIComponent(values.shift());
  });
}
