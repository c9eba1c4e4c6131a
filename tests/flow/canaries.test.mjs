// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody wicked might type into each stored field, and where it comes out again: every page
// that shows it shows it as text, and the store keeps it letter for letter.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { as, filled, must, routes, startZone } from "./lib.mjs";

const HTML = `<script>alert(1)</script><img src=x onerror=alert(2)>"' onfocus='alert(3)' x="`;
const SQL = `Robert'); DROP TABLE organisation;-- " \\' ? :name $1 %s`;
const TEMPLATE = `{{7*7}} {1} {n} \${7} </textarea></title></style><!-- &lt;b&gt; &amp;amp;`;
const NAUGHTY = [HTML, SQL, TEMPLATE];

const zone = await startZone();
const coordinator = await as(zone, "coordinator");
const visitor = await as(zone, "public");
after(async () => {
  coordinator.close();
  visitor.close();
  await zone.close();
});

const table = routes(zone.db).filter(({ method, path }) => method === "GET" && !/\.(csv|json|geojson)/.test(path));
let sent = 0;

// Nothing of it may have become markup: no element, attribute or address that we did not write.
function harmless(answer) {
  const { text } = answer;
  for (const live of [/<script>/i, /<img src=x/i, /<\/textarea><\/title>/i, /<!-- &/, / onfocus='alert/i])
    assert.doesNotMatch(text, live, answer.what);
  for (const tag of text.match(/<[a-z][^>]*>/gi) ?? []) {
    const bare = tag.replace(/"[^"]*"/g, '""');
    assert.doesNotMatch(bare, /\son\w+\s*=|alert|DROP TABLE/i, `${answer.what}: ${tag}`);
  }
  for (const [, address] of text.matchAll(/\s(?:href|src|action)="([^"]*)"/g))
    assert.match(address, /^(\/|#|\?|https?:\/\/|mailto:|data:)/, `${answer.what}: ${address}`);
  assert.doesNotMatch(answer.said(), /\b49\b.*7\*7/);
  return answer;
}

async function everyPage() {
  for (const route of table)
    for (const who of [coordinator, visitor]) {
      const answer = await who.get(filled(route.path, route.sample));
      assert.ok(answer.status < 500, `${answer.what}: ${answer.status}`);
      harmless(answer);
    }
}

for (const naughty of NAUGHTY) {
  const name = naughty.slice(0, 110);

  test(`organisation: ${naughty.slice(0, 20)}…`, async () => {
    const page = await coordinator.get("/team/partners/new");
    const values = { name, kind: "charity", about: naughty, role: "partner", starts: "2020-01" };
    const bad = await coordinator.submit(page, "/team/partners", { ...values, web: naughty });
    harmless(bad.is(422)); // no address; the rest stays in the form as it was written
    assert.equal(bad.form("/team/partners").fields.find(([n]) => n === "about")[1], naughty);
    const done = (await coordinator.submit(page, "/team/partners", values)).is(303);
    const own = harmless(await coordinator.follow(done)).is(200);
    const fields = Object.fromEntries(own.form(done.headers.location).fields);
    assert.equal(fields.name, name);
    assert.equal(fields.about, naughty);
    harmless(await visitor.get("/partners")).has(name.replace(/\s+/g, " ").trim());
    harmless(await visitor.get(done.headers.location.replace("/team", ""))).is(200);
    const list = JSON.parse(must(zone.db, ["org", "list", "--format", "json"]));
    assert.ok(list.some((one) => one.name === name));
    // once more as a former version
    await coordinator.submit(own, done.headers.location, { name: `now ${sent++}`, about: "" });
    harmless(await coordinator.get(done.headers.location)).has("What it said before");
    harmless(await coordinator.get(`/team/partners?q=${encodeURIComponent(naughty)}`)).is(200);
  });

  test(`identifier, month and search: ${naughty.slice(0, 20)}…`, async () => {
    const page = await coordinator.get("/team/partners/1");
    const one = "/team/partners/1";
    const value = naughty.slice(0, 50);
    harmless(await coordinator.submit(page, `${one}/identifiers`, { scheme: naughty.slice(0, 30), value })).is(422);
    harmless(await coordinator.submit(page, `${one}/identifiers`, { scheme: "GB-COH", value })).is(422);
    harmless(await coordinator.submit(page, `${one}/roles`, { role: "host", starts: naughty.slice(0, 30) })).is(422);
    harmless(await visitor.get(`/areas?q=${encodeURIComponent(naughty)}`));
    harmless(await visitor.get(`/sign-in?next=${encodeURIComponent(naughty)}`)).is(200);
    harmless(await visitor.get(`/areas/${encodeURIComponent(naughty)}`)).is(404);
    harmless(await visitor.submit(await visitor.get("/find"), "/find", { postcode: naughty.slice(0, 20) }));
  });

  test(`zone and account: ${naughty.slice(0, 20)}…`, async () => {
    const page = await coordinator.get("/team/zone");
    const values = { name, challenge: naughty, vision: naughty };
    (await coordinator.submit(page, "/team/zone", values)).is(303);
    const shown = JSON.parse(must(zone.db, ["zone", "show", "--format", "json"]));
    assert.equal(shown.name, name);
    assert.equal(shown.challenge, naughty);
    const accounts = await coordinator.get("/team/accounts");
    const login = naughty.slice(0, 60).trim();
    const account = { name, login, role: "resident", password: "three words and more" };
    const made = await coordinator.submit(accounts, "/team/accounts", account);
    harmless(await coordinator.follow(made)).has(login.replace(/\s+/g, " "));
    await everyPage();
  });
}

test("the judge itself is awake: what got through as markup is found", () => {
  const faults = [
    "<p><script>alert(1)</script></p>",
    '<p title="a" onfocus=alert(3)>x</p>',
    '<a href="javascript:alert(1)">x</a>',
    `<input value='' onfocus='alert(3)'>`,
  ];
  for (const text of faults)
    assert.throws(() => harmless({ text, what: "planted", said: () => text }), text);
  harmless({ text: "<p>&lt;script&gt;</p>", what: "clean", said: () => "<script>" });
});

test("every table is still there", async () => {
  assert.ok(JSON.parse(must(zone.db, ["org", "list", "--format", "json"])).length >= 11);
  (await visitor.get("/partners")).is(200).has("The Hub");
});
