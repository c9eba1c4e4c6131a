// SPDX-License-Identifier: AGPL-3.0-or-later
// The measuring tools measured: servers and programs with a known fault or a known cost, and what
// the tools have to say about them. BENCH_TOOLS names the folder of the built tools.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { after, test } from 'node:test';
import { difference, fullPage, normalise, sameBodies } from './lib/bodies.mjs';
import { runProgram } from './lib/load.mjs';
import { cpuSeconds, MARK, memory } from './lib/proc.mjs';
import { median, spread } from './lib/rounds.mjs';
import { isTaken, sleep, start } from './lib/servers.mjs';

const tools = process.env.BENCH_TOOLS;
const skip = tools ? false : 'no BENCH_TOOLS';
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-test-'));
after(() => fs.rmSync(work, { recursive: true }));

const run = (name, ...args) => runProgram([path.join(tools ?? '', name), ...args]);

// A server for the length of one test; `answer` as for http.createServer or net.createServer.
async function serving(t, make, answer) {
  const server = make(answer);
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => (server.closeAllConnections?.(), server.close()));
  return `http://127.0.0.1:${server.address().port}`;
}

let files = 0;
async function load(url, ...args) {
  const file = path.join(work, `urls-${++files}`);
  fs.writeFileSync(file, `${url}/\n`);
  const r = await run('load', '--urls', file, ...args);
  return { status: r.status, err: r.err, ...(r.out && JSON.parse(r.out)) };
}

test('load: good answers, with a length and chunked, are counted', { skip }, async (t) => {
  let n = 0,
    seen = 0;
  const url = await serving(t, http.createServer, (req, res) => {
    seen++;
    n++ % 2 ? res.end('hello') : (res.write('he'), res.end('llo'));
  });
  const r = await load(url, '--seconds', '0.3', '--connections', '4');
  assert.equal(r.status, 0);
  assert.equal(r.errors, 0);
  assert.equal(r.requests, seen);
  assert.deepEqual(r.statuses, { 200: seen });
});

