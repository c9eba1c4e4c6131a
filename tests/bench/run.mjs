// SPDX-License-Identifier: AGPL-3.0-or-later
// The runner behind ./bench: which scenarios, how long, against whom; what was reached.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeBooks } from './lib/books.mjs';
import { digits } from './lib/rounds.mjs';
import { Absent, town } from './lib/subjects.mjs';
import coldStart from './scenarios/cold_start.mjs';
import heavy from './scenarios/heavy.mjs';
import importNspl from './scenarios/import_nspl.mjs';
import limits from './scenarios/limits.mjs';
import nginx from './scenarios/nginx.mjs';
import { pageArea, pageList } from './scenarios/page.mjs';
import rss from './scenarios/rss.mjs';

const scenarios = [limits, nginx, pageList, pageArea, heavy, coldStart, rss, importNspl];

const usage = `usage: ./bench [quick] [NAME…] [option…]

Compares Doorstep with what it is measured against, on this machine, and appends the figures to
artifacts/bench.csv. Without a name: everything. quick: at most a minute, limits only, no npm.

${scenarios.map((s) => `  ${s.name.padEnd(18)} ${s.about}`).join('\n')}

  --rounds N      rounds per comparison (5)         --db FILE    measure this zone, not a new town
  --seconds S     length of a measurement (4)       --work DIR   keep town and files there, and use
  --warmup S      load before each (2)                           them again (else a temporary one)
  --rows N        rows of the postcode file (2700000)
`;

const options = {
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  warmup: { type: 'string' },
  rows: { type: 'string' },
  db: { type: 'string' },
  work: { type: 'string' },
  pages: { type: 'string' },
  csv: { type: 'string' },
  root: { type: 'string' },
  tools: { type: 'string' },
  binary: { type: 'string' },
  help: { type: 'boolean' },
  plan: { type: 'boolean' }, // for the door: only say whether the words are right
};

function wrongUse(why) {
  process.stderr.write(`./bench: ${why}\n\n${usage}`);
  process.exit(2);
}

function commandLine() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (e) {
    return wrongUse(e.message);
  }
}

function number(values, name, otherwise) {
  const v = values[name] === undefined ? otherwise : Number(values[name]);
  return v > 0 ? v : wrongUse(`--${name} takes a number above 0`);
}

// Everything a scenario may use: see README.md, "What a scenario gets".
async function bench({ values, positionals }) {
  const quick = positionals.includes('quick'),
    cores = os.cpus().length;
  const root = path.resolve(values.root ?? '.');
  const work = values.work
    ? path.resolve(values.work)
    : fs.mkdtempSync(path.join(os.tmpdir(), 'doorstep-bench-'));
  fs.mkdirSync(work, { recursive: true });
  const pages = await import(values.pages ? path.resolve(values.pages) : './pages.mjs');
  const b = {
    quick,
    root,
    work,
    pages,
    figures: [],
    goals: { reached: 0, short: 0 },
    tools: values.tools,
    binary: values.binary || null,
    db: values.db && path.resolve(values.db),
    here: path.dirname(new URL(import.meta.url).pathname),
    rounds: number(values, 'rounds', quick ? 3 : 5),
    seconds: number(values, 'seconds', quick ? 1.5 : 4),
    warmup: number(values, 'warmup', quick ? 0.5 : 2),
    rows: number(values, 'rows', 2_700_000),
    pinned: cores > 1,
    serverCore: cores > 1 ? 1 : 0,
    loadCore: 0,
    temporary: !values.work,
    peerVersions: {},
    csv: values.csv ?? path.join(root, 'artifacts', 'bench.csv'),
    say: (line) => console.log(line),
  };
  b.book = (figure) => b.figures.push(figure);
  b.goal = (g) => goal(b, g);
  let made; // two may ask at once
  b.town = () => (made ??= town(b));
  return b;
}

// Says whether a goal was reached and books it: { scenario, measure, unit, spread, most | least }.
function goal(b, { scenario, measure, unit, spread, most, least, noisy }) {
  const reached = most !== undefined ? spread.median <= most : spread.median >= least;
  const wanted = most !== undefined ? `≤ ${most}` : `≥ ${least}`;
  b.goals[reached ? 'reached' : 'short']++;
  b.book({
    scenario,
    measure,
    unit,
    ...spread,
    noisy,
    goal: `${wanted}`,
    reached: reached ? 'yes' : 'no',
  });
  b.say(
    `  ${measure}: ${digits(spread.median)} ${unit} ` +
      `(${digits(spread.min)}–${digits(spread.max)}, n ${spread.n})` +
      `   goal ${wanted} ${unit}: ${reached ? 'reached' : 'FALLS SHORT'}`,
  );
}

async function runOne(b, scenario, count) {
  const from = Date.now();
  b.say(`${scenario.name}: ${scenario.about}`);
  try {
    await scenario.run(b);
    b.say(`  (${((Date.now() - from) / 1000).toFixed(0)} s)`);
  } catch (e) {
    const absent = e instanceof Absent;
    count[absent ? 'skipped' : 'failed']++;
    b.say(`  ${absent ? 'skipped' : 'FAILED'}: ${e.message}`);
  }
}

function chosen(positionals) {
  const names = positionals.filter((p) => p !== 'quick');
  for (const n of names)
    if (!scenarios.some((s) => s.name === n)) wrongUse(`no such scenario: ${n}`);
  if (names.length) return scenarios.filter((s) => names.includes(s.name));
  return positionals.includes('quick') ? scenarios.filter((s) => s.quick) : scenarios;
}

const args = commandLine();
if (args.values.help) {
  console.log(usage);
  process.exit(0);
}
const list = chosen(args.positionals);
if (args.values.plan) process.exit(0);
const b = await bench(args);
// Registered after the servers' own farewell, so that nobody writes there any more.
process.on('exit', () => b.temporary && fs.rmSync(b.work, { recursive: true, force: true }));
const count = { skipped: 0, failed: 0 };
if (!b.pinned) b.say('One core only: server and load share it; no round can be told from noise.');
if (b.db) b.say('The goals are meant for the town of size L; here another zone is measured.');
for (const s of list) await runOne(b, s, count);
if (b.figures.length) await writeBooks(b, b.csv, b.figures);
b.say(
  `${b.goals.reached} goals reached, ${b.goals.short} short; ` +
    `${list.length} scenarios: ${count.skipped} skipped, ${count.failed} failed`,
);
process.exit(count.failed ? 1 : 0);
