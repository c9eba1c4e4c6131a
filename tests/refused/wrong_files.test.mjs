// SPDX-License-Identifier: AGPL-3.0-or-later
// Wrong files of every kind and fault (faults.mjs): each is refused with one sentence that names
// the file and the place, quickly, and the database stays what it was: on SQLite byte for byte, on
// PostgreSQL row for row. Before that, the good file of each kind is taken, so that what is broken
// in the wrong one can be the only reason.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { BINARY, doorstep, must } from "../flow/server.mjs";
import { dump, postgresDatabase } from "../kill/dump.mjs";
import { GOOD } from "./good.mjs";
import { faults } from "./faults.mjs";

const SOON_MS = 10_000;
const folder = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "refused-"));
const db = join(folder, "zone.db");
after(() => rmSync(folder, { recursive: true, force: true }));

// Where the file goes in a command: behind its two words.
const commandOf = (args, path) => [...args.slice(0, 2), path, ...args.slice(2)];

const counted = new Map(); // family -> how many were refused
const count = (family) => counted.set(family, (counted.get(family) ?? 0) + 1);

// What was there before, so that there is something to lose.
must(db, ["init", "--name", "Testing", "--challenge", "How might we?"]);
for (const family of ["areas", "iod2019", "population", "lookup"]) {
  const path = join(folder, GOOD[family].name);
  writeFileSync(path, GOOD[family].text());
  must(db, commandOf(GOOD[family].args, path));
}
const sha = () => createHash("sha256").update(readFileSync(db)).digest("hex");
const before = sha();

function unchanged() {
  assert.equal(sha(), before, "the database is not byte for byte what it was");
  const log = `${db}-wal`; // who only looks may leave an empty one
  assert.ok(!existsSync(log) || statSync(log).size === 0, "a log is left beside the database");
}

// One sentence that begins with the program's name; lines before it may list the problems.
function sentenceOf({ status, signal, stderr }) {
  assert.equal(status, 1, `status ${status ?? signal}\n${stderr}`);
  const lines = stderr.split("\n").filter((line) => line.startsWith("doorstep: "));
  assert.equal(lines.length, 1, `not one sentence but ${lines.length}\n${stderr}`);
  return lines[0].slice("doorstep: ".length);
}

function judge(sentence, { name, at, says }) {
  assert.ok(sentence.includes(name), `the file is not named: ${sentence}`);
  const place = sentence.replace(name, "").replace(/^[:,]? /, "");
  if (at instanceof RegExp) assert.match(place, at);
  else assert.ok(place.toLowerCase().startsWith(at.toLowerCase()), `not at ${at}: ${sentence}`);
  assert.match(sentence, says);
}

for (const [family, { name, args, text }] of Object.entries(GOOD))
  test(`the good ${family} is taken`, () => {
    const path = join(folder, name);
    writeFileSync(path, text());
    const { status, stderr } = doorstep(db, [...commandOf(args, path), "--dry-run"]);
    assert.equal(status, 0, stderr);
    unchanged();
  });

for (const wrong of faults())
  test(`${wrong.family}: ${wrong.fault}`, () => {
    const path = join(folder, wrong.name);
    writeFileSync(path, wrong.bytes);
    const began = Date.now();
    const ran = doorstep(db, commandOf(wrong.args, path));
    assert.ok(Date.now() - began < SOON_MS, `it took ${Date.now() - began} ms`);
    judge(sentenceOf(ran), wrong);
    unchanged();
    count(wrong.family);
  });

// ---- no file at all ------------------------------------------------------------------------------

function refusesPath(what, path, says, act = (run) => run()) {
  test(what, () => {
    for (const command of ["areas", "indicators", "crime", "auto", "organisations"]) {
      const sentence = sentenceOf(act(() => doorstep(db, ["import", command, path])));
      assert.match(sentence, says);
      unchanged();
    }
    count("no file");
  });
}

mkdirSync(join(folder, "places.csv"));
refusesPath("a folder", join(folder, "places.csv"), /places\.csv.*(folder|directory|not a file)/i);
refusesPath("a file that is not there", join(folder, "gone.csv"), /gone\.csv/);
const closed = join(folder, "closed.csv");
writeFileSync(closed, GOOD.crime.text());
chmodSync(closed, 0);
if (process.getuid() === 0)
  test("a file nobody may read", { skip: "root may read everything" }, () => {});