test('load: a page not found, a cut body and a closed door are errors', { skip }, async (t) => {
  const missing = await serving(t, http.createServer, (req, res) => res.writeHead(404).end());
  const cut = await serving(t, net.createServer, (s) => {
    s.on('error', () => {});
    s.once('data', () => s.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'));
  });
  for (const [url, why] of [
    [missing, /status 404/],
    [cut, /ended before/],
    ['http://127.0.0.1:9', /refused/],
  ]) {
    const r = await load(url, '--seconds', '0.2', '--connections', '2');
    assert.equal(r.status, 1);
    assert.ok(r.errors > 0 && r.errors === r.requests, `${r.errors} errors of ${r.requests}`);
    assert.match(r.first_error, why);
  }
});

test(
  'load: a server that never answers is an error for every request that fell due',
  { skip },
  async (t) => {
    const url = await serving(t, net.createServer, (s) => s.on('error', () => {}).resume());
    const r = await load(
      url,
      '--seconds',
      '0.5',
      '--rate',
      '100',
      '--connections',
      '4',
      '--grace',
      '0.2',
    );
    assert.equal(r.status, 1);
    assert.equal(r.requests, 50);
    assert.equal(r.errors, 50);
  },
);

// A server that answers nobody for 400 ms out of a second. With one connection a closed loop meets
// the stall once in hundreds of requests and its p90 knows nothing of it; at a fixed rate four in
// ten requests fall due meanwhile.
test('load: at a fixed rate a stall is seen by all who would have come', { skip }, async (t) => {
  let from = 0;
  const stalling = (req, res) => {
    from ||= Date.now();
    const into = Date.now() - from;
    if (into > 300 && into < 700) setTimeout(() => res.end('late'), 700 - into);
    else res.end('now');
  };
  const url = await serving(t, http.createServer, stalling);
  const closed = await load(url, '--seconds', '1', '--connections', '1');
  from = 0;
  const open = await load(url, '--seconds', '1', '--connections', '4', '--rate', '200');
  assert.equal(open.requests, 200);
  assert.ok(closed.p90_ms < 50, `closed loop p90 ${closed.p90_ms}`);
  assert.ok(open.p90_ms > 200, `open loop p90 ${open.p90_ms}`);
  assert.ok(open.max_ms > 350 && open.max_ms < 600, `open loop max ${open.max_ms}`);
});

test('load: other machines and wrong options are refused', { skip }, async () => {
  const far = await load('http://192.0.2.1:80');
  assert.equal(far.status, 1);
  assert.match(far.err, /not this machine/);
  assert.equal((await run('load')).status, 2);
});

const burn = 'i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done';

test('measure: what a daemon burns after its parent has gone is counted', { skip }, async () => {
  const alone = JSON.parse((await run('measure', 'sh', '-c', burn)).out);
  const daemon = JSON.parse((await run('measure', 'sh', '-c', `(setsid sh -c '${burn}' &)`)).out);
  assert.ok(alone.cpu_s > 0.05);
  assert.ok(daemon.cpu_s > alone.cpu_s * 0.5, `${daemon.cpu_s} of ${alone.cpu_s} s`);
});

test('measure: exit status and private memory', { skip }, async () => {
  const failed = await run('measure', 'sh', '-c', 'exit 7');
  assert.equal(failed.status, 1);
  assert.equal(JSON.parse(failed.out).status, 7);
  const eater = `const b = Buffer.alloc(100e6, 1), t = Date.now(); while (Date.now() - t < 300);`;
  const ate = JSON.parse((await run('measure', process.execPath, '-e', eater)).out);
  assert.ok(ate.dirty_max_kb > 95_000, `${ate.dirty_max_kb} KB`);
  assert.match((await run('measure', '/nowhere')).err, /cannot be run/);
});

test('a process tree: CPU of a daemon that has left it, and memory', async (t) => {
  const mark = `test-${process.pid}`;
  const script = `(setsid sh -c '${burn}; exec sleep 60' &) ; exec sleep 60`;
  const child = spawn('sh', ['-c', script], {
    env: { ...process.env, [MARK]: mark },
    stdio: 'ignore',
  });
  t.after(async () => {
    const { tree } = await import('./lib/proc.mjs');
    for (const pid of tree(child.pid, mark)) process.kill(pid, 'SIGKILL');
  });
  await sleep(1500);
  assert.ok(cpuSeconds(child.pid, mark) > 0.05);
  assert.ok(
    cpuSeconds(child.pid, null) < 0.05,
    'the daemon is outside the tree: only the mark finds it',
  );
  assert.ok(memory(child.pid, mark).peak > memory(child.pid, null).peak);
});

test('servers: stopped with what they left behind; trouble is told', async () => {
  const server = `require('http').createServer((q, s) => s.end('ok'))
    .listen(process.argv[1], '127.0.0.1')`;
  const command = (port) => [
    'sh',
    '-c',
    `(setsid sleep 60 &); exec "$0" -e "$1" ${port}`,
    process.execPath,
    server,
  ];
  const s = await start({ name: 'ok', command, ready: '/', core: null, work });
  assert.ok(await isTaken(s.port));
  await s.stop();
  assert.ok(!(await isTaken(s.port)));
  const { tree } = await import('./lib/proc.mjs');
  assert.deepEqual(tree(s.pid, s.mark), []);
  const broken = start({
    name: 'broken',
    command: () => ['sh', '-c', 'echo no such file; exit 3'],
    ready: '/',
    core: null,
    work,
  });
  await assert.rejects(broken, /broken did not start \(3\):\nno such file/);
});

test('first_page: a server already there is not taken for the new one', { skip }, async (t) => {
  const url = await serving(t, http.createServer, (req, res) => res.end('old'));
  const r = await run('first_page', `${url}/`, 'sleep', '1');
  assert.equal(r.status, 1);
  assert.match(r.err, /listens .* already/);
});

test('first_page: waits for the last byte', { skip }, async () => {
  const slow = `require('http').createServer((q, s) => {
    s.write('a'); setTimeout(() => s.end('b'), 200);
  }).listen(18763, '127.0.0.1')`;
  const r = JSON.parse(
    (await run('first_page', 'http://127.0.0.1:18763/', process.execPath, '-e', slow)).out,
  );
  assert.equal(r.bytes, 2);
  assert.ok(r.ms > 200 && r.ms < 5000, `${r.ms} ms`);
});

test('bodies: the first difference is named; what may differ does not count', async (t) => {
  assert.equal(difference('same', 'same'), null);
  assert.match(difference('a page', 'a pace'), /^byte 4 of 6 and 6/);
  assert.match(difference('short', 'shorter'), /^byte 5/);
  assert.equal(
    normalise(`it&#039;s <input name="csrf" value="abc">\n`),
    `it&#39;s <input name="csrf" value="-">`,
  );
  const one = {
    name: 'one',
    url: await serving(t, http.createServer, (req, res) => res.end('<p>12</p>')),
  };
  const two = {
    name: 'two',
    url: await serving(t, http.createServer, (req, res) => res.end('<p>13</p>\n')),
  };
  await sameBodies(one, one, ['/a']);
  await assert.rejects(sameBodies(one, two, ['/a']), /\/a differs between one and two at byte 4/);
});

test('bodies: neither a crumb nor a redirect passes for a page', async (t) => {
  const html = { 'Content-Type': 'text/html; charset=utf-8' };
  const answers = {
    '/page': (res) => res.writeHead(200, html).end('x'.repeat(4000)),
    '/crumb': (res) => res.writeHead(200, html).end('ok'),
    '/away': (res) => res.writeHead(303, { ...html, Location: '/page' }).end('x'.repeat(4000)),
    '/data': (res) => res.writeHead(200, { 'Content-Type': 'text/csv' }).end('x'.repeat(4000)),
  };
  const url = await serving(t, http.createServer, (req, res) => answers[req.url](res));
  await fullPage({ name: 'one', url }, '/page');
  for (const path of ['/crumb', '/away', '/data'])
    await assert.rejects(fullPage({ name: 'one', url }, path), /gives no page/);
});

// A door of its own, in front of a ./run that leaves a trace.
test('the door: a wrong word is refused before anything is installed or built', async () => {
  const root = fs.mkdtempSync(path.join(work, 'door-')),
    here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
  fs.copyFileSync(path.join(here, '../../bench'), path.join(root, 'bench'));
  fs.writeFileSync(path.join(root, 'run'), '#!/bin/sh\necho "$*" >>"$0.trace"\nexit 1\n');
  fs.chmodSync(path.join(root, 'run'), 0o755);
  fs.mkdirSync(path.join(root, 'tests'));
  fs.symlinkSync(here, path.join(root, 'tests/bench'));
  const env = { ...process.env, DOORSTEP_BIN: '', BENCH_TOOLS: '' };
  const door = (...words) => runProgram([path.join(root, 'bench'), ...words], { env });
  const trace = path.join(root, 'run.trace');
  assert.equal((await door('nosuch')).status, 2);
  assert.equal((await door('--nosuch')).status, 2);
  assert.equal((await door('--help')).status, 0);
  assert.ok(!fs.existsSync(trace), 'nothing was run');
  assert.equal((await door('fsync')).status, 1);
  assert.equal(fs.readFileSync(trace, 'utf8'), '--install bench\n--build\n');
});

test('middles and spreads', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.deepEqual(spread([2, 9, 4]), { median: 4, min: 2, max: 9, n: 3 });
});

