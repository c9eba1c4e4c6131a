// SPDX-License-Identifier: AGPL-3.0-or-later
// The limit: nginx sending a constant page of 10 KB. Beside it a list made anew, the same list sent
// as it was kept ready, "nothing has changed" (304), and a static file of ours.
import { fullPage } from '../lib/bodies.mjs';
import { alternate, bookSubject, spread } from '../lib/rounds.mjs';
import { orAbsent, paths, startDoorstep, startNginx, tenKilobytes } from '../lib/subjects.mjs';
import { load, measure } from '../lib/load.mjs';

// Ways to ask the running Doorstep that never need the store.
async function cheapLoads(ours, address) {
  const r = await fetch(ours.url + address),
    body = await r.text(),
    etag = r.headers.get('etag');
  const style = /<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"/.exec(body)?.[1];
  return [
    etag && { name: '304', load: { paths: [address], headers: [`If-None-Match: ${etag}`] } },
    // compressed, as every browser asks for it: then it is about 10 KB as well
    style && {
      name: 'static',
      load: { paths: [style], headers: ['Accept-Encoding: gzip'] },
    },
  ].filter(Boolean);
}

async function nginxAlone(b, nginx) {
  const all = [];
  for (let i = 0; i < b.rounds; i++)
    all.push({ nginx: await measure(b, nginx, { paths: [tenKilobytes] }) });
  bookSubject(b, 'nginx', 'nginx', all);
  const us = spread(all.map((m) => m.nginx.us));
  b.say(
    `  nginx static 10 KB: ${us.median.toFixed(1)} µs ` +
      `(${us.min.toFixed(1)}–${us.max.toFixed(1)}), ` +
      `${all.filter((m) => m.nginx.noisy).length} of ${all.length} rounds noisy`,
  );
}

async function beside(b, ours, nginx, addresses) {
  await fullPage(ours, addresses[0]);
  const cheap = await cheapLoads(ours, addresses[0]);
  const subjects = [
    { name: 'nginx', server: nginx, load: { paths: [tenKilobytes] } },
    {
      name: 'page',
      server: ours,
      load: { paths: addresses, headers: [b.pages.uncached].filter(Boolean) },
    },
    b.pages.uncached && { name: 'cached', server: ours, load: { paths: addresses } },
    ...cheap.map((c) => ({ ...c, server: ours })),
  ].filter(Boolean);
  if (cheap[0]?.name === '304')
    await load(b, ours, { ...cheap[0].load, seconds: 0.2, connections: 4 });
  const { rounds } = await alternate(b, subjects);
  const noisy = rounds.filter((m) => Object.values(m).some((x) => x.noisy)).length;
  for (const s of subjects) bookSubject(b, 'nginx', s.name, rounds);
  for (const { name } of subjects.slice(1)) {
    const share = spread(rounds.map((m) => m.nginx.us / m[name].us));
    b.goal({
      scenario: 'nginx',
      measure: `CPU of nginx static ÷ our ${name}`,
      unit: '×',
      spread: share,
      least: name === 'page' ? 0.15 : 0.9,
      noisy,
    });
  }
}

export default {
  name: 'nginx',
  about: 'the limit: nginx with a static page of 10 KB, and how near we come',
  quick: true,
  async run(b) {
    const nginx = await startNginx(b);
    try {
      const addresses = await orAbsent(b, () => paths(b, b.pages.list ? 'list' : 'area'));
      if (!addresses) return await nginxAlone(b, nginx);
      const ours = await startDoorstep(b, { ready: addresses[0] });
      try {
        await beside(b, ours, nginx, addresses);
      } finally {
        await ours.stop();
      }
    } finally {
      await nginx.stop();
    }
  },
};
