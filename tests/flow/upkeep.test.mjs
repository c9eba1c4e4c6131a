// SPDX-License-Identifier: AGPL-3.0-or-later
// Looking after a zone: every warning of the doctor is provoked once; a backup that is damaged, cut
// or of a newer program is refused and changes nothing; a backup made under writes is one moment,
// whole; and a zone goes from SQLite to PostgreSQL and back without losing anything.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { closeSync, readdirSync, rmSync, statfsSync, truncateSync } from "node:fs";
import { utimesSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { dump, planted, rows } from "../kill/dump.mjs";
import { as } from "./lib.mjs";
import { PASSWORD, doorstep, freshDatabase, loginOf, must, serve } from "./server.mjs";

const POSTGRES = process.env.DOORSTEP_TEST_PG;
const folder = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "upkeep-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name) => join(folder, name);

const addStaff = (db) =>
  must(
    db,
    ["user", "add", "--login", loginOf("coordinator"), "--name", "Amina"].concat([
      "--role",
      "coordinator",
      "--password-stdin",
    ]),
    { input: `${PASSWORD}\n` },
  );

function small(db) {
  must(db, ["init", "--name", "Testing", "--challenge", "How might we?"]);
  addStaff(db);
  return db;
}

// Puts a backup in place; what it kept of the old zone (with PostgreSQL a file in this folder) is
// not wanted.
function restore(db, file) {
  const said = must(db, ["restore", file]);
  const kept = said.match(/What was there before is in (\S+)\.\n/)?.[1];
  if (kept) rmSync(kept);
}

// ---- the doctor ----------------------------------------------------------------------------------

// Breaks one thing in a fresh zone; the doctor names it, and that alone.
function warns(what, says, harm, more = []) {
  test(`the doctor warns: ${what}`, () => {
    const { db, drop } = freshDatabase();
    try {
      small(db);
      const well = doorstep(db, ["doctor"]);
      assert.equal(well.status, 0, well.stdout + well.stderr);
      assert.match(well.stdout, /All is well\.\n$/);
      harm(db);
      const ill = doorstep(db, ["doctor", ...more]);
      const warnings = ill.stdout.split("\n").filter((line) => line.startsWith("WARNING"));
      assert.equal(warnings.length, 1, ill.stdout + ill.stderr);
      assert.match(warnings[0], says);
      assert.equal(ill.status, 1);
      assert.match(ill.stderr, /^doorstep: 1 warning; see above\.\n$/);
    } finally {
      drop();
    }
  });
}

warns("nobody can sign in", /nobody can sign in yet/, (db) =>
  planted(db, "DELETE FROM session; DELETE FROM account"),
);
warns("the audit trail was changed", /audit trail was changed: row 1 /, (db) =>
  planted(db, "UPDATE audit SET action = 'something else' WHERE seq = 1"),
);
warns("an older schema", /schema is \d+, this program needs \d+: run `doorstep upgrade`/, (db) =>
  planted(
    db,
    "DELETE FROM schema_migration WHERE number = (SELECT max(number) FROM schema_migration)",
  ),
);
warns("a newer schema", /schema is 99, newer than this program/, (db) =>
  planted(db, "INSERT INTO schema_migration (number, name, applied_ms) VALUES (99, 'later', 1)"),
);
warns(
  "it would listen to everybody",
  /listen on 0\.0\.0\.0:8080, which others can reach/,
  () => {},
  ["--security", "--listen", "0.0.0.0:8080"],
);

test("a database of a newer program is not opened", () => {
  const { db, drop } = freshDatabase();
  small(db);
  planted(db, "INSERT INTO schema_migration (number, name, applied_ms) VALUES (99, 'later', 1)");
  const before = dump(db);
  for (const command of [["upgrade"], ["zone", "show"], ["backup", at("newer.backup")]]) {
    const { status, stderr } = doorstep(db, command);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /made by a newer Doorstep/);
  }
  assert.deepEqual(dump(db), before);
  drop();
});

if (POSTGRES)
  test("the doctor warns: page checksums are off", () => {
    const cluster = at("plain");
    const script = (...words) => {
      const ran = spawnSync("sh", ["tests/pg.sh", ...words, cluster], { encoding: "utf8" });
      assert.equal(ran.status, 0, ran.stderr);
      return ran.stdout.trim();
    };
    chmodSync(folder, 0o711); // PostgreSQL's own user has to reach its folder in there
    script("start");
    script("stop");
    const disable = [
      "/usr/lib/postgresql/15/bin/pg_checksums",
      "--disable",
      "-D",
      `${cluster}/data`,
    ];
    const start = "/usr/lib/postgresql/15/bin/pg_ctl";
    const own = process.getuid() === 0 ? ["runuser", "-u", "postgres", "--"] : ["env"];
    // It wants a cluster that was shut down in order.
    for (const command of [
      [start, "-D", `${cluster}/data`, "-w", "-s", "-l", `${cluster}/log`, "start"],
      [start, "-D", `${cluster}/data`, "-m", "fast", "-w", "-s", "stop"],
      disable,
    ]) {
      const ran = spawnSync(own[0], [...own.slice(1), ...command], {
        encoding: "utf8",
        cwd: "/",
        stdio: ["ignore", "ignore", "ignore"],
      });
      assert.equal(ran.status, 0, command.join(" "));
    }
    const db = script("start");
    try {
      small(db);
      const { status, stdout } = doorstep(db, ["doctor"]);
      assert.equal(status, 1);
      assert.match(stdout, /WARNING .*page checksums are off/);
    } finally {
      script("stop");
    }
  });
