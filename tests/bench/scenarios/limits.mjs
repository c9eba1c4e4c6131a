// SPDX-License-Identifier: AGPL-3.0-or-later
// What the machine gives: syncs to disk a second where the databases lie, and memory bandwidth of
// one core. No goals; everything durable or scanning is judged against these.
import { tool } from '../lib/load.mjs';
import { spread } from '../lib/rounds.mjs';

export default {
  name: 'fsync',
  about: 'the limits of this machine: fdatasync a second, memory read by one core',
  quick: true,
  async run(b) {
    const all = [],
      rounds = Math.min(3, b.rounds);
    const core = b.pinned ? b.serverCore : null;
    for (let i = 0; i < rounds; i++)
      all.push(
        await tool(b, 'limits', [b.work, '--seconds', String(Math.min(2, b.seconds))], { core }),
      );
    const syncs = spread(all.map((r) => r.fdatasync_per_s)),
      read = spread(all.map((r) => r.read_gb_per_s));
    b.say(
      `  fdatasync ${syncs.median.toFixed(0)}/s ` +
        `(${syncs.min.toFixed(0)}–${syncs.max.toFixed(0)}); ` +
        `memory ${read.median.toFixed(1)} GB/s (${read.min.toFixed(1)}–${read.max.toFixed(1)})`,
    );
    b.book({ scenario: 'fsync', measure: 'fdatasync', unit: '1/s', ...syncs });
    b.book({ scenario: 'fsync', measure: 'memory read by one core', unit: 'GB/s', ...read });
  },
};
