// SPDX-License-Identifier: AGPL-3.0-or-later
// Presenting without a network, in a real Chromium with its service worker: a page once opened opens
// again when the server is gone, whatever was opened in between, and after the program was replaced
// by a newer one. Between browser and server stands a small proxy at one address, which can pass
// things on, be gone, or be the next version of the program (other hashes, another worker).
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { after, test } from "node:test";
import { startZone } from "../flow/lib.mjs";
import { freePort } from "../flow/server.mjs";
import { openBrowser } from "./lib.mjs";

const WARDS = ["E05990003", "E05990001"].map((code) => `/areas/${code}/present`);
const HASH = /\b[0-9a-f]{16}\b/g;
const turned = (text) => text.replace(HASH, (hash) => [...hash].reverse().join(""));

const zone = await startZone();
const browser = await openBrowser();
after(async () => {
  await browser.close();
  await zone.close();
});

// One answer of the server: { status, headers, body }.
const ask = (path, headers) =>
  new Promise((done, failed) => {
    request({ host: "127.0.0.1", port: zone.port, path, headers }, async (answer) => {
      const pieces = [];
      for await (const piece of answer) pieces.push(piece);
      done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) });
    })
      .on("error", failed)
      .end();
  });

// The next version is the same program with every hash turned round.
async function startProxy() {
  const port = await freePort();
  let next = false;
  let late = null; // the path whose first fetch by a worker comes late
  let server;
  const answer = async (from, to) => {
    const headers = { ...from.headers };
    for (const name of ["accept-encoding", "if-none-match", "connection"]) delete headers[name];
    if (from.url === late && from.headers["sec-fetch-dest"] === "empty") {
      late = null;
      await new Promise((done) => setTimeout(done, 1500));
    }
    const path = next && from.url.startsWith("/assets/") ? turned(from.url) : from.url;
    const { status, headers: told, body } = await ask(path, headers);
    for (const name of ["connection", "etag", "transfer-encoding"]) delete told[name];
    const text = /html|javascript/.test(told["content-type"]);
    const bytes = next && text ? Buffer.from(turned(body.toString())) : body;
    to.writeHead(status, { ...told, "content-length": bytes.length }).end(bytes);
  };
  const proxy = {
    base: `http://127.0.0.1:${port}`,
    replace: () => (next = true),
    delay: (path) => (late = path),
    start: () =>
      new Promise((done) => {
        server = createServer((from, to) => answer(from, to).catch(() => to.destroy()));
        server.listen(port, "127.0.0.1", done);
      }),
    stop: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
  await proxy.start();
  return proxy;
}

// What lies in the caches of the worker: { name: [path…] }.
const kept = (page) =>
  page.evaluate(async () => {
    const all = {};
    for (const name of await caches.keys())
      all[name] = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    return all;
  });

async function until(holds, what) {
  for (let wait = 0; wait < 100; wait++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`never happened: ${what}`);
}

const holdsPage = async (page, path, but = null) =>
  Object.entries(await kept(page)).some(([name, paths]) => name !== but && paths.includes(path));

// The page is whole: words, its own styles, and the script that turns the pages.
async function isWhole(page) {
  assert.match(await page.textContent("h1"), /How might we/);
  assert.ok(await page.isVisible(".ds-steer"), "the script ran");
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".ds-step")).display), "grid", "the styles are there");
  assert.ok(await page.evaluate(async () => (await document.fonts.load("16px 'Atkinson Hyperlegible'")).length), "the letters are there");
  await page.keyboard.press("End");
  await page.waitForURL(/#step-8$/, { timeout: 10_000 });
}

async function opened(context, url) {
  const page = await context.newPage();
  await page.goto(url, { waitUntil: "load" });
  return page;
}

test("a presenting page once opened works when the server is gone, and only that", async () => {
  const proxy = await startProxy();
  const context = await browser.newContext();
  try {
    const page = await opened(context, proxy.base + WARDS[0]);
    await until(() => holdsPage(page, WARDS[0]), "the page is kept");
    await proxy.stop();
    await page.reload();
    await isWhole(page);
    await page.goto(`${proxy.base}${WARDS[0]}#step-3`);
    await isWhole(page);
    await assert.rejects(page.goto(`${proxy.base}/areas/E05990003`), /ERR_/, "other pages are not kept");
    const fresh = await opened(context, proxy.base + WARDS[0]);
    await isWhole(fresh);
    await proxy.start(); // and back
    await fresh.reload();
    await isWhole(fresh);
  } finally {
    await context.close();
    await proxy.stop();
  }
});

test("after the program was replaced, what was opened before and what is open now both work offline", async () => {
  const proxy = await startProxy();
  const context = await browser.newContext();
  try {
    const page = await opened(context, proxy.base + WARDS[0]);
    await until(() => holdsPage(page, WARDS[0]), "the page is kept");
    const [old] = Object.keys(await kept(page));
    proxy.replace();
    proxy.delay(WARDS[1]); // while it is being kept, the new worker is already waiting
    const other = await opened(context, proxy.base + WARDS[1]); // for the first time, during the change
    await until(async () => !(old in (await kept(other))), "the old worker's pages have gone");
    for (const path of WARDS) await until(() => holdsPage(other, path, old), `${path} is kept by the new worker`);
    const names = Object.values(await kept(other)).flat().filter((path) => path.startsWith("/assets/"));
    assert.equal(new Set(names.map((path) => path.split("/")[2])).size, 1, "files of one version only");
    await proxy.stop();
    for (const path of WARDS) {
      const again = await opened(context, proxy.base + path);
      await isWhole(again);
    }
  } finally {
    await context.close();
    await proxy.stop().catch(() => {});
  }
});