else {
  warns("the database is damaged", /damaged: .*Restore a backup/, (db) => {
    const file = openSync(db, "r+");
    writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, 4096 * 6);
    closeSync(file);
  });
  warns("rows that point at nothing", /1 rows point at something that is gone/, (db) =>
    planted(
      db,
      "PRAGMA foreign_keys = OFF; INSERT INTO organisation_alias (organisation_id, name) " +
        "VALUES (4711, 'nobody')",
    ),
  );
  warns("the disk is nearly full", /the disk is nearly full: \d+ MB free/, (db) => {
    const disk = statfsSync(db); // a hole at the end of the file: as if it were as large
    truncateSync(db, Math.floor((disk.bavail * disk.bsize) / 4096) * 4096);
  });
  warns("a long log", /write-ahead log has 17 MB/, (db) => {
    writeFileSync(`${db}-wal`, "");
    truncateSync(`${db}-wal`, 17 << 20);
  });
  warns("others can read it", /others on this computer can read.*chmod 600/, (db) =>
    chmodSync(db, 0o644),
  );
  warns("a file handed in and forgotten", /1 unfinished imports.*more than a day ago/, (db) => {
    mkdirSync(`${db}.files`);
    const file = `${db}.files/upload-1`;
    writeFileSync(file, "a,b\n");
    utimesSync(file, new Date(), new Date(Date.now() - 25 * 3600 * 1000));
  });
}

// ---- backups that must not be restored -----------------------------------------------------------

// BLAKE2b-256 over a file's bytes, so that a backup can be changed and still bear a right check sum.
function blake2b256(bytes) {
  const said = spawnSync("b2sum", ["-l", "256"], { input: bytes, encoding: "utf8" });
  assert.equal(said.status, 0);
  return Buffer.from(said.stdout.split(" ")[0], "hex");
}

test("a damaged, cut or newer backup is refused and nothing is changed", async (t) => {
  const { db, drop } = freshDatabase();
  small(db);
  const file = at("zone.backup");
  must(db, ["backup", file]);
  const good = readFileSync(file);
  const sha = () =>
    POSTGRES
      ? JSON.stringify(dump(db))
      : createHash("sha256").update(readFileSync(db)).digest("hex");
  const before = sha();
  const bad = at("bad.backup");
  function refused(bytes, says, what) {
    writeFileSync(bad, bytes);
    const { status, stderr } = doorstep(db, ["restore", bad]);
    assert.equal(status, 1, `${what}: ${stderr}`);
    assert.match(stderr, says, what);
    assert.equal(stderr.split("\n").length, 2, stderr);
    assert.equal(sha(), before, `${what}: the database is not what it was`);
  }
  const flips = POSTGRES ? 20 : 200;
  await t.test(`${flips} times one bit`, () => {
    for (let i = 0; i < flips; i++) {
      const bytes = Buffer.from(good);
      const bit = Math.floor((i / flips) * bytes.length * 8 + Math.random() * 8);
      bytes[bit >> 3] ^= 1 << (bit & 7);
      refused(bytes, /damaged|is not a backup of Doorstep/, `bit ${bit}`);
    }
  });
  await t.test("cut at twenty places", () => {
    for (let i = 0; i < 20; i++) {
      const length = i < 3 ? [0, 1, 17][i] : Math.floor((i / 20) * good.length);
      refused(good.subarray(0, length), /damaged|is not a backup/, `${length} bytes`);
    }
    refused(good.subarray(0, -1), /damaged/, "one byte less");
    refused(Buffer.concat([good, Buffer.from("x")]), /damaged/, "one byte more");
  });
  const signed = (change) => {
    const text = Buffer.from(change(good.subarray(0, -32).toString("latin1")), "latin1");
    return Buffer.concat([text, blake2b256(text)]);
  };
  await t.test("of a newer program", () => {
    assert.deepEqual(
      signed((text) => text),
      good,
      "the check sum is understood",
    );
    const newer = signed((text) => text.replace(/"schema":\d+/, '"schema":99'));
    refused(newer, /made by a newer Doorstep/, "newer");
  });
  await t.test("rightly signed, and no zone in it", () => {
    refused(
      signed((text) => text.replace(/"bytes":\d+/, '"bytes":5')),
      /unpacked/,
      "length",
    );
    refused(
      signed((text) => text.replace(/\n\{.*\}\n/, "\n{]\n")),
      /heading/,
      "heading",
    );
    refused(
      signed((text) => text.slice(0, -40)),
      /unpacked/,
      "cut inside",
    );
  });
  await t.test("no backup at all", () => {
    refused(readFileSync("README.md"), /is not a backup of Doorstep/, "a text");
    refused(Buffer.alloc(0), /is not a backup|empty/, "nothing");
    const gone = doorstep(db, ["restore", at("gone.backup")]);
    assert.equal(gone.status, 1);
    assert.match(gone.stderr, /gone\.backup/);
  });
  await t.test("the good one is taken, and the old database kept", () => {
    planted(db, "UPDATE account SET name = 'Somebody else'");
    const said = must(db, ["restore", file], {});
    const kept = said.match(/What was there before is in (\S+)\.\n/)?.[1];
    assert.ok(kept && existsSync(kept), said);
    assert.equal(rows(db, "SELECT name FROM account")[0][0], "Amina");
    if (!POSTGRES) assert.equal(rows(kept, "SELECT name FROM account")[0][0], "Somebody else");
    rmSync(kept);
  });
  assert.deepEqual(
    readdirSync(folder).filter((name) => /restoring|\.copy\.|\.new\./.test(name)),
    [],
  );
  drop();
});

