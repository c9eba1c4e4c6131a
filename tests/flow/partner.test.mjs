// SPDX-License-Identifier: AGPL-3.0-or-later
// The partnership: what everybody sees, and the coordinator adding, changing, ending, putting back.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { as, doorstep, must, startZone } from "./lib.mjs";
import { freshDatabase } from "./server.mjs";

const zone = await startZone();
const coordinator = await as(zone, "coordinator");
const visitor = await as(zone, "public");
after(async () => {
  coordinator.close();
  visitor.close();
  await zone.close();
});

const HUB = {
  name: "Larch Street Hub",
  kind: "charity",
  web: "www.larch.example",
  about: "Lunches on Fridays.",
  role: "delivery",
  starts: "January 2020",
};
let hub; // its address on the coordinator's side

const add = async (values) => {
  const page = (await coordinator.get("/team/partners/new")).is(200);
  return coordinator.submit(page, "/team/partners", values);
};

test("the demonstration town’s partners are there for everybody", async () => {
  const page = (await visitor.get("/partners")).is(200);
  page.has("3 founding partners", "March 2018", "January 2019", "The Hub becomes delivery partner");
  page.has("Sees totals and what the public sees. Never people or what they said.");
  for (const link of page.page.querySelectorAll(".ds-card h3 a"))
    (await visitor.get(link.getAttributeValue("href"))).is(200);
});

test("what is missing is said at its field", async () => {
  (await add({}))
    .is(422)
    .has("Enter the name of the organisation", "Enter what kind it is", "Enter what it does");
  const answer = await add({ ...HUB, web: "ask at the desk", starts: "soon" });
  answer.is(422).has("Enter a web address such as", "Enter a month and a year, such as January 2019");
  assert.equal(answer.form("/team/partners").fields.find(([name]) => name === "starts")[1], "soon");
});

test("an organisation is added and stands on the public page", async () => {
  const answer = (await add(HUB)).is(303);
  hub = answer.headers.location;
  assert.match(hub, /^\/team\/partners\/\d+$/);
  (await coordinator.follow(answer)).is(200).has("The organisation is on the list");
  const page = (await visitor.get("/partners")).is(200);
  page.has("Larch Street Hub", "January 2020", "Larch Street Hub becomes delivery partner");
  const own = (await visitor.get(hub.replace("/team", ""))).is(200);
  own.has("Lunches on Fridays.", "since January 2020");
  assert.ok(own.text.includes('href="https://www.larch.example"'));
});

test("a second one of the same name is refused", async () => {
  (await add({ ...HUB, name: "larch street HUB" })).is(422).has("has an organisation of this name");
});

test("a change keeps what was, and it can be put back", async () => {
  const page = (await coordinator.get(hub)).is(200);
  const changed = await coordinator.submit(page, hub, { name: "Larch Hub", web: "" });
  (await coordinator.follow(changed)).has("you can put it back", "What it said before");
  (await visitor.get("/partners")).has("Larch Hub").hasNot("Larch Street Hub");
  const same = await coordinator.submit(await coordinator.get(hub), hub);
  (await coordinator.follow(same)).has("Nothing was different");
  const now = await coordinator.get(hub);
  const back = await coordinator.submit(now, `${hub}/put-back`);
  (await coordinator.follow(back)).has("Larch Street Hub");
  (await visitor.get("/partners")).has("Larch Street Hub");
  const nonsense = await coordinator.submit(now, `${hub}/put-back`, { version: "999999" });
  nonsense.is(404);
});

test("an identifier has to keep its register’s rule; nothing is guessed", async () => {
  const send = async (values) =>
    coordinator.submit(await coordinator.get(hub), `${hub}/identifiers`, values);
  (await send({ scheme: "GB-COH", value: "9506232" })).is(422).has("Do you mean 09506232?");
  (await send({ scheme: "GB-CHC", value: "715" })).is(422).has("6 or 7 digits");
  (await send({ scheme: "GB-COH", value: "n/a" })).is(422).has("there is no number");
  (await send({ scheme: "GB-CHC", value: "9900001" })).is(422).has("belongs to The Hub already");
  (await send({ scheme: "GB-XYZ", value: "1" })).is(422).has("do not know the scheme");
  (await send({ scheme: "", value: "" })).is(422).has("Enter a register", "Enter the number");
  (await send({ scheme: "GB-CHC", value: " 115 3055 " })).to(hub);
  (await visitor.get(hub.replace("/team", ""))).has("GB-CHC-1153055");
  const page = await coordinator.get(hub);
  (await coordinator.submit(page, `${hub}/identifiers/remove`)).to(hub);
  (await visitor.get(hub.replace("/team", ""))).hasNot("1153055");
});

test("a role ends, and goes on again", async () => {
  const page = await coordinator.get(hub);
  const role = page.text.match(new RegExp(`${hub}/roles/\\d+`))[0];
  const form = (await coordinator.get(role)).is(200).has("since January 2020");
  (await coordinator.submit(form, role, { ends: "December 2019" }))
    .is(422)
    .has("It cannot end before it began");
  (await coordinator.submit(form, role, { ends: "September 2021" })).to(hub);
  (await visitor.get("/partners")).has(
    "Larch Street Hub ends its time as delivery partner",
    "September 2021",
    "Not today",
  );
  const again = await coordinator.get(role);
  assert.deepEqual(again.form(role).fields.find(([name]) => name === "ends"), [
    "ends",
    "September 2021",
  ]);
  (await coordinator.submit(again, role, { ends: "" })).to(hub);
  (await visitor.get("/partners")).hasNot("Larch Street Hub ends");
});

