// SPDX-License-Identifier: AGPL-3.0-or-later
// Where a form may come from: every POST of the program's own table with everything a foreign page
// could send. New routes are guarded here without a word added. (Who may use which route:
// permissions.test.mjs.)
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ROLES, as, filled, routes, startZone } from "./lib.mjs";

const zone = await startZone();
const table = routes(zone.db);
const visitors = {};
for (const role of ["public", ...ROLES]) visitors[role] = await as(zone, role);
after(async () => {
  for (const visitor of Object.values(visitors)) visitor.close();
  await zone.close();
});

// A token that is good for this visitor's forms.
async function tokenOf(visitor) {
  for (const path of ["/me", "/sign-in"]) {
    const found = (await visitor.get(path)).text.match(/name="token" value="([^"]+)"/);
    if (found) return found[1].replace(/&amp;/g, "&");
  }
  throw new Error("no page with a form token");
}

const where = (route) => filled(route.path, route.sample);
test("the table has routes of both kinds", () => {
  for (const method of ["GET", "POST"])
    assert.ok(
      table.some((route) => route.method === method),
      `no ${method} route`,
    );
});

// What a page of somebody else could make a browser send.
const FOREIGN = {
  "from another site": { headers: { "sec-fetch-site": "cross-site" } },
  "from a neighbour of this site": { headers: { "sec-fetch-site": "same-site" } },
  "from an old browser at another origin": {
    headers: { "sec-fetch-site": null, origin: "https://foreign.example" },
  },
  "from an old browser that tells no origin": {
    headers: { "sec-fetch-site": null, origin: null },
    fields: {},
  },
  "without the token": { fields: {} },
  "with a token of its own making": {
    fields: { token: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
  },
};

test("no form from a foreign page is taken", async (t) => {
  // A device sends no cookie and has a token of its own: nothing a foreign page could borrow.
  for (const route of table.filter((one) => one.method === "POST" && !one.device)) {
    const role = route.who.includes("public") ? "public" : route.who.at(-1);
    const visitor = visitors[role];
    const token = await tokenOf(visitor);
    for (const [what, { headers, fields = { token } }] of Object.entries(FOREIGN)) {
      // What only reads needs no token; its headers must still be those of our own pages.
      const tells = Object.values(headers ?? {}).some((value) => value !== null);
      if (route.reads_only && !tells) continue;
      await t.test(`POST ${route.path} ${what}`, async () => {
        const answer = await visitor.post(where(route), fields, { headers });
        assert.equal(answer.status, 403, answer.said());
      });
    }
  }
});
