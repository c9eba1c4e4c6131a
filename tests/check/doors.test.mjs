// SPDX-License-Identifier: AGPL-3.0-or-later
// ./run with nothing left to do: from the command to the first page within two seconds, twice.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { freePort, ended, untilHealthy } from "../flow/server.mjs";

const LIMIT_MS = 2000;

async function runOnce(...options) {
  const port = await freePort();
  const began = Date.now();
  const child = spawn("./run", ["--port", String(port), ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (said += piece));
  try {
    await untilHealthy(port, child, 120_000, () => said);
    return { ms: Date.now() - began, said, port };
  } finally {
    await ended(child);
  }
}

test("a second ./run serves within 2 s and prints its address", async () => {
  const db = join(process.env.CHECK_TMP, "doors.db");
  await runOnce("--db", db);
  const { ms, said, port } = await runOnce("--db", db);
  assert.ok(said.includes(`http://127.0.0.1:${port}`), said);
  assert.ok(ms < LIMIT_MS, `it took ${ms} ms`);
});

test("./run --no-demo offers the one-time set-up link", async () => {
  const { said } = await runOnce("--no-demo", "--db", join(process.env.CHECK_TMP, "empty.db"));
  assert.match(said, /http:\/\/127\.0\.0\.1:\d+\/set-up\?key=\S+/);
});
