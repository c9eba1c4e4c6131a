// SPDX-License-Identifier: AGPL-3.0-or-later
// Script typed into every stored field, then every page opened in a real browser: nothing of it
// runs. (tests/flow/canaries.test.mjs reads the same pages as text.)
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { as, filled, routes, startZone } from "../flow/lib.mjs";
import { openBrowser, openWindow, visit } from "./lib.mjs";

const LIVE = `"><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>`;

const zone = await startZone();
const browser = await openBrowser();
const coordinator = await as(zone, "coordinator");
after(async () => {
  await browser.close();
  coordinator.close();
  await zone.close();
});

test("script is typed into every stored field", async () => {
  const send = async (path, action, values) =>
    (await coordinator.submit(await coordinator.get(path), action, values)).is(303);
  const values = { name: LIVE, kind: "charity", about: LIVE, role: "partner", starts: "2020-01" };
  await send("/team/partners/new", "/team/partners", values);
  await send("/team/partners/1", "/team/partners/1", { name: `1 ${LIVE}`, about: LIVE });
  await send("/team/zone", "/team/zone", { name: LIVE, challenge: LIVE, vision: LIVE });
  const password = "three words and more";
  const account = { name: LIVE, login: LIVE, role: "resident", password };
  await send("/team/accounts", "/team/accounts", account);
});

test("no page runs it", async (t) => {
  const window = await openWindow(browser, {
    width: 1280,
    base: zone.base,
    cookies: [...coordinator.cookies],
  });
  for (const route of routes(zone.db).filter(({ method }) => method === "GET")) {
    const path = filled(route.path, route.sample);
    const answer = await coordinator.get(path);
    if (answer.status !== 200 || !/^text\/html/.test(answer.headers["content-type"])) continue;
    if (/^attachment/.test(answer.headers["content-disposition"] ?? "")) continue;
    await t.test(path, async () => {
      const { page, faults } = await visit(window, zone.base, path);
      await page.waitForTimeout(50);
      const planted = await page.evaluate(
        () => document.querySelectorAll("img[src=x], svg[onload], script:not([src])").length,
      );
      assert.equal(planted, 0);
      assert.deepEqual(faults, []); // a dialog, a refused script, a failed picture
      await page.close();
    });
  }
  await window.close();
});
