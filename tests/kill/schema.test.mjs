// SPDX-License-Identifier: AGPL-3.0-or-later
// kill -9 while a database comes into being: the first migration (init), the demonstration town,
// and an old schema brought up to date. Afterwards it is the one or the other, and the same command
// again ends where an undisturbed one ends.
import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { doorstep, must } from "../flow/server.mjs";
import { dump, planted, rows, tables } from "./dump.mjs";
import {
  addStaff,
  copyOf,
  engines,
  folder,
  healthy,
  killedAfter,
  sometime,
  sweep,
} from "./lib.mjs";
import { timeOf } from "./lib.mjs";

after(sweep);

const INIT = ["init", "--name", "Testing", "--challenge", "How might we?"];
const DEMO = ["demo", "--size", "S"];

const schemaOf = (db) => Number(rows(db, "SELECT max(number) FROM schema_migration")[0][0]);
const empty = (db) => !existsSync(db) && !db.startsWith("postgres");

// Kills `args` on fresh databases. `partly` says what else than nothing or all there may be: the
// town is made of many imports, each whole.
function killsFromNothing(args, { name, rounds, fresh }, { partly }) {
  test(`${name}: ${rounds} times ${args[0]} killed`, { timeout: 1_800_000 }, async () => {
    const whole = fresh();
    const ms = await timeOf(whole.db, args);
    const complete = dump(whole.db);
    whole.drop();
    const count = { "nothing there": 0, begun: 0, whole: 0 };
    for (let round = 0; round < rounds; round++) {
      const { db, drop } = fresh();
      const when = sometime(ms);
      const ran = await killedAfter(db, args, when);
      const place = `round ${round}, after ${when.toFixed(1)} ms`;
      // The doctor may find a database without a table, or none; never half a schema.
      const doctor = doorstep(db, ["doctor"]);
      if (!empty(db)) assert.doesNotMatch(doctor.stdout, /damaged|gone|audit trail was/, place);
      const again = doorstep(db, args);
      const done = again.status === 0 || (!partly && /has a zone already/.test(again.stderr));
      assert.ok(done, `${place}: ${again.stderr}`);
      if (!ran.killed) assert.equal(ran.status, 0, ran.stderr);
      assert.deepEqual(dump(db), complete, `${place}: run again`);
      count[
        again.status !== 0 ? "whole" : /schema 4/.test(doctor.stdout) ? "begun" : "nothing there"
      ]++;
      addStaff(db);
      healthy(db);
      drop();
    }
    console.log(`${name}: ${args[0]} takes ${ms.toFixed(0)} ms undisturbed;`, count);
  });
}

for (const engine of engines()) {
  killsFromNothing(INIT, engine, { partly: false });
  killsFromNothing(DEMO, engine, { partly: true });
}

// ---- an old schema -------------------------------------------------------------------------------

// A database as the program of the first two migrations would have left it, with something in it.
function oldDatabase(db) {
  must(db, INIT);
  addStaff(db);
  const newer = tables().filter((table) => table.file > "0003");
  const drops = newer.reverse().map((table) => `DROP TABLE ${table.name}`);
  planted(db, [...drops, "DELETE FROM schema_migration WHERE number > 2"].join(";"));
}

test(`SQLite: an old schema, ${engines()[0].rounds} times killed on its way up`, async () => {
  const old = join(folder, "old.db");
  oldDatabase(old);
  assert.equal(schemaOf(old), 2);
  const accounts = rows(old, "SELECT id, login, password FROM account");
  const now = copyOf(old, join(folder, "whole.db"));
  const ms = await timeOf(now, ["upgrade"]);
  const newest = schemaOf(now);
  const complete = dump(now);
  let stayed = 0;
  for (let round = 0; round < engines()[0].rounds; round++) {
    const db = copyOf(old, join(folder, "round.db"));
    const when = sometime(ms);
    await killedAfter(db, ["upgrade"], when);
    const schema = schemaOf(db);
    assert.ok(schema === 2 || schema === newest, `schema ${schema}`);
    const there = rows(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'organisation'")[0][0];
    assert.equal(there, schema === 2 ? "0" : "1", `after ${when.toFixed(1)} ms`);
    if (schema === 2) stayed++;
    // The copy made before is whole, once the schema has moved.
    const copy = readdirSync(folder).find((one) => one === `${basename(db)}.before-0003`);
    if (schema !== 2) {
      assert.ok(copy, "no copy was made before");
      assert.equal(rows(join(folder, copy), "PRAGMA integrity_check")[0][0], "ok");
      assert.deepEqual(
        rows(join(folder, copy), "SELECT id, login, password FROM account"),
        accounts,
      );
    }
    must(db, ["upgrade"]);
    assert.deepEqual(dump(db), complete);
    healthy(db);
    if (copy) rmSync(join(folder, copy));
    rmSync(`${db}.before-0003`, { force: true });
  }
  console.log(
    `upgrade takes ${ms.toFixed(0)} ms undisturbed; the old schema stayed ${stayed} times`,
  );
});