else refusesPath("a file nobody may read", closed, /closed\.csv.*(read|permission)/i);
refusesPath("a device", "/dev/null", /null/);

// ---- two gigabytes without a line end ------------------------------------------------------------

// Runs a command and watches the memory of its own (not the pages of the file) while it lasts.
function watched(args) {
  const child = spawn(BINARY, ["--db", db, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  let most = 0;
  child.stderr.on("data", (piece) => (stderr += piece));
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, "latin1");
      most = Math.max(most, Number(status.match(/RssAnon:\s+(\d+)/)?.[1] ?? 0));
    } catch {
      // it has ended
    }
  }, 2);
  return new Promise((done) =>
    child.once("close", (status, signal) => {
      clearInterval(look);
      done({ status, signal, stderr, megabytes: most / 1024 });
    }),
  );
}

// AddressSanitizer keeps books about memory, in memory.
const LIMIT_MB = readFileSync(BINARY).includes("__asan_init") ? 300 : 64;
const LONG = [
  ["from the first byte", "", "areas.csv", ["import", "auto"], /row 1 is longer/],
  [
    "below headings",
    GOOD.crime.text().split("\r\n")[0] + "\r\n",
    "c.csv",
    ["import", "crime"],
    /row 2 is longer/,
  ],
  [
    "in quotation marks",
    `${GOOD.postcodes.text()}"`,
    "p.csv",
    ["import", "postcodes"],
    /row 5 is longer/,
  ],
  ["as JSON", '{"type":"FeatureCollection"', "a.geojson", ["import", "areas"], /512 MB/],
];
for (const [what, head, name, args, says] of LONG)
  test(`2 GB without a line end, ${what}`, async () => {
    const path = join(folder, name);
    writeFileSync(path, head);
    truncateSync(path, 2 ** 31); // a hole: it reads as NUL bytes and takes no room
    const began = Date.now();
    const ran = await watched([...args, path]);
    const took = Date.now() - began;
    rmSync(path);
    judge(sentenceOf(ran), { name, at: "", says });
    assert.ok(took < SOON_MS, `it took ${took} ms`);
    assert.ok(ran.megabytes < LIMIT_MB, `it took ${ran.megabytes} MB`);
    unchanged();
    count("2 GB");
  });

// ---- the same on PostgreSQL, for a sample --------------------------------------------------------

test("PostgreSQL stays what it was, row for row", async (t) => {
  const postgres = postgresDatabase();
  if (!postgres) return t.skip("no PostgreSQL here");
  try {
    must(postgres.db, ["init", "--name", "Testing", "--challenge", "How might we?"]);
    const path = join(folder, GOOD.areas.name);
    writeFileSync(path, GOOD.areas.text());
    must(postgres.db, commandOf(GOOD.areas.args, path));
    const was = dump(postgres.db);
    let n = 0;
    for (const wrong of faults()) {
      if (n++ % 8 !== 0) continue; // one in eight
      await t.test(`${wrong.family}: ${wrong.fault}`, () => {
        writeFileSync(join(folder, wrong.name), wrong.bytes);
        const ran = doorstep(postgres.db, commandOf(wrong.args, join(folder, wrong.name)));
        judge(sentenceOf(ran), wrong);
        assert.deepEqual(dump(postgres.db), was);
      });
    }
  } finally {
    postgres.drop();
  }
});

test("at least a hundred wrong files were refused, and nothing is left behind", (t) => {
  const all = [...counted.values()].reduce((sum, n) => sum + n, 0);
  for (const [family, n] of counted) t.diagnostic(`${family}: ${n}`);
  console.log([...counted].map(([family, n]) => `${family} ${n}`).join(", "), `= ${all}`);
  assert.ok(all >= 100, `only ${all}`);
  const left = readdirSync(folder).filter((name) => /restoring|\.new|\.copy|-journal/.test(name));
  assert.deepEqual(left, []);
});
