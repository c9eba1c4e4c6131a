// SPDX-License-Identifier: AGPL-3.0-or-later
// What the kill tests share: a process killed in the middle of its work, a database to begin with,
// and the two questions asked afterwards.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY, doorstep, must } from "../flow/server.mjs";
import { postgresDatabase } from "./dump.mjs";

export const ROUNDS = Number(process.env.KILL_ROUNDS ?? 20);
export const PASSWORD = "correct horse battery staple";
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export const folder = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "kill-"));
export const sweep = () => rmSync(folder, { recursive: true, force: true });

// Both engines, PostgreSQL with a quarter of the rounds: [{ name, rounds, fresh() }], where fresh()
// gives { db, drop() }, a database that is not there yet (SQLite) or empty.
export function engines() {
  let n = 0;
  const lite = () => {
    const db = join(folder, `zone-${++n}.db`);
    const drop = () => {
      for (const more of ["", "-wal", "-shm", ".lock"]) rmSync(`${db}${more}`, { force: true });
    };
    return { db, drop };
  };
  const all = [{ name: "SQLite", rounds: ROUNDS, fresh: lite }];
  if (process.env.DOORSTEP_PG)
    all.push({ name: "PostgreSQL", rounds: Math.ceil(ROUNDS / 4), fresh: postgresDatabase });
  return all;
}

// Somebody who can sign in, so that the doctor has nothing to say.
export const addStaff = (db, login = "amina") =>
  must(
    db,
    ["user", "add", "--login", login, "--name", "Amina"].concat([
      "--role",
      "coordinator",
      "--password-stdin",
    ]),
    { input: `${PASSWORD}\n` },
  );

// A copy of a closed SQLite database.
export function copyOf(db, to) {
  for (const more of ["-wal", "-shm"]) rmSync(`${to}${more}`, { force: true });
  copyFileSync(db, to);
  return to;
}

// Runs a command and kills it after so many milliseconds: { killed, stdout, stderr, ms }. `killed`
// is false when it had ended by itself.
export function killedAfter(db, args, ms, { cwd } = {}) {
  const began = process.hrtime.bigint();
  const child = spawn(BINARY, ["--db", db, ...args], { stdio: ["ignore", "pipe", "pipe"], cwd });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (piece) => (stdout += piece));
  child.stderr.on("data", (piece) => (stderr += piece));
  const timer = ms === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), ms);
  return new Promise((done) =>
    child.once("close", (status, signal) => {
      clearTimeout(timer);
      const took = Number(process.hrtime.bigint() - began) / 1e6;
      done({ killed: signal === "SIGKILL", status, stdout, stderr, ms: took });
    }),
  );
}

// How long a command takes when nobody disturbs it.
export async function timeOf(db, args, options) {
  const ran = await killedAfter(db, args, undefined, options);
  assert.equal(ran.status, 0, ran.stderr);
  return ran.ms;
}

// A moment within so many milliseconds or a little behind them; every other one near the end, where
// things are made to last.
export const sometime = (ms) =>
  ms * (Math.random() < 0.5 ? Math.random() : 0.75 + Math.random() * 0.35);

// The doctor finds nothing. Straight after a kill the log may still be long: the next start
// shortens it.
export function healthy(db, { longLog = false } = {}) {
  const { status, stdout, stderr } = doorstep(db, ["doctor"]);
  const warnings = stdout.split("\n").filter((line) => line.startsWith("WARNING"));
  const others = warnings.filter((line) => !(longLog && line.includes("write-ahead log")));
  assert.deepEqual(others, [], `${stdout}${stderr}`);
  if (warnings.length === 0) assert.equal(status, 0, `${stdout}${stderr}`);
}
