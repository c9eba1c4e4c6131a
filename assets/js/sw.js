// SPDX-License-Identifier: AGPL-3.0-or-later
// Service worker with one duty: a presenting page, once opened, opens again without a network.
//
// Kept: pages whose path ends in /present, and the /assets/ files they name. Everything else goes to the
// network as if this worker were not there. What is kept is fetched anew without cookies, so it is the
// page the public sees, whoever is signed in; answers marked no-store or private are refused; so are
// redirects and anything but HTML. A page is written last: it is either kept whole or not at all.
/* global BUILD */
const PREFIX = "doorstep-present-";
const CACHE = PREFIX + BUILD;
const PAGES = 40; // the oldest go first

const isPresent = (url) => url.origin === location.origin && /\/present$/.test(url.pathname);
const isAsset = (url) => url.origin === location.origin && url.pathname.startsWith("/assets/");
const mayKeep = (answer) =>
  answer.ok && !answer.redirected && !/no-store|private/.test(answer.headers.get("cache-control") || "");

const keepAsset = async (cache, url) => {
  if (!isAsset(url) || (await cache.match(url.href))) return;
  const answer = await fetch(url.href, { credentials: "omit" });
  if (!mayKeep(answer)) throw new Error("asset not kept");
  if (/css/.test(answer.headers.get("content-type"))) {
    const text = await answer.clone().text();
    for (const [, name] of text.matchAll(/url\(["']?([\w./-]+)["']?\)/g))
      await keepAsset(cache, new URL(name, url));
  }
  await cache.put(url.href, answer);
};

const keep = async (href) => {
  const url = new URL(href, location.origin);
  url.hash = "";
  if (!isPresent(url)) return;
  const cache = await caches.open(CACHE);
  const answer = await fetch(url.href, { credentials: "omit", cache: "no-cache" });
  if (!mayKeep(answer) || !/text\/html/.test(answer.headers.get("content-type"))) return;
  const text = await answer.clone().text();
  for (const [, name] of text.matchAll(/(?:href|src)="(\/assets\/[^"#?]+)"/g))
    await keepAsset(cache, new URL(name, url));
  await cache.delete(url.href);
  await cache.put(url.href, answer);
  const kept = (await cache.keys()).filter((request) => isPresent(new URL(request.url)));
  for (const request of kept.slice(0, -PAGES)) await cache.delete(request);
};

// A new build fetches the pages of the old one again, then lets the old cache go.
// If the network fails meanwhile, the old cache stays and still answers.
const renew = async () => {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === CACHE) continue;
    const pages = (await (await caches.open(name)).keys()).filter((request) => isPresent(new URL(request.url)));
    await Promise.all(pages.map((request) => keep(request.url)));
    await caches.delete(name);
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) =>
  event.waitUntil(renew().catch(() => {}).then(() => self.clients.claim())));
self.addEventListener("message", (event) => {
  if (typeof event.data?.keep === "string") event.waitUntil(keep(event.data.keep).catch(() => {}));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && isPresent(url))
    event.respondWith(fetch(request).catch(async () => {
      url.hash = "";
      return (await caches.match(url.href)) || (await caches.match(url.href, { ignoreSearch: true })) || Response.error();
    }));
  else if (isAsset(url)) // addresses carry their hash: a kept file is always the right file
    event.respondWith(caches.match(request.url).then((kept) => kept || fetch(request)));
});
