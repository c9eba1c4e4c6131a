// SPDX-License-Identifier: AGPL-3.0-or-later
// kill -9 in the middle of a backup or a restore: the file, and the database, are the old or the
// new one, whole; the same command again does it; and what the killed one left behind goes.
import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { doorstep, must } from "../flow/server.mjs";
import { dump } from "./dump.mjs";
import { ROUNDS, addStaff, copyOf, folder, healthy, killedAfter } from "./lib.mjs";
import { sometime, sweep, timeOf } from "./lib.mjs";

after(sweep);

const at = (name) => join(folder, name);
const [one, other, file] = [at("one.db"), at("other.db"), at("zone.backup")];
for (const [db, seed] of [
  [one, "1"],
  [other, "2"],
]) {
  must(db, ["demo", "--size", "M", "--seed", seed]);
  addStaff(db, `amina-${seed}`);
}
const [dumpOne, dumpOther] = [dump(one), dump(other)];
assert.notDeepEqual(dumpOne, dumpOther);
const leftovers = () => readdirSync(folder).filter((name) => /\.(copy|new|restoring)\./.test(name));

test(`${ROUNDS} backups killed`, { timeout: 1_800_000 }, async () => {
  must(one, ["backup", file]);
  const old = readFileSync(file);
  const count = { old: 0, new: 0 };
  const ms = await timeOf(other, ["backup", at("timed.backup")]);
  for (let round = 0; round < ROUNDS; round++) {
    copyFileSync(at("zone.backup"), at("round.backup"));
    await killedAfter(other, ["backup", at("round.backup")], sometime(ms));
    const isOld = readFileSync(at("round.backup")).equals(old);
    count[isOld ? "old" : "new"]++;
    if (!isOld) {
      must(at("restored.db"), ["restore", at("round.backup")]);
      assert.deepEqual(dump(at("restored.db")), dumpOther);
    }
    must(other, ["backup", at("round.backup")]);
    assert.deepEqual(leftovers(), [], "the next backup takes away what was left");
  }
  console.log(`backup takes ${ms.toFixed(0)} ms undisturbed;`, count);
  assert.deepEqual(dump(other), dumpOther);
  assert.ok(count.old > 0, "no backup was killed before its end");
});

test(`${ROUNDS} restores killed`, { timeout: 1_800_000 }, async () => {
  must(other, ["backup", file]);
  const count = { old: 0, new: 0 };
  const ms = await timeOf(copyOf(one, at("timed.db")), ["restore", file]);
  for (let round = 0; round < ROUNDS; round++) {
    const db = copyOf(one, at("round.db"));
    const when = sometime(ms);
    await killedAfter(db, ["restore", file], when);
    const now = dump(db);
    const isOld = now.account === dumpOne.account;
    count[isOld ? "old" : "new"]++;
    assert.deepEqual(now, isOld ? dumpOne : dumpOther, `after ${when.toFixed(1)} ms: between`);
    healthy(db);
    must(db, ["restore", file]);
    assert.deepEqual(dump(db), dumpOther);
    assert.deepEqual(leftovers(), [], "the next restore takes away what was left");
    for (const name of readdirSync(folder)) {
      if (!name.startsWith("round.db.before-restore")) continue;
      if (isOld && !/-(wal|shm)$/.test(name)) assert.deepEqual(dump(at(name)), dumpOne);
      rmSync(at(name));
    }
  }
  console.log(`restore takes ${ms.toFixed(0)} ms undisturbed;`, count);
  assert.ok(count.old > 0, "no restore was killed before its end");
});

test("two restores in one second keep two databases", () => {
  const db = copyOf(one, at("twice.db"));
  must(db, ["restore", file]);
  must(db, ["restore", file]);
  const kept = readdirSync(folder).filter((name) => name.startsWith("twice.db.before-restore"));
  assert.ok(kept.some((name) => dump(at(name)).account === dumpOne.account));
  assert.equal(kept.filter((name) => !/-(wal|shm)$/.test(name)).length, 2, kept.join(", "));
});

test("a log beside a damaged database is put aside with it", () => {
  const db = at("damaged.db");
  copyFileSync(one, db);
  const bytes = readFileSync(db).fill(0xa5, 0, 4096);
  for (const [name, content] of [
    [db, bytes],
    [`${db}-wal`, Buffer.alloc(65536, 0x5a)],
  ])
    writeFileSync(name, content);
  must(db, ["restore", file]);
  assert.ok(!existsSync(`${db}-wal`) || readFileSync(`${db}-wal`).length === 0);
  assert.deepEqual(dump(db), dumpOther);
  assert.equal(doorstep(db, ["doctor"]).status, 0);
});
