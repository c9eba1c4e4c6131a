// SPDX-License-Identifier: AGPL-3.0-or-later
// kill -9 of the server while eight people write over HTTP: whoever was told "saved" (a 303) finds
// what they wrote, once, as they wrote it; of the rest at most one copy is there, and whole. The
// same database is served again after each kill, so that it recovers many times over.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Visitor } from "../flow/lib.mjs";
import { must, serve } from "../flow/server.mjs";
import { planted, rows } from "./dump.mjs";
import { PASSWORD, addStaff, engines, folder, healthy, pause, sweep } from "./lib.mjs";

const WRITERS = 8;
after(sweep);

async function signedIn(base) {
  const visitor = new Visitor(base);
  const page = (await visitor.get("/sign-in")).is(200);
  (await visitor.submit(page, "/sign-in", { login: "amina", password: PASSWORD })).is(303);
  return visitor;
}

// Another window of the same person: the same session, a connection of its own.
function windowOf(visitor, base) {
  const other = new Visitor(base);
  other.cookies = new Map(visitor.cookies);
  return other;
}

// One writer: organisations, one after the other, until the server is gone. What was answered with
// 303 goes into `saved`, everything sent into `sent`.
async function writes(visitor, token, name, { saved, sent }) {
  for (let i = 0; ; i++) {
    const fields = {
      token,
      name: `${name} ${i}`,
      kind: "charity",
      web: "",
      about: `Written by ${name}, “${i}”`,
      role: "delivery",
      starts: "",
    };
    sent.set(fields.name, fields.about);
    let answer;
    try {
      answer = await visitor.post("/team/partners", fields);
    } catch {
      return; // the server is gone
    }
    assert.equal(answer.status, 303, answer.said());
    saved.set(fields.name, fields.about);
  }
}

// What is there, by name: { about, n }.
function written(db) {
  const there = new Map();
  for (const [name, about] of rows(db, "SELECT name, about FROM organisation")) {
    const seen = there.get(name);
    there.set(name, { about, n: (seen?.n ?? 0) + 1 });
  }
  return there;
}

// The comparison this file rests on; the last test plants a loss and expects it to be seen.
function compare(there, saved, sent) {
  for (const [name, about] of saved) {
    const one = there.get(name);
    assert.ok(one, `“${name}” was acknowledged and is gone`);
    assert.equal(one.n, 1, `“${name}” is there ${one.n} times`);
    assert.equal(one.about, about);
  }
  for (const [name, { about, n }] of there) {
    assert.ok(sent.has(name), `“${name}” was never written`);
    assert.equal(n, 1, `“${name}” is there ${n} times`);
    assert.equal(about, sent.get(name), "written in part");
  }
}

for (const { name: engine, rounds, fresh } of engines())
  test(
    `${engine}: the server killed ${rounds} times under writes`,
    { timeout: 1_800_000 },
    async () => {
      const { db, drop } = fresh();
      must(db, ["init", "--name", "Testing", "--challenge", "How might we?"]);
      addStaff(db);
      const book = { saved: new Map(), sent: new Map() };
      let cookies;
      for (let round = 0; round < rounds; round++) {
        const server = await serve(db, { args: ["--state", folder] });
        const first = cookies
          ? Object.assign(new Visitor(server.base), { cookies: new Map(cookies) })
          : await signedIn(server.base);
        cookies = first.cookies; // the session outlives the kill as well
        const page = (await first.get("/team/partners/new")).is(200);
        const token = page.form("/team/partners").fields.find(([name]) => name === "token")[1];
        const windows = Array.from({ length: WRITERS }, () => windowOf(first, server.base));
        const done = windows.map((one, w) =>
          writes(one, token, `Round ${round} writer ${w}`, book),
        );
        await pause(20 + Math.random() * 300);
        await server.kill();
        await Promise.all(done);
        for (const one of [first, ...windows]) one.close();
        compare(written(db), book.saved, book.sent);
        if (round % 10 === 0) healthy(db, { longLog: true });
      }
      assert.ok(book.saved.size > rounds, `only ${book.saved.size} were acknowledged`);
      const audit = rows(db, "SELECT count(*) FROM audit WHERE action LIKE '%organisation%'")[0][0];
      const there = written(db);
      console.log(
        `${engine}: ${book.sent.size} sent, ${book.saved.size} acknowledged, ${there.size} there, ` +
          `${audit} in the trail`,
      );
      assert.equal(Number(audit), there.size, "each has its line in the trail");
      // A start that ends well, and nothing is left to complain of.
      await (await serve(db, { args: ["--state", folder] })).stop();
      healthy(db);

      // The comparison notices one lost, one doubled and one changed record.
      if (engine === "SQLite") {
        const [victim] = book.saved.keys();
        const has = (words, sql) => {
          planted(db, sql);
          assert.throws(() => compare(written(db), book.saved, book.sent), words);
        };
        const where = `WHERE name = '${victim}'`;
        has(/strictly equal/, `UPDATE organisation SET about = 'Wri' ${where}`);
        planted(db, `UPDATE organisation SET about = '${book.saved.get(victim)}' ${where}`);
        compare(written(db), book.saved, book.sent);
        const columns = "name, kind, about, web, area_code, closed, import_id, created_ms, off_ms";
        has(
          /is there 2 times/,
          `INSERT INTO organisation (${columns}) SELECT ${columns} FROM organisation ${where}`,
        );
        has(
          /was acknowledged and is gone/,
          `PRAGMA foreign_keys = OFF; DELETE FROM organisation ${where}`,
        );
      }
      drop();
    },
  );
