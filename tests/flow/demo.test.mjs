// SPDX-License-Identifier: AGPL-3.0-or-later
// The demonstration town from the command line, as somebody meets it: made once, left alone
// afterwards, never built over anything real, and finished when it was killed half way.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { BINARY, doorstep, freshDatabase, must, serve } from "./server.mjs";

async function withDatabase(run) {
  const { db, drop } = freshDatabase();
  try {
    await run(db);
  } finally {
    drop();
  }
}

// Without their numbers: on PostgreSQL an import that was undone leaves a gap.
const importsOf = (db) => must(db, ["import", "list"]).replace(/^ *\d+ /gm, "");
const zoneOf = (db) => must(db, ["profile", "zone", "--format", "json"]);

test("the town is made once and then left alone", () =>
  withDatabase((db) => {
    const began = Date.now();
    const said = must(db, ["demo", "--size", "S"]);
    const took = Date.now() - began;
    assert.match(said, /^Millbrook is there: 17 wards, 4 of them the zone; 84 small areas; /);
    assert.match(said, /doorstep --db .+ serve/);
    assert.ok(took < 10_000, `it took ${took} ms`);
    const zone = zoneOf(db);
    const { area, children } = JSON.parse(zone);
    assert.equal(area.name, "Millbrook");
    assert.equal(children.length, 24);
    assert.match(must(db, ["demo"]), /there already; nothing was changed/);
    assert.equal(must(db, ["demo", "--if-empty"]), "");
    assert.equal(zoneOf(db), zone);
  }));

test("--if-empty makes it where there is nothing", () =>
  withDatabase((db) => {
    assert.match(must(db, ["demo", "--size", "S", "--if-empty"]), /^Millbrook is there/);
  }));

test("another seed is another town", () =>
  withDatabase((one) =>
    withDatabase((two) => {
      must(one, ["demo", "--size", "S", "--seed", "1"]);
      must(two, ["demo", "--size", "S", "--seed", "2"]);
      assert.notEqual(zoneOf(one), zoneOf(two));
    }),
  ));

test("a real zone is not built over", () =>
  withDatabase((db) => {
    must(db, ["init", "--name", "Real", "--challenge", "How might we be left alone?"]);
    const { status, stderr } = doorstep(db, ["demo", "--size", "S"]);
    assert.equal(status, 1);
    assert.match(stderr, /a zone of its own; nothing was changed/);
    assert.equal(must(db, ["demo", "--if-empty"]), "");
    assert.match(must(db, ["import", "list"]), /nothing|no import/i);
  }));

test("wrong sizes and seeds are told", () =>
  withDatabase((db) => {
    for (const wrong of [["--size", "XL"], ["--size", "s"], ["--seed", "-1"], ["--seed", "one"]])
      assert.equal(doorstep(db, ["demo", ...wrong]).status, 2, wrong.join(" "));
  }));

// Makes the town and kills that after so many milliseconds: "killed", or how it had ended by then.
function making(db, ms) {
  return new Promise((done) => {
    const child = spawn(BINARY, ["--db", db, "demo", "--size", "M"], { stdio: "ignore" });
    const late = setTimeout(() => child.kill("SIGKILL"), ms);
    child.once("exit", (status, signal) => {
      clearTimeout(late);
      done(signal === "SIGKILL" ? "killed" : status);
    });
  });
}

// PostgreSQL takes a moment to notice that a writer is gone; until then it is busy (status 1).
async function makingOnceFree(db, ms) {
  for (const until = Date.now() + 10_000; Date.now() < until; await pause(50)) {
    const ended = await making(db, ms);
    if (ended !== 1) return ended;
  }
  throw new Error("the database stays busy");
}

test("a town that was killed half way is finished by making it again", () =>
  withDatabase((whole) =>
    withDatabase(async (db) => {
      must(whole, ["demo", "--size", "M"]);
      let killed = 0;
      for (let ms = 20; ms < 2000; ms += 45) {
        if ((await makingOnceFree(db, ms)) !== "killed") break;
        killed++;
      }
      assert.ok(killed > 0, "it was never killed half way");
      assert.equal(await makingOnceFree(db, 60_000), 0);
      assert.equal(zoneOf(db), zoneOf(whole));
      assert.equal(importsOf(db), importsOf(whole));
    }),
  ));

test("its pages say that it is invented, and the database is sound", () =>
  withDatabase(async (db) => {
    must(db, ["demo", "--size", "S"]);
    const server = await serve(db);
    try {
      for (const path of ["/", "/areas/E05990003", "/areas/E01991001", "/partners"]) {
        const answer = await fetch(server.base + path);
        assert.equal(answer.status, 200, path);
        assert.match(await answer.text(), /Demonstration data/, path);
      }
    } finally {
      await server.stop();
    }
    if (!db.startsWith("postgresql"))
      assert.match(doorstep(db, ["doctor"]).stdout, /the database is sound/);
  }));
