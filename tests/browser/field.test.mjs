// SPDX-License-Identifier: AGPL-3.0-or-later
// The phone's queue in a real Chromium against the real server: what was recorded arrives once,
// with its words and its time, whatever the line does in between. The library is put into a page
// of ours; between page and server stands a route that cuts, drops and lies.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { after, test } from "node:test";
import { build } from "esbuild";
import { startZone } from "../flow/lib.mjs";
import { PASSWORD, loginOf } from "../flow/server.mjs";
import { rows } from "../kill/dump.mjs";
import { openBrowser } from "./lib.mjs";

const zone = await startZone();
const browser = await openBrowser();
after(async () => {
  await browser.close();
  await zone.close();
});

const made = await build({
  entryPoints: ["assets/js/field/queue.js"],
  bundle: true,
  write: false,
  minify: true,
  format: "iife",
  globalName: "field",
  target: ["safari14.1", "chrome88", "firefox86"],
});
const script = made.outputFiles[0].text;

// A phone of the outreach worker: { context, open() }.
async function phone() {
  const context = await browser.newContext({ bypassCSP: true, serviceWorkers: "block" });
  const page = await context.newPage();
  await page.goto(`${zone.base}/sign-in`);
  await page.fill("[name=login]", loginOf("outreach"));
  await page.fill("[name=password]", PASSWORD);
  await Promise.all([page.waitForNavigation(), page.click("main button[type=submit]")]);
  await page.close();
  return context;
}

async function opened(context, wrongMs = 0) {
  const page = await context.newPage();
  await page.addInitScript((ms) => {
    const real = Date.now.bind(Date);
    Date.now = () => real() + ms;
  }, wrongMs);
  await page.goto(`${zone.base}/privacy`);
  await page.addScriptTag({ content: script });
  await page.evaluate(async () => {
    window.queue = await field.openQueue();
  });
  return page;
}

const kept = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        indexedDB.open("doorstep-field").onsuccess = ({ target: { result: db } }) => {
          db.transaction("record").objectStore("record").getAll().onsuccess = (e) => {
            db.close();
            done(e.target.result);
          };
        };
      }),
  );
const note = (page, n) => page.evaluate((i) => window.queue.record("test", { n: i }), n);
const deviceOf = (page) => page.evaluate(() => window.queue.note("device"));

// What the server has of a phone: asked with an empty batch.
async function arrived(page) {
  return page.evaluate(async () => {
    const result = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
    const db = await result(indexedDB.open("doorstep-field"));
    const [{ id, key }] = await result(db.transaction("device").objectStore("device").getAll());
    db.close();
    const body = JSON.stringify({ doorstep: "batch/1", device: id, now: Date.now(), rec: [] });
    const headers = { authorization: `Bearer ${key}` };
    const said = await (await fetch("/sync", { method: "POST", headers, body })).json();
    return { have: said.have, ask: said.ask };
  });
}

test("the library is small", () => {
  assert.ok(gzipSync(script).length < 6 * 1024, `${gzipSync(script).length} bytes`);
});

test("a phone joins, keeps, sends, and lets go of what arrived", async () => {
  const context = await phone();
  const page = await opened(context);
  await page.evaluate(() => window.queue.join("A phone"));
  assert.match(await deviceOf(page), /^[0-9a-f]{32}$/);
  for (let n = 1; n <= 3; n++) await note(page, n);
  assert.deepEqual((await kept(page)).map((row) => row.seq).sort(), [1, 2, 3]);
  await page.evaluate(() => window.queue.send());
  assert.deepEqual(await kept(page), []);
  assert.deepEqual(await arrived(page), { have: "1-3", ask: [] });
  await context.close();
});

test("login pages, echoes, lost answers and closed pages lose and double nothing", async () => {
  const context = await phone();
  let page = await opened(context);
  await page.evaluate(() => window.queue.join("A phone"));
  for (let n = 1; n <= 5; n++) await note(page, n);
  const lies = [
    (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Free Wi-Fi</h1>" }),
    (route) => route.fulfill({ status: 201, contentType: "application/json", body: route.request().postData() }),
    (route) => route.abort("connectionreset"),
    async (route) => {
      await route.fetch(); // stored there; the answer is lost
      await route.abort("connectionreset");
    },
  ];
  for (const lie of lies) {
    await context.route("**/sync", lie);
    await page.evaluate(() => window.queue.send());
    assert.equal(await page.evaluate(() => window.queue.unsent()), 5);
    await context.unroute("**/sync");
  }
  await page.close(); // and another page finds them
  page = await opened(context);
  const other = await opened(context);
  await Promise.all([page, other].map((one) => Promise.all([6, 7, 8].map((n) => note(one, n)))));
  assert.deepEqual((await kept(page)).map((row) => row.seq).sort((a, b) => a - b), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  await Promise.all([page, other].map((one) => one.evaluate(() => window.queue.send())));
  await page.evaluate(() => window.queue.send());
  assert.deepEqual(await kept(page), []);
  assert.deepEqual(await arrived(page), { have: "1-11", ask: [] });
  await context.close();
});

test("words and times come out right, however wrong the phone's clock is", async () => {
  const context = await phone();
  const YEARS = 2 * 365 * 86_400_000;
  const wanted = [];
  let device;
  for (const [n, wrongMs] of [0, YEARS, -YEARS, 3_600_000].entries()) {
    const page = await opened(context, wrongMs);
    await page.evaluate(() => window.queue.join("A phone"));
    device = await deviceOf(page);
    wanted.push({ n, at: Date.now() });
    await note(page, n);
    await page.evaluate(() => window.queue.send());
    assert.deepEqual(await kept(page), []);
    await page.close();
  }
  const query = `SELECT body, at_ms, uncertain FROM field_record WHERE device_id = '${device}' ORDER BY seq`;
  const found = rows(zone.db, query);
  assert.equal(found.length, wanted.length);
  for (const [i, [body, at, uncertain]] of found.entries()) {
    assert.deepEqual(JSON.parse(body).d, { n: wanted[i].n });
    assert.ok(Math.abs(Number(at) - wanted[i].at) < 2000, `${i}: ${at - wanted[i].at} ms off`);
    assert.match(String(uncertain), /^(0|f)/);
  }
  await context.close();
});

test("a receipt for other bytes is none: the record stays", async () => {
  const context = await phone();
  const page = await opened(context);
  await page.evaluate(() => window.queue.join("A phone"));
  await note(page, 1);
  await context.route("**/sync", (route) =>
    route.fulfill({
      status: 201,
      contentType: "application/json",
      body: JSON.stringify({
        doorstep: "receipt/1", now: Date.now(), have: "1-9", ask: [],
        stored: JSON.parse(route.request().postData()).rec.map(({ id }) => [id, "0".repeat(64)]),
        quarantine: [], erased: [], damaged: [],
      }),
    }));
  await Promise.race([page.evaluate(() => window.queue.send()), new Promise((done) => setTimeout(done, 2000))]);
  assert.equal((await kept(page)).length, 1);
  await context.close();
});
