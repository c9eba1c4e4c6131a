// SPDX-License-Identifier: AGPL-3.0-or-later
// The pages of loading a file that the walk cannot come to by an address: they need a file first.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { as } from "../flow/lib.mjs";
import { PASSWORD, freshDatabase, loginOf, must, serve } from "../flow/server.mjs";
import {
  axeFaults,
  headerFaults,
  htmlFaults,
  keyboardFaults,
  openBrowser,
  openWindow,
  reflowFaults,
  screenshot,
  visit,
} from "./lib.mjs";

const state = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "uploads-"));
const { db, drop } = freshDatabase();
must(db, ["init", "--name", "Testing", "--challenge", "How might we test?"]);
must(
  db,
  ["user", "add", "--login", loginOf("coordinator"), "--name", "Amina", "--role", "coordinator", "--password-stdin"],
  { input: `${PASSWORD}\n` },
);
const zone = await serve(db, { args: ["--state", state] });
const amina = await as(zone, "coordinator");
const browser = await openBrowser();
after(async () => {
  await browser.close();
  amina.close();
  await zone.stop();
  drop();
  rmSync(state, { recursive: true, force: true });
});

async function handIn(name, bytes) {
  const page = await amina.get("/team/imports/new");
  const done = await amina.submit(page, "/team/imports/new", { file: { name, type: "text/csv", bytes } });
  return done.is(303).headers.location;
}

const HEAD = "LSOA21CD,tenure,n,total_households\n";
const good = await handIn("tenure.csv", `${HEAD}E01000001,Owned,40,100\nE01000001,Rented,60,100\n`);
const bad = await handIn("bad.csv", `${HEAD}E0100001,Owned,40,100\nE01000001,Rented,sixty,100\n`);
const own = await handIn("a-rather-long-name-of-a-file-that-somebody-made-2024.csv", "Where,Adults\nE01000001,5\n");
async function loadIt(name, bytes) {
  const path = await handIn(name, bytes);
  (await amina.submit(await amina.get(path), `${path}/load`)).is(303);
  let result = await amina.get(`${path}/progress`);
  while (result.status !== 303) result = await amina.get(`${path}/progress`);
  return result.headers.location;
}

const loaded = await loadIt("loaded.csv", `${HEAD}E01000001,Owned,100,100\n`);
const again = await handIn("loaded-again.csv", `${HEAD}E01000001,Owned,100,100\n`);
const zip = await handIn("NSPL_MAY_2025_UK.zip", "PK\x03\x04\x14\0\0\0");
const CRIME = "Month,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type\n";
for (let month = 1; month <= 5; month++)
  await loadIt(
    `2023-0${month}-a-police-force-with-a-long-name-street.csv`,
    `${CRIME}2023-0${month},Mill Police,-1.2,51.7,The Holt,E01000001,Mill 001A,Burglary\n`,
  );

const PAGES = { good, bad, own, again, zip, loaded, list: "/team/imports", new: "/team/imports/new" };

for (const [name, path] of Object.entries(PAGES))
  for (const [width, javascript] of [[320, true], [768, true], [1280, false]])
    test(`${name}, ${width} px ${javascript ? "with" : "without"} JavaScript`, { timeout: 120_000 }, async () => {
      const window = await openWindow(browser, { width, javascript, base: zone.base, cookies: [...amina.cookies] });
      try {
        const { page, answer, faults } = await visit(window, zone.base, path);
        // What can be opened is looked at open.
        await page.$$eval("details", (all) => all.forEach((one) => (one.open = true)));
        await screenshot(page, `import-${name}-${width}${javascript ? "" : "-plain"}`);
        const found = [
          ...headerFaults(answer.headers()),
          ...(await htmlFaults(await answer.text(), path)),
          ...(await reflowFaults(page)),
          ...(await keyboardFaults(page)),
          ...(await axeFaults(page, { javascript })),
          ...faults,
        ];
        assert.ok(found.length === 0, found.join("\n"));
      } finally {
        await window.close();
      }
    });

test("a file is chosen, looked at and loaded with mouse and script", { timeout: 120_000 }, async () => {
  const window = await openWindow(browser, { width: 1280, base: zone.base, cookies: [...amina.cookies] });
  try {
    const { page, faults } = await visit(window, zone.base, "/team/imports/new");
    await page.setInputFiles("#file", {
      name: "by-hand.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(`${HEAD}E01000002,Owned,7,7\n`),
    });
    await page.click("form[enctype] button");
    await page.click("form[action$='/load'] button");
    await page.waitForURL(/\/team\/imports\/loaded\/\d+$/, { timeout: 20_000 });
    assert.match(await page.textContent("main"), /1 figure/);
    assert.deepEqual(faults, []);
  } finally {
    await window.close();
  }
});
