// SPDX-License-Identifier: AGPL-3.0-or-later
// Every page of the program in a real browser: 320, 768 and 1280 px wide, with JavaScript and
// without. One case is one page in one window; what does not hold is told together.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { as, filled, routes, startZone } from "../flow/lib.mjs";
import {
  WIDTHS,
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
import { STATES, walkers } from "./pages.mjs";

const zone = await startZone();
const browser = await openBrowser();
const visitors = new Map();
after(async () => {
  await browser.close();
  for (const visitor of visitors.values()) visitor.close();
  await zone.close();
});

async function visitorAs(role) {
  if (!visitors.has(role)) visitors.set(role, await as(zone, role));
  return visitors.get(role);
}

// All pages to walk: { path, role, status, name, act, refusals }.
function pagesOf(table) {
  const walks = table
    .filter(({ method }) => method === "GET")
    .flatMap(({ path, who, sample }) =>
      walkers(who).map((role) => ({ path: filled(path, sample), role })),
    );
  const states = STATES.map(({ as: role, ...rest }) => ({ role, ...rest }));
  return [...walks, ...states].map((one) => ({
    status: 200,
    ...one,
    name: `${one.name ?? one.path} as ${one.role}`,
  }));
}

async function inWindow({ path, role, status, act, refusals, name }, width, javascript) {
  const { cookies } = await visitorAs(role);
  const window = await openWindow(browser, {
    width,
    javascript,
    base: zone.base,
    cookies: [...cookies],
  });
  try {
    const { page, answer, faults } = await visit(window, zone.base, path, { status });
    let last = answer; // what the steps of a state lead to is looked at like any page
    page.on("response", (next) => {
      if (next.request().isNavigationRequest()) last = next;
    });
    if (act) await act(page);
    await screenshot(
      page,
      `${name.replace(/^\/ /, "home ")}-${width}${javascript ? "" : "-plain"}`,
    );
    const found = [
      ...headerFaults(last.headers()),
      ...(last === answer ? [] : await htmlFaults(await last.text(), name)),
      ...(await reflowFaults(page)),
      ...(await keyboardFaults(page)),
      ...(await axeFaults(page, { javascript })),
      ...faults.filter((one) => !(refusals && /status of 4\d\d/.test(one))),
    ];
    holds(found);
  } finally {
    await window.close();
  }
}

const holds = (found) => assert.ok(found.length === 0, found.join("\n"));

// What is no page (a download, a picture, a way on) only has to answer.
function isPage(answer, status) {
  if (answer.status === 303) {
    assert.match(answer.headers.location, /^\/(?!\/)/, "a redirect stays on this site");
    return false;
  }
  answer.is(status);
  assert.ok(answer.body.length > 0, `${answer.what}: an empty answer`);
  assert.equal(answer.headers["x-content-type-options"], "nosniff");
  return (answer.headers["content-type"] ?? "").startsWith("text/html");
}

for (const one of pagesOf(routes(zone.db)))
  test(one.name, { timeout: 120_000, concurrency: 2 }, async (t) => {
    const answer = await (await visitorAs(one.role)).get(one.path);
    if (!isPage(answer, one.status)) return;
    await t.test("valid HTML", async () => holds(await htmlFaults(answer.text, one.path)));
    // Two windows at a time: each has a process and a keyboard focus of its own.
    const windows = WIDTHS.flatMap((width) => [true, false].map((js) => [width, js]));
    await Promise.all(
      windows.map(([width, javascript]) =>
        t.test(`${width} px ${javascript ? "with" : "without"} JavaScript`, () =>
          inWindow(one, width, javascript),
        ),
      ),
    );
  });
