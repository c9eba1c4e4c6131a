// SPDX-License-Identifier: AGPL-3.0-or-later
// One page, served by Doorstep and by Express from the same file with the same bytes, and nginx
// with a static page beside them. Doorstep makes every page anew, as Express does; what it does
// when it may send the page kept ready is measured beside that, and is not judged.
import { fullPage, sameBodies } from '../lib/bodies.mjs';
import { alternate, bookSubject } from '../lib/rounds.mjs';
import {
  orAbsent,
  paths,
  startDoorstep,
  startExpress,
  startNginx,
  tenKilobytes,
} from '../lib/subjects.mjs';

const COMPARED = 25; // pages read in full on both sides before the clock starts

async function comparePage(b, { name, page, least, ofNginx }) {
  const addresses = await paths(b, page),
    headers = [b.pages.uncached].filter(Boolean),
    servers = [];
  try {
    const ours = await startDoorstep(b, { ready: addresses[0] });
    servers.push(ours);
    await fullPage(ours, addresses[0]);
    const subjects = [{ name: 'doorstep', server: ours, load: { paths: addresses, headers } }];
    const express = await orAbsent(b, () => startExpress(b));
    if (express) {
      servers.push(express);
      await sameBodies(ours, express, addresses.slice(0, COMPARED), headers);
      subjects.push({ name: 'express', server: express, load: { paths: addresses, headers } });
    }
    const nginx = await orAbsent(b, () => startNginx(b));
    if (nginx) {
      servers.push(nginx);
      subjects.push({ name: 'nginx', server: nginx, load: { paths: [tenKilobytes] } });
    }
    if (headers.length)
      subjects.push({ name: 'cached', server: ours, load: { paths: addresses } });
    const { rounds, ratio } = await alternate(b, subjects);
    for (const s of subjects) bookSubject(b, name, s.name, rounds);
    const noisy = rounds.filter((m) => Object.values(m).some((x) => x.noisy)).length;
    if (express)
      b.goal({
        scenario: name,
        measure: 'CPU of Express ÷ ours',
        unit: '×',
        spread: ratio.express,
        least,
        noisy,
      });
    if (nginx && ofNginx)
      b.goal({
        scenario: name,
        measure: 'CPU of nginx static ÷ ours',
        unit: '×',
        spread: ratio.nginx,
        least: ofNginx,
        noisy,
      });
  } finally {
    for (const s of servers) await s.stop();
  }
}

export const pageList = {
  name: 'page-list',
  about: 'a list of 50 rows out of 1,000,000, against Express + ejs + better-sqlite3',
  run: (b) => comparePage(b, { name: 'page-list', page: 'list', least: 4.5, ofNginx: 0.15 }),
};

export const pageArea = {
  name: 'page-area',
  about: 'the area page of a ward, against Express + ejs + better-sqlite3',
  run: (b) => comparePage(b, { name: 'page-area', page: 'area', least: 4 }),
};
