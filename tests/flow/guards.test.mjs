// SPDX-License-Identifier: AGPL-3.0-or-later
// The guards in front of every route of the program's own table: who may (every route as every
// kind of person) and where a form may come from (every POST with everything a foreign page could
// send). New routes are guarded here without a word added.
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
// Set-up is done once; afterwards it leads to signing in, whoever asks.
const leadsOn = (route) => route.path === "/set-up";
const leadsToSignIn = (answer) =>
  answer.status === 303 && /^\/sign-in\b/.test(answer.headers.location);

// Sign-out and its like would end the visit in the middle of the matrix.
const endsTheVisit = (route) => /sign-out|leave/.test(route.path);

test("the table has routes of both kinds", () => {
  for (const method of ["GET", "POST"])
    assert.ok(
      table.some((route) => route.method === method),
      `no ${method} route`,
    );
});

for (const [role, visitor] of Object.entries(visitors))
  test(`what ${role} may`, async (t) => {
    const token = await tokenOf(visitor);
    for (const route of table.filter((one) => !endsTheVisit(one))) {
      const may = route.who.includes(role);
      if (may && route.method === "POST") continue; // what it does is told in the slice's own flow
      await t.test(`${may ? "may" : "may not"} ${route.method} ${route.path}`, async () => {
        const answer =
          route.method === "GET"
            ? await visitor.get(where(route))
            : await visitor.post(where(route), { token });
        if (!may)
          assert.ok(
            answer.status === 403 || (role === "public" && leadsToSignIn(answer)),
            `${answer.status}`,
          );
        else if (answer.status !== 200) {
          assert.equal(answer.status, 303);
          assert.ok(leadsOn(route) || !leadsToSignIn(answer), answer.headers.location);
        }
      });
    }
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
  for (const route of table.filter((one) => one.method === "POST")) {
    const role = route.who.includes("public") ? "public" : route.who.at(-1);
    const visitor = visitors[role];
    const token = await tokenOf(visitor);
    for (const [what, { headers, fields = { token } }] of Object.entries(FOREIGN)) {
      const readsOnly = route.reads_only;
      if (readsOnly && !("headers" in FOREIGN[what])) continue; // it needs no token
      await t.test(`POST ${route.path} ${what}`, async () => {
        const answer = await visitor.post(where(route), fields, { headers });
        assert.equal(answer.status, 403, answer.said());
      });
    }
  }
});
