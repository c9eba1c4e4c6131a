// SPDX-License-Identifier: AGPL-3.0-or-later
// Where figures go: a CSV file that grows by one line per figure and run, with the machine and the
// versions beside each, so that a line still means something next year.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runProgram } from './load.mjs';

const columns = [
  'when',
  'commit',
  'mode',
  'cpu',
  'cores',
  'kernel',
  'versions',
  'zone',
  'seconds',
  'scenario',
  'measure',
  'unit',
  'median',
  'min',
  'max',
  'n',
  'noisy',
  'goal',
  'reached',
];

async function firstLine(argv) {
  const r = await runProgram(argv);
  return r.status === 0 ? (r.out || r.err).trim().split('\n')[0] : '';
}

// What was measured with, as "name version; name version".
export async function versions(b) {
  const found = {
    doorstep: b.binary && (await firstLine([b.binary, '--version'])),
    node: process.version,
    nginx: (await firstLine(['nginx', '-v'])).replace(/^.*nginx\//, ''),
    sqlite3: (await firstLine(['sqlite3', '--version'])).split(' ')[0],
    ...b.peerVersions,
  };
  return Object.entries(found)
    .filter(([, v]) => v)
    .map(([k, v]) => `${k} ${v}`)
    .join('; ');
}

const cell = (v) => {
  const text = typeof v === 'number' ? String(Number(v.toPrecision(6))) : String(v ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

// Appends the figures to `file`, making it with its headings if need be.
export async function writeBooks(b, file, figures) {
  const machine = {
    when: new Date().toISOString().slice(0, 19) + 'Z',
    commit: await firstLine(['git', '-C', b.root, 'rev-parse', '--short', 'HEAD']),
    mode: b.quick ? 'quick' : 'full',
    cpu: os.cpus()[0]?.model.trim() ?? '',
    cores: os.cpus().length,
    kernel: os.release(),
    versions: await versions(b),
    zone: b.db ? path.basename(b.db) : b.quick ? 'S' : 'L',
    seconds: b.seconds,
  };
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (!fs.existsSync(file)) fs.writeFileSync(file, columns.join(',') + '\n');
  const lines = figures.map((f) => columns.map((c) => cell({ ...machine, ...f }[c])).join(','));
  fs.appendFileSync(file, lines.map((l) => l + '\n').join(''));
}
