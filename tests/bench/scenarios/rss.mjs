// SPDX-License-Identifier: AGPL-3.0-or-later
// Memory after the load of a busy day: the largest resident size since the start, and what of it
// is private.
import { load } from '../lib/load.mjs';
import { memory } from '../lib/proc.mjs';
import { spread } from '../lib/rounds.mjs';
import { orAbsent, paths, startDoorstep, startExpress } from '../lib/subjects.mjs';

const MB = 1024; // KiB

async function underLoad(b, server, addresses) {
  await load(b, server, {
    paths: addresses,
    headers: [b.pages.uncached].filter(Boolean),
    seconds: b.warmup + b.seconds,
    connections: 64,
    core: b.loadCore,
  });
  return memory(server.pid, server.mark);
}

async function measureOne(b, start, addresses) {
  const server = await orAbsent(b, start);
  if (!server) return null;
  try {
    const m = await underLoad(b, server, addresses),
      mb = (kb) => (kb / MB).toFixed(1);
    b.say(
      `  ${server.name}: at most ${mb(m.peak)} MB resident; ` +
        `now ${mb(m.rss)} MB, ${mb(m.private)} MB private`,
    );
    return m;
  } finally {
    await server.stop();
  }
}

export default {
  name: 'rss',
  about: 'memory under load, 64 connections, against Express',
  async run(b) {
    const pages = [b.pages.list && 'list', 'area'].filter(Boolean);
    const addresses = (await Promise.all(pages.map((p) => paths(b, p)))).flat();
    const ours = await measureOne(b, () => startDoorstep(b, { ready: addresses[0] }), addresses);
    const peer = b.quick ? null : await measureOne(b, () => startExpress(b), addresses);
    if (peer)
      b.book({
        scenario: 'rss',
        measure: 'express largest resident size',
        unit: 'MB',
        ...spread([peer.peak / MB]),
      });
    b.book({
      scenario: 'rss',
      measure: 'private memory',
      unit: 'MB',
      ...spread([ours.private / MB]),
    });
    b.goal({
      scenario: 'rss',
      measure: 'largest resident size',
      unit: 'MB',
      spread: spread([ours.peak / MB]),
      most: 32,
    });
  },
};
