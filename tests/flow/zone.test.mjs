// SPDX-License-Identifier: AGPL-3.0-or-later
// The zone's settings: name, question, vision, start and areas, with their history.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { as, must, startZone } from "./lib.mjs";

const zone = await startZone();
const coordinator = await as(zone, "coordinator");
const visitor = await as(zone, "public");
after(async () => {
  coordinator.close();
  visitor.close();
  await zone.close();
});

const shown = () => JSON.parse(must(zone.db, ["zone", "show", "--format", "json"]));
const codes = () => shown().areas.map(({ code }) => code).sort();
const today = new Date().toISOString().slice(0, 10);
const dayAfter = (day, n) => new Date(Date.parse(day) + n * 86400e3).toISOString().slice(0, 10);
const send = async (action, values) =>
  coordinator.submit(await coordinator.get("/team/zone"), action, values);
const before = codes();

test("the settings show what the zone is", async () => {
  const page = (await coordinator.get("/team/zone")).is(200);
  const ticked = page
    .form("/team/zone/areas")
    .fields.filter(([name]) => name === "area")
    .map(([, value]) => value);
  assert.deepEqual(ticked.sort(), before);
  assert.equal(before.length, 4);
});

test("what is missing or no date is said at its field", async () => {
  const answer = await send("/team/zone", { name: "", challenge: "", starts: "last spring" });
  answer.is(422).has("Enter the name of the zone", "Enter the question you share");
  answer.has("Enter a real date, such as 2026-03-27", "There are 3 things to put right");
  assert.equal(shown().name, "Millbrook");
});

test("name, question and vision are changed, and the demonstration stays one", async () => {
  const answer = await send("/team/zone", {
    name: "Millbrook Together",
    challenge: "How might we listen better?",
    vision: "",
    starts: "2019-01-01",
  });
  (await coordinator.follow(answer.to("/team/zone"))).has("What it said before is kept");
  (await visitor.get("/")).is(200).has("Millbrook Together", "How might we listen better?");
  (await visitor.get("/")).has("Demonstration data");
  assert.equal(shown().starts, "2019-01-01");
  assert.equal(shown().demonstration, true);
});

test("what was before is kept and can be put back", async () => {
  const history = (await coordinator.get("/team/zone/history")).is(200);
  history.has("Millbrook Together", "as it is now", "Put this back");
  const back = await coordinator.submit(history, "/team/zone/put-back");
  back.to("/team/zone");
  assert.equal(shown().name, "Millbrook");
  assert.match(shown().challenge, /4 key wards/);
  // putting back is a change like any other: it can be taken back in turn
  const again = (await coordinator.get("/team/zone/history")).is(200);
  again.has("Millbrook Together");
  (await coordinator.submit(again, "/team/zone/put-back", { version: "999999" })).is(404);
});

test("the figures’ suggestion is one only", async () => {
  const page = (await coordinator.get("/team/zone")).is(200);
  page.has("Which wards do the figures point to?", "It is a suggestion only");
  assert.match(page.said(), /\d+ of \d+ small areas/);
});

test("areas are chosen from a day on; the past is not rewritten", async () => {
  const page = await coordinator.get("/team/zone");
  const all = [...page.text.matchAll(/name="area" type="checkbox" value="([^"]+)"/g)].map(
    ([, code]) => code,
  );
  const other = all.find((code) => !before.includes(code));
  const wanted = [...before.slice(1), other].sort();
  (await send("/team/zone/areas", { area: [], from: today })).is(422).has("Choose at least one area");
  (await send("/team/zone/areas", { area: wanted, from: "soon" })).is(422).has("Enter a real date");
  (await send("/team/zone/areas", { area: wanted, from: "1999-01-01" }))
    .is(422)
    .has("or a later day: the areas changed on that day");
  assert.deepEqual(codes(), before);
  const kept = await send("/team/zone/areas", { area: wanted, from: "1999-01-01" });
  const ticked = kept
    .form("/team/zone/areas")
    .fields.filter(([name]) => name === "area")
    .map(([, value]) => value);
  assert.deepEqual(ticked.sort(), wanted); // what they ticked is not lost
  (await send("/team/zone/areas", { area: wanted, from: today })).to("/team/zone");
  assert.deepEqual(codes(), wanted);
  (await visitor.get("/areas/zone")).is(200);
});

test("a code that no area has changes nothing", async () => {
  const now = codes();
  const answer = await send("/team/zone/areas", { area: [now[0], "E05000000"], from: dayAfter(today, 1) });
  answer.is(404).has("E05000000");
  assert.deepEqual(codes(), now);
});

test("the areas of a former day are put back", async () => {
  const history = (await coordinator.get("/team/zone/history")).is(200).has("Put the areas back");
  const days = [...history.text.matchAll(/name="day" value="([^"]+)"/g)].map(([, day]) => day);
  const oldest = days.sort()[0];
  (await coordinator.submit(history, "/team/zone/areas/put-back", { day: oldest })).to("/team/zone");
  assert.deepEqual(codes(), before);
  (await coordinator.submit(history, "/team/zone/areas/put-back", { day: "1990-01-01" })).is(404);
});

test("wards are found by name", async () => {
  const page = await coordinator.get("/team/zone?q=zzzz");
  page.is(200).has("more wards are not shown");
  const ticked = page.form("/team/zone/areas").fields.filter(([name]) => name === "area");
  assert.equal(ticked.length, before.length); // those of the zone always stay on the page
});
