// SPDX-License-Identifier: AGPL-3.0-or-later
// What a server takes: CPU time and memory of its whole process tree, read from /proc, and how
// busy a core was with other things meanwhile.
import fs from 'node:fs';
import { execFileSync } from 'node:child_process';

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

// Every server gets this variable with a value of its own; what it starts inherits it, so that a
// daemon that has left the tree (setsid, double fork) still counts.
export const MARK = 'DOORSTEP_BENCH';

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return ''; // gone meanwhile, or not ours to read
  }
}

// The numbers of /proc/PID/stat after the command's name (which may hold spaces and brackets).
function stat(pid) {
  const text = read(`/proc/${pid}/stat`);
  if (!text) return null;
  const f = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(f[1]), ticks: f.slice(11, 15).reduce((sum, x) => sum + Number(x), 0) };
}

// The process ids of `pid`, its descendants, and everything that carries the mark.
export function tree(pid, mark) {
  const all = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const parent = new Map(all.map((p) => [p, stat(p)?.parent]));
  const below = (p) => {
    for (let i = 0; p > 1 && i < 64; i++, p = parent.get(p)) if (p === pid) return true;
    return false;
  };
  const marked = (p) => mark && read(`/proc/${p}/environ`).split('\0').includes(`${MARK}=${mark}`);
  return all.filter((p) => below(p) || marked(p));
}

// User and system seconds of the tree so far, children that have ended included.
export function cpuSeconds(pid, mark) {
  return tree(pid, mark).reduce((sum, p) => sum + (stat(p)?.ticks ?? 0), 0) / TICKS;
}

function kilobytes(text, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}

// Memory of the tree in KiB: `peak` (the sum of each process's largest RSS), `rss` now, `private`
// (pages nobody shares) and `dirty` (those of them that were written to).
export function memory(pid, mark) {
  const m = { peak: 0, rss: 0, private: 0, dirty: 0 };
  for (const p of tree(pid, mark)) {
    const rollup = read(`/proc/${p}/smaps_rollup`);
    const dirty = kilobytes(rollup, 'Private_Dirty');
    m.peak += kilobytes(read(`/proc/${p}/status`), 'VmHWM');
    m.rss += kilobytes(rollup, 'Rss');
    m.private += kilobytes(rollup, 'Private_Clean') + dirty;
    m.dirty += dirty;
  }
  return m;
}

// User and system seconds of this runner and of the tools it has waited for.
export function ownSeconds() {
  const text = read('/proc/self/stat');
  const f = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return f.slice(11, 15).reduce((sum, x) => sum + Number(x), 0) / TICKS;
}

// Seconds a core has worked so far, for anybody: everything but idle and waiting for the disk.
export function coreSeconds(core) {
  const line = read('/proc/stat')
    .split('\n')
    .find((l) => l.startsWith(`cpu${core} `));
  const f = line.trim().split(/\s+/).slice(1).map(Number);
  const [user, nice, system, , , irq, softirq, steal] = f;
  return (user + nice + system + irq + softirq + steal) / TICKS;
}