test(
  'nspl_gen: the same seed gives the same bytes, in the shape of the real file',
  { skip },
  async () => {
    const make = async (file, ...args) =>
      JSON.parse((await run('nspl_gen', '--out', path.join(work, file), ...args)).out);
    const a = await make('a', '--rows', '20000'),
      again = await make('b', '--rows', '20000');
    const other = await make('c', '--rows', '20000', '--seed', '2');
    assert.deepEqual(a, again);
    assert.notEqual(a.blake2b, other.blake2b);
    const text = fs.readFileSync(path.join(work, 'a'), 'latin1');
    assert.equal(text.length, a.bytes);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((l) => l.split(','));
    assert.ok(lines.every((f) => f.length === 41));
    const [head, ...body] = lines,
      at = Object.fromEntries(head.map((name, i) => [name, i]));
    assert.equal(body.length, 20000);
    assert.ok(
      body.every((f, i) => i === 0 || f[at.pcd] > body[i - 1][at.pcd]),
      'sorted and unique',
    );
    assert.ok(body.every((f) => /^"[A-Z0-9 ]{7}"$/.test(f[at.pcd]) && f[at.pcd2].length === 10));
    const share = (of) => body.filter(of).length / body.length;
    assert.ok(Math.abs(share((f) => f[at.doterm] !== '""') - 0.35) < 0.02);
    const nowhere = body.filter((f) => f[at.lat] === '99.999999');
    assert.ok(nowhere.length > 300 && nowhere.length < 900);
    assert.ok(
      nowhere.every(
        (f) =>
          f[at.long] === '0.000000' &&
          f[at.lsoa11] === '""' &&
          f[at.osgrdind] === '"9"' &&
          f[at.imd] === '0',
      ),
    );
    assert.ok(
      body.every(
        (f) =>
          nowhere.includes(f) ||
          (f[at.lat] > 49 && f[at.lat] < 61 && f[at.long] > -9 && f[at.long] < 2.5),
      ),
    );
    assert.ok(
      body.some((f) => f[at.cty] === '"E99999999"') &&
        body.some((f) => f[at.laua] === '"E07000178"'),
    );
  },
);
