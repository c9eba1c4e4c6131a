// SPDX-License-Identifier: AGPL-3.0-or-later
// Whoever uses the program is offered its source, as its licence asks: from every page, with the
// address its owner gives or, without one, the way to ask for it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { as, decoded, doorstep, startZone } from "./lib.mjs";
import { freshDatabase } from "./server.mjs";

const ADDRESS = "https://code.example/zone?a=1&b=2";
const zones = [await startZone(), await startZone({ args: ["--source-url", ADDRESS] })];
after(async () => {
  for (const zone of zones) await zone.close();
});

async function sourceOf(zone) {
  const someone = await as(zone, "public");
  const home = (await someone.get("/")).is(200);
  assert.ok(home.page.querySelector(".ds-footer a[href=/source]") ?? home.text.includes('<a href="/source">'));
  const page = (await someone.get("/source")).is(200);
  someone.close();
  const away = [...page.text.matchAll(/href="(https?:[^"]+)"/g)].map(([, href]) => decoded(href));
  return { page, away };
}

test("the page of the source names version and licence, and says whom to ask", async () => {
  const version = doorstep(zones[0].db, ["--version"]).stdout.match(/\d+\.\d+\.\d+/)[0];
  const { page, away } = await sourceOf(zones[0]);
  page.has(`version ${version}`, "GNU Affero General Public License, version 3", "Ask the coordinator");
  assert.deepEqual(away, []);
});

test("the address of the source is offered when the owner gives one", async () => {
  const { page, away } = await sourceOf(zones[1]);
  page.hasNot("Ask the coordinator");
  assert.deepEqual(away, [ADDRESS]);
});

test("an address that is none is refused at the start", () => {
  const { db, drop } = freshDatabase();
  for (const wrong of ["code.example", "/source", "javascript:alert(1)", "https://", "mailto:a@b.example"]) {
    const { status, stderr } = doorstep(db, ["serve", "--listen", "127.0.0.1:0", "--source-url", wrong]);
    assert.equal(status, 2, wrong);
    assert.match(stderr, /--source-url/);
  }
  drop();
});
