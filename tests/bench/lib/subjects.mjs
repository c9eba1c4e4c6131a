// SPDX-License-Identifier: AGPL-3.0-or-later
// Who is measured: Doorstep, the Express peer, nginx; and the town they serve.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runProgram } from './load.mjs';
import { start } from './servers.mjs';

// Something a scenario needs is not here: the scenario is skipped, with this sentence.
export class Absent extends Error {}

const tail = (r) => (r.err || r.out).trim().split('\n').slice(-3).join(' ');

export async function run(argv, options) {
  const r = await runProgram(argv, options);
  if (r.status !== 0) throw new Error(`${argv.slice(0, 4).join(' ')} … : ${tail(r)}`);
  return r.out;
}

export function binary(b) {
  if (!b.binary) throw new Absent('there is no doorstep to measure');
  return b.binary;
}

// The path of the zone everybody serves: --db, or a town made for this run (L; S when quick).
export async function town(b) {
  if (b.db) return b.db;
  const size = b.quick ? 'S' : 'L',
    file = path.join(b.work, `town-${size}.db`),
    made = `${file}.made`;
  if (!fs.existsSync(made)) {
    const program = binary(b);
    b.say(`  making the demonstration town, size ${size} …`);
    for (const end of ['', '-wal', '-shm']) fs.rmSync(file + end, { force: true });
    await run([program, '--db', file, 'demo', '--size', size]);
    fs.writeFileSync(made, '');
  }
  return file;
}

// Rows of a query against the town, through Debian's shell, read-only.
export async function rows(file, sql) {
  const out = await run(['sqlite3', '-readonly', '-json', file, sql]);
  return out.trim() ? JSON.parse(out) : [];
}

export function doorstepCommand(b, db, port) {
  return [binary(b), '--db', db, 'serve', '--listen', `127.0.0.1:${port}`];
}

// core: as in servers.mjs; by default the server's core.
export async function startDoorstep(b, { ready = '/', core = serverCore(b) } = {}) {
  const db = await b.town();
  return start({
    name: 'doorstep',
    command: (port) => doorstepCommand(b, db, port),
    ready,
    core,
    work: b.work,
  });
}

const serverCore = (b) => (b.pinned ? b.serverCore : null);

// A page of pages.mjs as paths, or a skip when Doorstep has no such page yet.
export async function paths(b, name) {
  const of = b.pages[name];
  if (!of) throw new Absent(`Doorstep has no such page yet (pages.mjs: ${name})`);
  const db = await b.town();
  const list = await of((sql) => rows(db, sql));
  if (!list.length) throw new Error(`pages.mjs: ${name} gave no address for this town`);
  return list;
}

// ---- the Express peer

const files = ['package.json', 'package-lock.json', '.npmrc', 'views'];

// better-sqlite3 is compiled where no ready-made binary fits; node's headers may lie beside it.
function compilerSettings() {
  const beside = path.resolve(path.dirname(process.execPath), '..');
  const here = fs.existsSync(path.join(beside, 'include/node/node.h'));
  return { ...process.env, ...(here ? { npm_config_nodedir: beside } : {}) };
}

// The folder in which the peer is installed; Absent when it cannot be. Installs anew only when the
// list of packages has changed.
async function expressFolder(b) {
  const from = path.join(b.here, 'peers/express'),
    to = path.join(b.root, 'build/bench/express');
  fs.mkdirSync(to, { recursive: true });
  const modules = fs.readdirSync(from).filter((name) => name.endsWith('.mjs'));
  for (const f of [...files, ...modules])
    fs.cpSync(path.join(from, f), path.join(to, f), { recursive: true });
  const lock = fs.readFileSync(path.join(to, 'package-lock.json'), 'utf8'),
    stamp = path.join(to, 'node_modules/.lock');
  if (!fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== lock) {
    b.say(
      '  installing the Express peer (once; a minute, when better-sqlite3 has to be compiled) …',
    );
    const r = await runProgram(['npm', 'ci', '--no-audit', '--no-fund'], {
      cwd: to,
      env: compilerSettings(),
    });
    if (r.status !== 0) throw new Absent(`the Express peer cannot be installed: ${tail(r)}`);
    fs.writeFileSync(stamp, lock);
  }
  const version = (name) =>
    JSON.parse(fs.readFileSync(path.join(to, 'node_modules', name, 'package.json'), 'utf8'))
      .version;
  for (const name of ['express', 'ejs', 'better-sqlite3']) b.peerVersions[name] = version(name);
  return to;
}

export async function expressCommand(b, db, port) {
  return [
    process.execPath,
    path.join(await expressFolder(b), 'server.mjs'),
    '--db',
    db,
    '--listen',
    `127.0.0.1:${port}`,
  ];
}

// production: without it Express compiles its views anew for each request.
export const expressEnvironment = { NODE_ENV: 'production' };

export async function startExpress(b, { ready = '/health' } = {}) {
  const db = await b.town(),
    argv = await expressCommand(b, db, 0);
  const command = (port) => [...argv.slice(0, -1), `127.0.0.1:${port}`];
  return start({
    name: 'express',
    command,
    ready,
    core: serverCore(b),
    work: b.work,
    env: expressEnvironment,
  });
}

// ---- nginx with one static page of 10 KB: the limit

function nginxConfiguration(folder, port) {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
worker_processes 1;
${os.userInfo().uid === 0 ? 'user root;' : ''}
pid ${folder}/pid;
error_log stderr warn;
events { worker_connections 2048; }
http {
    access_log off;
    default_type text/html;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=16;
    ${temp.map((t) => `${t}_temp_path ${folder}/${t};`).join(' ')}
    server { listen 127.0.0.1:${port}; root ${folder}; }
}
`;
}

export const tenKilobytes = '/ten';

export async function startNginx(b) {
  if ((await runProgram(['nginx', '-v'])).status !== 0) throw new Absent('nginx is not installed');
  const folder = fs.mkdtempSync(path.join(b.work, 'nginx-'));
  fs.writeFileSync(
    path.join(folder, 'ten'),
    `<!doctype html>${'<p>a street like any other</p>'.repeat(400)}`.slice(0, 10_000),
  );
  const command = (port) => {
    fs.writeFileSync(path.join(folder, 'conf'), nginxConfiguration(folder, port));
    return ['nginx', '-e', 'stderr', '-p', folder, '-c', path.join(folder, 'conf')];
  };
  return start({ name: 'nginx', command, ready: tenKilobytes, core: serverCore(b), work: b.work });
}

// Starts what `how` starts; null, with a line saying so, when it is absent.
export async function orAbsent(b, how) {
  try {
    return await how();
  } catch (e) {
    if (!(e instanceof Absent)) throw e;
    b.say(`  absent: ${e.message}`);
    return null;
  }
}
