// SPDX-License-Identifier: AGPL-3.0-or-later
// What one person feels while two others run reports: latencies of a light page at a fixed rate
// (open loop), with and without two clients that ask for one heavy report after the other. On all
// cores, as it would be served; CPU per request says nothing here.
import { load } from '../lib/load.mjs';
import { spread } from '../lib/rounds.mjs';
import { sleep } from '../lib/servers.mjs';
import { paths, startDoorstep } from '../lib/subjects.mjs';

const SHARE = 0.25; // of what the server can do at most

async function oneRound(b, ours, light, heavy) {
  const alone = await load(b, ours, light);
  const reports = load(b, ours, { ...heavy, seconds: b.seconds + 0.5 });
  await sleep(300);
  const beside = await load(b, ours, light);
  return { alone, beside, reports: await reports };
}

function roundLine(i, { alone, beside, reports }) {
  return (
    `  round ${i}: light p50 ${alone.p50_ms} p99 ${alone.p99_ms} ms · ` +
    `with 2 heavy p50 ${beside.p50_ms} p99 ${beside.p99_ms} ms ` +
    `(${(beside.p99_ms / alone.p99_ms).toFixed(2)}×) · ${reports.requests} reports`
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
      for (let i = 0; i < b.rounds; i++) {
        all.push(await oneRound(b, ours, light, heavy));
        b.say(roundLine(i + 1, all[i]));
      }
      book(b, all);
    } finally {
      await ours.stop();
    }
  },
};

function book(b, all) {
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
    most: 1.5,
    spread: each((r) => r.beside.p99_ms / r.alone.p99_ms),
  });
}