test("a backup while a server runs is made, a restore is not", async () => {
  const { db, drop } = freshDatabase();
  small(db);
  const server = await serve(db, { args: ["--state", folder] });
  must(db, ["backup", at("running.backup")]);
  const { status, stderr } = doorstep(db, ["restore", at("running.backup")]);
  assert.equal(status, 1);
  assert.match(stderr, /writing to/);
  await server.stop();
  drop();
});

// ---- one moment, whole ---------------------------------------------------------------------------

test("a backup under writes holds everything acknowledged before it, and nothing in part", async () => {
  const { db, drop } = freshDatabase();
  small(db);
  const zone = await serve(db, { args: ["--state", folder] });
  const amina = await as(zone, "coordinator");
  const page = (await amina.get("/team/partners/new")).is(200);
  const token = page.form("/team/partners").fields.find(([name]) => name === "token")[1];
  const saved = [];
  let going = true;
  const writer = async (w) => {
    for (let i = 0; going; i++) {
      const name = `Writer ${w} number ${i}`;
      const fields = { token, name, kind: "charity", web: "", about: "", role: "host", starts: "" };
      (await amina.post("/team/partners", fields)).is(303);
      saved.push(name);
    }
  };
  const writers = [1, 2, 3, 4].map(writer);
  const backups = [];
  for (let i = 0; i < 5; i++) {
    await new Promise((done) => setTimeout(done, 60));
    const before = saved.length;
    const file = at(`under-${i}.backup`);
    must(db, ["backup", file]); // the server goes on meanwhile: it is another process
    backups.push({ file, before: saved.slice(0, before) });
  }
  going = false;
  await Promise.all(writers);
  amina.close();
  await zone.stop();
  for (const { file, before } of backups) {
    const other = at("restored.db");
    restore(other, file);
    const there = new Set(rows(other, "SELECT name FROM organisation").map(([name]) => name));
    for (const name of before) assert.ok(there.has(name), `“${name}” is not in ${file}`);
    const [[roles], [lines]] = rows(
      other,
      "SELECT count(*) FROM organisation_role UNION ALL " +
        "SELECT count(*) FROM audit WHERE subject LIKE 'organisation:%'",
    );
    assert.deepEqual([Number(roles), Number(lines)], [there.size, there.size]);
    assert.match(doorstep(other, ["doctor"]).stdout, /All is well/);
    for (const more of ["", "-wal", "-shm"]) rmSync(`${other}${more}`, { force: true });
  }
  const complete = dump(db);
  must(db, ["backup", at("last.backup")]);
  const second = freshDatabase();
  restore(second.db, at("last.backup"));
  assert.deepEqual(dump(second.db), complete);
  second.drop();
  drop();
});

// ---- there and back ------------------------------------------------------------------------------

if (POSTGRES)
  test("SQLite to PostgreSQL and back: row for row the same", () => {
    const lite = at("town.db");
    must(lite, ["demo", "--size", "S"]);
    addStaff(lite);
    const complete = dump(lite);
    must(lite, ["backup", at("there.backup")]);
    const { db, drop } = freshDatabase();
    restore(db, at("there.backup"));
    const counts = (told) => Object.values(told).map((one) => one.split(" ")[0]);
    assert.deepEqual(counts(dump(db)), counts(complete));
    must(db, ["backup", at("back.backup")]);
    restore(at("back.db"), at("back.backup"));
    assert.deepEqual(dump(at("back.db")), complete);
    for (const name of ["audit", "account", "secret"]) {
      const exact = `SELECT * FROM ${name}`; // with what the comparison leaves out
      assert.deepEqual(rows(at("back.db"), exact), rows(lite, exact), name);
    }
    // It goes on counting where it stood.
    must(
      db,
      ["user", "add", "--login", "next", "--name", "Next", "--role", "resident"].concat([
        "--password-stdin",
      ]),
      { input: `${PASSWORD}\n` },
    );
    assert.match(doorstep(db, ["doctor"]).stdout, /All is well/);
    drop();
  });
