// SPDX-License-Identifier: AGPL-3.0-or-later
// Running the measuring tools, and one measurement of one server.
import fs from 'node:fs';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { coreSeconds, cpuSeconds } from './proc.mjs';

// Runs a program; resolves with { status, out, err }.
export function runProgram(argv, options = {}) {
  return new Promise((done) => {
    execFile(argv[0], argv.slice(1), { maxBuffer: 1 << 26, ...options }, (e, out, err) =>
      done({
        status: e ? (typeof e.code === 'number' ? e.code : 1) : 0,
        out,
        err: err || (e?.message ?? ''),
      }),
    );
  });
}

// Runs one of our tools; its JSON, or an error with what it said.
export async function tool(b, name, args, { core = null, allow = [] } = {}) {
  const argv = [path.join(b.tools, name), ...args];
  const r = await runProgram(core === null ? argv : ['taskset', '-c', String(core), ...argv]);
  if (r.status !== 0 && !allow.includes(r.status))
    throw new Error(`${name}: ${r.err.trim().split('\n').slice(-3).join(' ') || r.out.trim()}`);
  return JSON.parse(r.out);
}

let lists = 0;
function urlFile(b, server, paths) {
  const file = path.join(b.work, `urls-${++lists}`);
  fs.writeFileSync(file, paths.map((p) => `${server.url}${p}\n`).join(''));
  return file;
}

// Puts load on a server: { paths, headers, connections, seconds, rate, core }. The tool's figures;
// any answer but 2xx and 304, and any socket error, is an error.
export async function load(b, server, o) {
  const args = ['--urls', urlFile(b, server, o.paths), '--seconds', String(o.seconds)];
  args.push('--connections', String(o.connections ?? 64), '--seed', String(o.seed ?? 1));
  if (o.rate) args.push('--rate', String(o.rate));
  for (const h of o.headers ?? []) args.push('--header', h);
  const r = await tool(b, 'load', args, { core: o.core, allow: [1] });
  fs.rmSync(args[1]);
  if (r.errors)
    throw new Error(
      `${server.name}: ${r.errors} of ${r.requests} requests failed (${r.first_error})`,
    );
  return r;
}

// One measurement: warm-up, then load with the books open. Adds to the tool's figures `us` (CPU
// microseconds of the server's process tree per request), `other` (share of the server's core that
// somebody else used) and `noisy` (more than a fifth).
export async function measure(b, server, o) {
  await load(b, server, { ...o, seconds: b.warmup, core: b.loadCore });
  const cpu = cpuSeconds(server.pid, server.mark),
    core = coreSeconds(b.serverCore);
  const from = process.hrtime.bigint();
  const r = await load(b, server, { ...o, seconds: b.seconds, core: b.loadCore });
  const wall = Number(process.hrtime.bigint() - from) / 1e9;
  const used = cpuSeconds(server.pid, server.mark) - cpu;
  const other = Math.max(0, coreSeconds(b.serverCore) - core - used) / wall;
  return { ...r, us: (used * 1e6) / r.requests, other, noisy: b.pinned && other > 0.2 };
}
