// SPDX-License-Identifier: AGPL-3.0-or-later
// Servers under measurement: each is started on one core and a port of its own, watched, and
// ended by its process id, whatever becomes of us.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { MARK, tree } from './proc.mjs';

const running = new Set();
let count = 0;

process.on('exit', () => running.forEach((s) => endNow(s)));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Does anybody listen there?
export function isTaken(port) {
  return new Promise((done) => {
    const s = net.connect(port, '127.0.0.1');
    s.on('connect', () => (s.destroy(), done(true)));
    s.on('error', () => done(false));
  });
}

export function freePort() {
  return new Promise((done, fail) => {
    const s = net.createServer().on('error', fail);
    s.listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => done(port));
    });
  });
}

// Starts `command(port)` (an array) and waits until `ready` (a path) is answered with 2xx.
// core: the only core it may use, or null. Returns { name, port, url, pid, mark, log, stop() }.
export async function start({ name, command, ready, core, work, env = {} }) {
  const port = await freePort();
  if (await isTaken(port)) throw new Error(`port ${port} is taken`);
  const argv = command(port);
  const pinned = core === null ? argv : ['taskset', '-c', String(core), ...argv];
  const log = path.join(work, `${name}-${++count}.log`);
  const out = fs.openSync(log, 'w');
  const mark = `${process.pid}-${count}`;
  const child = spawn(pinned[0], pinned.slice(1), {
    stdio: ['ignore', out, out],
    env: { ...process.env, ...env, [MARK]: mark },
  });
  fs.closeSync(out);
  const s = { name, port, url: `http://127.0.0.1:${port}`, pid: child.pid, mark, log, child };
  s.ended = new Promise((done) => {
    child.on('exit', (code, signal) => done(signal ?? code));
    child.on('error', (e) => done(e.message));
  });
  s.stop = () => stop(s);
  running.add(s);
  await answering(s, ready);
  return s;
}

async function answering(s, ready) {
  let over;
  s.ended.then((how) => (over = how));
  for (const limit = Date.now() + 60_000; Date.now() < limit; await sleep(20)) {
    if (over !== undefined) break;
    const status = await fetch(s.url + ready, { redirect: 'manual' }).then(
      (r) => (r.arrayBuffer(), r.status),
      () => 0,
    );
    if (status >= 200 && status < 300) return;
    if (status) over = `it answered ${ready} with ${status}`;
  }
  const said = fs.readFileSync(s.log, 'utf8').trim().split('\n').slice(-5).join('\n');
  await stop(s);
  throw new Error(
    `${s.name} did not start (${over ?? 'no answer in 60 s'})${said && `:\n${said}`}`,
  );
}

// SIGKILL to whatever is left of the tree; returns how many processes that were.
function endNow(s) {
  const left = s.pid ? tree(s.pid, s.mark) : [];
  for (const pid of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has gone by itself
    }
  }
  running.delete(s);
  return left.length;
}

// Resolves only when nobody of the tree is there any more: a process that has been killed but has
// not gone yet would still hold its port, and its core, in the next measurement.
async function stop(s) {
  if (!running.has(s)) return;
  s.child.kill('SIGTERM');
  const patience = setTimeout(() => s.child.kill('SIGKILL'), 5000);
  await s.ended;
  clearTimeout(patience);
  for (const limit = Date.now() + 5000; endNow(s) && Date.now() < limit;) await sleep(5);
}
