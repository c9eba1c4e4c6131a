// SPDX-License-Identifier: AGPL-3.0-or-later
// From starting the program to holding its first full page, seven times each, in turn.
import { PAGE_LEAST } from '../lib/bodies.mjs';
import { tool } from '../lib/load.mjs';
import { spread } from '../lib/rounds.mjs';
import { freePort } from '../lib/servers.mjs';
import {
  doorstepCommand,
  expressCommand,
  expressEnvironment,
  orAbsent,
  paths,
} from '../lib/subjects.mjs';

const TIMES = 7;

async function firstPage(b, path, command) {
  const port = await freePort(),
    argv = await command(port);
  const pin = b.pinned ? ['--core', String(b.serverCore)] : [];
  const r = await tool(b, 'first_page', [...pin, `http://127.0.0.1:${port}${path}`, ...argv]);
  if (r.bytes < PAGE_LEAST) throw new Error(`${path} is no page: ${r.bytes} bytes`);
  return r;
}

export default {
  name: 'cold-start',
  about: `from starting to the first full page, the middle of ${TIMES}, against Express`,
  async run(b) {
    const db = await b.town(),
      [path] = await paths(b, 'area');
    const environment = Object.entries(expressEnvironment).map(([k, v]) => `${k}=${v}`);
    const commands = { doorstep: (port) => doorstepCommand(b, db, port) };
    if (!b.quick && (await orAbsent(b, () => expressCommand(b, db, 0))))
      commands.express = async (port) => [
        'env',
        ...environment,
        ...(await expressCommand(b, db, port)),
      ];
    const took = Object.fromEntries(Object.keys(commands).map((n) => [n, []]));
    for (let i = 0; i < TIMES; i++)
      for (const name of Object.keys(commands))
        took[name].push(await firstPage(b, path, commands[name]));
    for (const name of Object.keys(commands)) {
      const ms = spread(took[name].map((t) => t.ms)),
        cpu = spread(took[name].map((t) => t.cpu_ms));
      b.say(
        `  ${name}: ${took[name].map((t) => t.ms.toFixed(0)).join(', ')} ms; ` +
          `CPU ${cpu.median.toFixed(0)} ms`,
      );
      b.book({ scenario: 'cold-start', measure: `${name} cpu`, unit: 'ms', ...cpu });
      if (name === 'doorstep')
        b.goal({
          scenario: 'cold-start',
          measure: 'first page after',
          unit: 'ms',
          spread: ms,
          most: 50,
        });
      else b.book({ scenario: 'cold-start', measure: `${name} first page`, unit: 'ms', ...ms });
    }
  },
};
