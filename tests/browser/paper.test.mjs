// SPDX-License-Identifier: AGPL-3.0-or-later
// On paper, in a real Chromium: the sheet of an area is exactly one page of A4, and what a page
// folds away on the screen is printed, with a script or without.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startZone } from "../flow/lib.mjs";
import { openBrowser } from "./lib.mjs";

const SHEETS = {
  "the zone": "zone",
  "a ward": "E05990003",
  "a ward without a small area": "E05990017",
  "a small area": "E01990011",
  "a small area that was split": "E01991001",
  "a small area that was merged": "E01991003",
};
const A4 = [595, 842]; // points

const zone = await startZone();
const browser = await openBrowser();
after(async () => {
  await browser.close();
  await zone.close();
});

for (const [what, code] of Object.entries(SHEETS))
  test(`the sheet of ${what} is one page of A4`, async () => {
    const page = await browser.newPage();
    await page.goto(`${zone.base}/areas/${code}/print`);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    await page.close();
    const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, w, h]) => [w, h].map(Number));
    assert.equal(pdf.match(/\/Type \/Page\b/g)?.length, 1);
    assert.deepEqual(boxes[0].map(Math.round), A4);
  });

for (const javaScriptEnabled of [true, false])
  test(`what is folded away is printed ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    await page.goto(`${zone.base}/areas/E05990003`);
    const source = page.locator(".ds-sources li").first();
    assert.equal(await source.isVisible(), false, "folded away on the screen");
    await page.emulateMedia({ media: "print" });
    assert.equal(await source.isVisible(), true, "open on paper");
    await context.close();
  });
