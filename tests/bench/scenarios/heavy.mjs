// SPDX-License-Identifier: AGPL-3.0-or-later
// What one person feels while two others run reports: latencies of a light page at a fixed rate
// (open loop), with and without two clients that ask for one heavy report after the other. On all
// cores, as it would be served; CPU per request says nothing here. A round in which others took
// more than a fifth of the machine is noisy; it is repeated while there is patience, and not judged
// when there are quiet ones.
import os from 'node:os';
import { load } from '../lib/load.mjs';
import { coreSeconds, cpuSeconds, ownSeconds } from '../lib/proc.mjs';
import { spread } from '../lib/rounds.mjs';
import { sleep } from '../lib/servers.mjs';
import { paths, startDoorstep } from '../lib/subjects.mjs';

const SHARE = 0.25; // of what the server can do at most

const PATIENCE = 2; // times the rounds asked for

// Seconds of all cores that neither the server nor we have used so far.
function others(server) {
  const all = os.cpus().reduce((sum, _, core) => sum + coreSeconds(core), 0);
  return all - cpuSeconds(server.pid, server.mark) - ownSeconds();
}

async function oneRound(b, ours, light, heavy) {
  const before = others(ours),
    from = Date.now();
  const alone = await load(b, ours, light);
  const reports = load(b, ours, { ...heavy, seconds: b.seconds + 0.5 });
  await sleep(300);
  const beside = await load(b, ours, light);
  const round = { alone, beside, reports: await reports };
  const wall = (Date.now() - from) / 1000;
  round.noisy = others(ours) - before > 0.2 * wall * os.cpus().length;
  return round;
}

function roundLine(i, { alone, beside, reports, noisy }) {
  return (
    `  round ${i}: light p50 ${alone.p50_ms} p99 ${alone.p99_ms} ms · ` +
    `with 2 heavy p50 ${beside.p50_ms} p99 ${beside.p99_ms} ms ` +
    `(${(beside.p99_ms / alone.p99_ms).toFixed(2)}×) · ${reports.requests} reports` +
    (noisy ? '  [noisy]' : '')
  );
}

export default {
  name: 'light-with-heavy',
  about: 'p99 of a light page while two clients loop a heavy report, against without',
  async run(b) {
    const lightPaths = await paths(b, 'light'),
      heavyPaths = await paths(b, 'heavy'),
      headers = [b.pages.uncached].filter(Boolean);
    const ours = await startDoorstep(b, { ready: lightPaths[0], core: null });
    try {
      const most = await load(b, ours, { paths: lightPaths, headers, seconds: b.warmup });
      const rate = Math.max(10, Math.round(most.req_per_s * SHARE));
      b.say(
        `  ${rate} light requests a second, a quarter of the ${most.req_per_s.toFixed(0)} it can`,
      );
      const light = { paths: lightPaths, headers, seconds: b.seconds, rate, connections: 128 };
      const heavy = { paths: heavyPaths, headers, connections: 2 };
      const all = [];
      const quiet = () => all.filter((r) => !r.noisy);
      for (let i = 0; i < b.rounds * PATIENCE && quiet().length < b.rounds; i++) {
        all.push(await oneRound(b, ours, light, heavy));
        b.say(roundLine(i + 1, all[i]));
      }
      const noisy = all.length - quiet().length;
      book(b, quiet().length ? quiet() : all, noisy);
    } finally {
      await ours.stop();
    }
  },
};

function book(b, all, noisy) {
  const scenario = 'light-with-heavy',
    each = (f) => spread(all.map(f));
  b.book({ scenario, measure: 'light p99 alone', unit: 'ms', ...each((r) => r.alone.p99_ms) });
  b.book({
    scenario,
    measure: 'light p99 with heavy',
    unit: 'ms',
    ...each((r) => r.beside.p99_ms),
  });
  b.book({
    scenario,
    measure: 'reports per second',
    unit: '1/s',
    ...each((r) => r.reports.req_per_s),
  });
  b.goal({
    scenario,
    measure: 'p99 with two heavy ÷ without',
    unit: '×',
    noisy,
    most: 1.5,
    spread: each((r) => r.beside.p99_ms / r.alone.p99_ms),
  });
}
