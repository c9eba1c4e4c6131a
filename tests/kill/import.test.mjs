// SPDX-License-Identifier: AGPL-3.0-or-later
// kill -9 at any moment of an import: the file is in whole or not at all, the database is sound,
// and the same command run again ends where an undisturbed one ends, row for row.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { must } from "../flow/server.mjs";
import { GOOD } from "../refused/good.mjs";
import { dump, planted } from "./dump.mjs";
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

const ROWS = { SQLite: 60_000, PostgreSQL: 12_000 };
after(sweep);

// Months of crime in a small area; every line is a row of its own.
const [heading, line] = GOOD.crime.text().split("\r\n");
function crimes(engine) {
  const file = join(folder, `crime-${engine}.csv`);
  const lines = Array.from({ length: ROWS[engine] }, (_, i) => {
    const month = `2024-${String(1 + (i % 12)).padStart(2, "0")}`;
    return line.replace("2024-03", month).replace("High Street", `Road ${i}`);
  });
  writeFileSync(file, [heading, ...lines].join("\r\n") + "\r\n");
  return ["import", "crime", file];
}

function begin(db) {
  must(db, ["init", "--name", "Testing", "--challenge", "How might we?"]);
  addStaff(db);
}

for (const { name, rounds, fresh } of engines())
  test(`${name}: ${rounds} imports killed`, { timeout: 1_800_000 }, async (t) => {
    const IMPORT = crimes(name);
    // What it should come to, and how long it takes.
    const whole = fresh();
    begin(whole.db);
    const before = dump(whole.db);
    const template = name === "SQLite" ? copyOf(whole.db, join(folder, "template.db")) : undefined;
    let ms = await timeOf(whole.db, IMPORT);
    const complete = dump(whole.db);
    assert.notDeepEqual(complete, before);
    whole.drop();

    const count = { "in whole": 0, absent: 0, "ended before": 0 };
    for (let round = 0; round < rounds; round++) {
      const { db, drop } = fresh();
      if (template) copyOf(template, db);
      else begin(db);
      const when = sometime(ms);
      const ran = await killedAfter(db, IMPORT, when);
      if (!ran.killed) ms = Math.min(ms, ran.ms); // the first one may have been slow
      const place = `round ${round}, after ${when.toFixed(1)} ms`;
      healthy(db, { longLog: true });
      const now = dump(db);
      const isWhole = now.crime === complete.crime;
      if (ran.stdout.includes("Loaded")) assert.deepEqual(now, complete, `${place}: acknowledged`);
      else assert.deepEqual(now, isWhole ? complete : before, `${place}: half done`);
      count[!ran.killed ? "ended before" : isWhole ? "in whole" : "absent"]++;
      must(db, IMPORT); // again
      assert.deepEqual(dump(db), complete, `${place}: run again`);
      healthy(db);
      drop();
    }
    console.log(`${name}: ${ms.toFixed(0)} ms undisturbed;`, count);
    t.diagnostic(JSON.stringify(count));
    assert.ok(count.absent > 0, "no import was killed before its end");
  });

test("the comparison notices a single lost row", () => {
  const { db, drop } = engines()[0].fresh();
  begin(db);
  const small = join(folder, "small.csv");
  writeFileSync(small, GOOD.crime.text());
  must(db, ["import", "crime", small]);
  const complete = dump(db);
  planted(db, "DELETE FROM crime WHERE line = 3");
  const less = dump(db);
  assert.throws(() => assert.deepEqual(less, complete));
  const differs = Object.keys(complete).filter((table) => less[table] !== complete[table]);
  assert.deepEqual(differs, ["crime"]);
  drop();
});
