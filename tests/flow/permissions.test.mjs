// SPDX-License-Identifier: AGPL-3.0-or-later
// The permission matrix, cell by cell, over real HTTP: every route of the program's own table as
// each of the eight roles, GET and POST alike. A POST goes out with a token that cannot be good, so
// that nothing is changed: whoever may is stopped by the form check, whoever may not by the role
// check before it, and the two answers differ in words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { ROLES, as, filled, must, routes, startZone } from "./lib.mjs";

const zone = await startZone();
const table = routes(zone.db);
const everyone = ["public", ...ROLES];
const visitors = {};
for (const role of everyone) visitors[role] = await as(zone, role);
after(async () => {
  for (const visitor of Object.values(visitors)) visitor.close();
  await zone.close();
});

const STRANGE_FORM = "This form is too old";
const OTHER_ROLE = "Your role does not include this";
const NOT_SIGNED_IN = "You need to sign in for this";
const toSignIn = (answer) =>
  answer.status === 303 && /^\/sign-in\?next=/.test(answer.headers.location);

// What stands in a cell: "yes", "no", or what went wrong.
async function cell(role, route) {
  const path = filled(route.path, route.sample);
  const visitor = visitors[role];
  if (route.method === "GET") {
    const answer = await visitor.get(path);
    if (answer.status === 403) return "no";
    if (toSignIn(answer)) return role === "public" ? "no" : "led to sign in though signed in";
    return answer.status < 500 ? "yes" : `status ${answer.status}`;
  }
  const answer = await visitor.post(path, { token: "not one of ours" });
  const said = answer.said();
  if (answer.status === 403 && said.includes(OTHER_ROLE)) return role === "public" ? said : "no";
  if (answer.status === 403 && said.includes(NOT_SIGNED_IN)) return role === "public" ? "no" : said;
  if (answer.status === 403 && said.includes(STRANGE_FORM)) return "yes";
  // A program with a token of its own: cookies and form tokens mean nothing to it.
  return (route.reads_only || route.device) && answer.status < 500 ? "yes" : `status ${answer.status}: ${said}`;
}

let cells = 0;

for (const role of everyone)
  test(`${role}: every route`, async () => {
    const wrong = [];
    for (const route of table) {
      const want = route.who.includes(role) ? "yes" : "no";
      const got = await cell(role, route);
      cells++;
      if (got !== want) wrong.push(`${route.method} ${route.path}: ${got}, the table says ${want}`);
    }
    assert.deepEqual(wrong, []);
  });

test("no cell of the matrix is left out", (t) => {
  t.diagnostic(`${cells} cells: ${table.length} routes, ${everyone.length} kinds of people`);
  assert.equal(cells, table.length * everyone.length);
  assert.equal(everyone.length, 8);
});

test("the visits outlived the matrix: nothing signed anybody out", async () => {
  for (const role of ROLES) (await visitors[role].get("/me")).is(200).has(`Test ${role}`);
});

test("what the police may is what the public may, beside their own account", () => {
  for (const route of table)
    if (route.who.includes("police") && !route.who.includes("public"))
      assert.match(route.path, /^\/(me|me\/password|team|sign-out|sign-out-everywhere)$/, route.path);
});

test("docs/permissions.md is what the program says today", () => {
  const page = readFileSync(new URL("../../docs/permissions.md", import.meta.url), "utf8");
  assert.equal(
    page,
    must(zone.db, ["routes", "--format", "markdown"]),
    "make it again: doorstep routes --format markdown > docs/permissions.md",
  );
});
