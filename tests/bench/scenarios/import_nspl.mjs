// SPDX-License-Identifier: AGPL-3.0-or-later
// A whole country's postcodes: Doorstep (typed, checked, keyed, all or nothing) against the SQLite
// shell's .import of the same file into one table of text, in turn, in the same run.
import fs from 'node:fs';
import path from 'node:path';
import { runProgram, tool } from '../lib/load.mjs';
import { digits, spread } from '../lib/rounds.mjs';
import { Absent, binary, rows, run } from '../lib/subjects.mjs';

// The content of the full file from seed 1. Anything else is another yardstick.
const FULL = {
  rows: 2_700_000,
  blake2b: '6018ca901538238a71a9c2ff3cd64dc4575b835630d8f2286b759daf22c474ae',
};

async function yardstick(b) {
  const file = path.join(b.work, `nspl-${b.rows}.csv`),
    made = `${file}.made`;
  if (!fs.existsSync(made)) {
    const sum = await tool(b, 'nspl_gen', ['--out', file, '--rows', String(b.rows)]);
    b.say(
      `  postcode file: ${sum.rows} rows, ${(sum.bytes / 1e6).toFixed(0)} MB, ` +
        `blake2b ${sum.blake2b.slice(0, 16)}…`,
    );
    if (sum.rows === FULL.rows && sum.blake2b !== FULL.blake2b)
      throw new Error(`the postcode file is not the yardstick it used to be (${sum.blake2b})`);
    // Pages that wait to be written to disk would count as memory of whoever maps the file.
    const handle = fs.openSync(file, 'r+');
    fs.fsyncSync(handle);
    fs.closeSync(handle);
    fs.writeFileSync(made, sum.blake2b);
  }
  // Read once, so that everybody finds it in the page cache.
  for await (const piece of fs.createReadStream(file, { highWaterMark: 1 << 20 })) void piece;
  return file;
}

function removeDatabase(file) {
  for (const end of ['', '-wal', '-shm', '-journal', '.lock', '.sock'])
    fs.rmSync(file + end, { force: true });
}

async function countRows(file, table) {
  const [{ n }] = await rows(file, `SELECT count(*) AS n FROM ${table}`);
  return n;
}

async function measured(b, name, argv, db, table) {
  const t = await tool(b, 'measure', argv, { allow: [1] });
  if (t.status !== 0) throw new Error(`${name} ended with status ${t.status}`);
  const n = await countRows(db, table);
  if (n !== b.rows) throw new Error(`${name} has ${n} rows of ${b.rows}`);
  t.db_mb = fs.statSync(db).size / 1e6;
  removeDatabase(db);
  return t;
}

async function ours(b, file) {
  const db = path.join(b.work, 'import-doorstep.db');
  removeDatabase(db);
  await run([
    binary(b),
    '--db',
    db,
    'init',
    '--name',
    'Bench',
    '--challenge',
    'How might we import a country?',
  ]);
  return measured(
    b,
    'doorstep',
    [binary(b), '--db', db, 'import', 'postcodes', file],
    db,
    'postcode',
  );
}

async function shell(b, file) {
  const db = path.join(b.work, 'import-sqlite3.db');
  removeDatabase(db);
  return measured(b, 'sqlite3', ['sqlite3', db, '.mode csv', `.import ${file} nspl`], db, 'nspl');
}

function line(name, t) {
  return (
    `${name} ${digits(t.cpu_s)} CPU s, ${digits(t.wall_s)} s, ` +
    `${(t.dirty_max_kb / 1024).toFixed(1)} MB private, ` +
    `database ${t.db_mb.toFixed(0)} MB`
  );
}

export default {
  name: 'import-nspl',
  about: "a country's postcodes imported, against sqlite3 .import",
  async run(b) {
    if ((await runProgram(['sqlite3', '--version'])).status !== 0)
      throw new Absent('sqlite3 is not installed');
    const file = await yardstick(b),
      all = [];
    for (let i = 0; i < Math.min(3, b.rounds); i++) {
      const r = { sqlite3: await shell(b, file) };
      b.say(`  round ${i + 1}: ${line('sqlite3', r.sqlite3)}`);
      if (b.binary) r.doorstep = await ours(b, file);
      if (b.binary) b.say(`  round ${i + 1}: ${line('doorstep', r.doorstep)}`);
      all.push(r);
    }
    book(b, all);
    if (!b.binary) binary(b); // the shell's figures stand; ours are missing, and that is said
  },
};

function book(b, all) {
  const scenario = 'import-nspl',
    each = (f) => spread(all.map(f));
  for (const name of Object.keys(all[0])) {
    b.book({ scenario, measure: `${name} cpu`, unit: 's', ...each((r) => r[name].cpu_s) });
    b.book({ scenario, measure: `${name} wall`, unit: 's', ...each((r) => r[name].wall_s) });
    b.book({
      scenario,
      measure: `${name} private memory`,
      unit: 'MB',
      ...each((r) => r[name].dirty_max_kb / 1024),
    });
    b.book({ scenario, measure: `${name} database`, unit: 'MB', ...each((r) => r[name].db_mb) });
  }
  if (!all[0].doorstep) return;
  if (b.rows === FULL.rows)
    b.goal({
      scenario,
      measure: 'CPU',
      unit: 's',
      spread: each((r) => r.doorstep.cpu_s),
      most: 10,
    });
  b.goal({
    scenario,
    measure: 'private memory',
    unit: 'MB',
    spread: each((r) => r.doorstep.dirty_max_kb / 1024),
    most: 64,
  });
  b.goal({
    scenario,
    measure: 'CPU ÷ that of .import',
    unit: '×',
    spread: each((r) => r.doorstep.cpu_s / r.sqlite3.cpu_s),
    most: 1,
  });
  b.goal({
    scenario,
    measure: 'wall ÷ that of .import',
    unit: '×',
    spread: each((r) => r.doorstep.wall_s / r.sqlite3.wall_s),
    most: 1,
  });
}