test("a role entered by mistake is taken away and can be put back", async () => {
  const page = await coordinator.get(hub);
  (await coordinator.submit(page, `${hub}/roles`, { role: "host", starts: "2/2020" })).to(hub);
  const role = (await coordinator.get(hub)).text.match(/\/roles\/(\d+)">End or change: host/)[1];
  const form = await coordinator.get(`${hub}/roles/${role}`);
  (await coordinator.submit(form, `${hub}/roles/remove`)).to(hub);
  (await visitor.get(hub.replace("/team", ""))).hasNot("host");
  const back = (await coordinator.get(hub)).has("taken away");
  (await coordinator.submit(back, `${hub}/roles/remove`)).to(hub);
  (await visitor.get(hub.replace("/team", ""))).has("host since February 2020");
  const foreign = await coordinator.submit(form, `${hub}/roles/remove`, { role_id: "1" });
  foreign.is(404); // a role of somebody else
});

test("off the list and on it again", async () => {
  const page = await coordinator.get(hub);
  (await coordinator.submit(page, `${hub}/off`)).to(hub);
  (await visitor.get("/partners")).hasNot("Larch Street Hub");
  (await visitor.get(hub.replace("/team", ""))).is(404);
  const off = (await coordinator.get(hub)).has("off the list");
  (await coordinator.submit(off, `${hub}/off`)).to(hub);
  (await visitor.get("/partners")).has("Larch Street Hub");
});

test("the register is searched by name, other name and number", async () => {
  for (const q of ["larch", "LARCH STREET", "9900001"])
    (await coordinator.get(`/team/partners?q=${encodeURIComponent(q)}`)).has("Organisations found");
  (await coordinator.get("/team/partners?q=zzzz")).has("Nothing in the register");
  (await coordinator.get("/team/partners?q=%25")).has("Nothing in the register"); // not a wildcard
});

test("addresses of nobody are not there", async () => {
  for (const path of ["/partners/999999", "/partners/x", "/partners/-1", "/partners/1%00"])
    assert.ok([400, 404].includes((await visitor.get(path)).status), path);
  (await coordinator.get("/team/partners/999999")).is(404).has("There is no such organisation");
  (await coordinator.get(`${hub}/roles/999999`)).is(404);
});

test("every change stands in the audit trail, and the trail holds", () => {
  assert.match(doorstep(zone.db, ["doctor"]).stdout, /audit[^\n]*\b([2-9]\d|\d{3,})\b/i);
});

// ---- a register from a file -------------------------------------------------------------------

const folder = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "register-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name, text) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const COUNCILS =
  "\ufefforg_id,name,normalised_name,gss_code,area_name,area_type,active\r\n" +
  "GB-LAE-QXA,Ashby Council,Ashby,E07990091,Ashby,E07,TRUE\r\n" +
  "GB-LAE-QXB,Old Brook Council,Old Brook,E07990092,Old Brook,E07,FALSE\r\n";

test("a register is loaded once, and taken back", () => {
  const { db, drop } = freshDatabase();
  const path = file("councils.csv", COUNCILS);
  const loading = (...more) => must(db, ["import", "organisations", path, ...more]);
  try {
    must(db, ["init", "--name", "Newtown", "--challenge", "How might we begin?"]);
    assert.match(loading("--dry-run"), /2 organisations.*1 no longer exist[^]*Nothing was written/);
    assert.match(loading(), /Loaded: 2 new.*undo-import 1/);
    assert.match(loading(), /loaded before. Nothing was changed/);
    must(db, ["org", "undo-import", "1"]);
    assert.match(loading(), /Loaded: 2 new/);
  } finally {
    drop();
  }
});

test("a bad register says where, and nothing is loaded", () => {
  const { db, drop } = freshDatabase();
  try {
    const bad = file("bad.csv", `${COUNCILS}GB-LAE-QXA,Again,,,,,TRUE\r\n`);
    const ran = doorstep(db, ["import", "organisations", bad]);
    assert.equal(ran.status, 1);
    assert.match(ran.stderr, /bad\.csv, row 4, column org_id: GB-LAE-QXA stands in row 2 already/);
    const own = file("own.csv", "org_id,name\nGB-CHC-1153055,The Hub\n");
    const asked = doorstep(db, ["import", "organisations", own]);
    assert.equal(asked.status, 2); // nobody said under which licence
    assert.match(asked.stderr, /--source and --licence/);
    must(db, ["import", "organisations", own, "--source", "The Hub", "--licence", "CC BY 4.0"]);
  } finally {
    drop();
  }
});

test("the partners on the command line", () => {
  const list = JSON.parse(must(zone.db, ["org", "list", "--format", "json"]));
  const council = list.find(({ name }) => name === "Millbrook City Council");
  assert.deepEqual(council.roles[0], { role: "founding", from: "2018-03", to: null });
  assert.ok(council.identifiers[0].startsWith("GB-LAE-"));
  assert.match(must(zone.db, ["org", "list"]), /founding partner from March 2018/);
});
