// SPDX-License-Identifier: AGPL-3.0-or-later
// Loading data in the browser: hand a file in, see what it was taken for and what is wrong with it,
// load it, take it back. Without JavaScript, as everything here.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Visitor, as } from "./lib.mjs";
import { PASSWORD, freshDatabase, loginOf, must, serve } from "./server.mjs";

const state = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "uploads-"));
const { db, drop } = freshDatabase();
must(db, ["init", "--name", "Testing", "--challenge", "How might we test?"]);
for (const role of ["coordinator", "evaluator"])
  must(db, ["user", "add", "--login", loginOf(role), "--name", role, "--role", role, "--password-stdin"], {
    input: `${PASSWORD}\n`,
  });
const zone = await serve(db, { args: ["--state", state] });
const amina = await as(zone, "coordinator");
after(async () => {
  amina.close();
  await zone.stop();
  drop();
  rmSync(state, { recursive: true, force: true });
});

const kept = () => readdirSync(state).filter((name) => name.startsWith("upload-"));

// Hands a file in; the page that says what it was taken for.
async function handIn(name, text, who = amina) {
  const page = (await who.get("/team/imports/new")).is(200);
  const done = await who.submit(page, "/team/imports/new", { file: { name, type: "text/csv", bytes: text } });
  const path = done.is(303).headers.location;
  return { path, page: (await who.get(path)).is(200) };
}

// Presses "Load it" and waits as a page without JavaScript would; where it ends.
async function load({ path, page }) {
  (await amina.submit(page, `${path}/load`)).to(`${path}/progress`);
  for (let tries = 0; tries < 200; tries++) {
    const answer = await amina.get(`${path}/progress`);
    if (answer.status === 303) return { path: answer.headers.location, page: await amina.get(answer.headers.location) };
    answer.is(200);
    if (answer.said().includes("Nothing was loaded")) return { path, page: answer };
    await new Promise((go) => setTimeout(go, 50));
  }
  throw new Error(`${path}: still loading`);
}

const tenure = (n) => `LSOA21CD,tenure,n,total_households
E01000001,Owned,${n},100
E01000001,Rented,60,100
`;

test("an empty list says what to begin with", async () => {
  (await amina.get("/team/imports")).is(200).has("Nothing is loaded yet", "Begin with the boundaries");
});

test("a file is looked at, loaded, shown and taken back", async () => {
  const look = await handIn("tenure.csv", tenure(40));
  look.page.has("All rows are good", "Recognised as Census table", "Title Census 2021: Tenure of household (TS054)", "2 figures", "2021");
  look.page.has("Office for National Statistics", "Open Government Licence v3.0");
  look.page.has("LSOA21CD E01000001, E01000001 area code", "tenure Owned, Rented category");
  assert.equal(kept().length, 1);
  (await amina.get("/team/imports")).has("Waiting to be loaded", "tenure.csv", "Nothing is loaded yet");

  const { path, page } = await load(look);
  assert.match(path, /^\/team\/imports\/loaded\/\d+$/);
  page.is(200).has("The file is loaded: 2 entries.", "tenure.csv", "2 figures", "Undo this import");
  assert.equal(kept().length, 0, "the bytes are gone once they are loaded");
  const list = (await amina.get("/team/imports")).has("tenure.csv", "Undo tenure.csv");
  assert.ok(!list.said().includes("Waiting to be loaded"));
  const json = (await amina.get(`${look.path}/progress.json`)).is(200).json;
  assert.equal(json.next, `${look.path}/progress`);

  const twin = await handIn("again.csv", tenure(40)); // said before anybody presses “Load it”
  const when = /This file was loaded on \d+ \w+ \d{4} already; loading it again changes nothing\./;
  assert.match(twin.page.said(), when);
  assert.ok(twin.page.text.includes(`<a href="${path}">See that import</a>`), "a link to it");
  assert.ok(!twin.page.said().includes("Nothing is loaded yet"));
  const again = await load(twin);
  assert.equal(again.path, path);
  again.page.has("loaded before, so nothing was changed");

  (await amina.submit(page, `${path}/undo`)).to("/team/imports");
  (await amina.get("/team/imports")).has("The import is taken back", "Nothing is loaded yet");
  (await amina.get(path)).to("/team/imports");
  (await amina.submit(page, `${path}/undo`)).is(404); // twice

  const after = await handIn("after.csv", tenure(40));
  after.page.has("All rows are good", "Nothing is loaded yet"); // what is undone is not there
  assert.ok(!after.page.said().includes("already"));
  (await amina.submit(after.page, `${after.path}/drop`)).is(303);
});

test("the same file read in another way is another import, and that is said", async () => {
  const wards = "WD25CD,WD25NM,LAD25CD,LAD25NM\nE05000001,Mill End,E07000999,Millbrook\n";
  const first = await load(await handIn("wards.csv", wards));
  const look = await handIn("wards-again.csv", wards);
  look.page.has("already; loading it again changes nothing", "Lookup between areas");
  (await amina.submit(look.page, look.path, { family: "area-names" })).to(look.path);
  const other = (await amina.get(look.path)).is(200);
  other.has("already, but read in another way; loading it makes one more import of it.");
  other.has("All rows are good", "Names of areas");
  const second = await load({ path: look.path, page: other });
  assert.notEqual(second.path, first.path);
  for (const done of [second, first]) (await amina.submit(done.page, `${done.path}/undo`)).is(303);
});

test("what is wrong is told with row and column, and nothing can be loaded", async () => {
  const bad = `${tenure(41)}E0100002,Owned,x,9\n`;
  const { path, page } = await handIn("bad.csv", bad);
  page.has("Nothing can be loaded until these are put right", "2 faults");
  page.has("4 LSOA21CD “E0100002” is not an area code", "2 total_households The categories of E01000001 add up to 101");
  assert.throws(() => page.form(`${path}/load`), "there is no button to load it");
  const report = (await amina.get(`${path}/report.csv`)).is(200);
  assert.match(report.headers["content-type"], /^text\/csv/);
  assert.deepEqual(report.text.split("\r\n").slice(0, 2), [
    "what,row,column,sentence",
    "fault,4,LSOA21CD,“E0100002” is not an area code (one letter and eight digits).",
  ]);
  // Pressed all the same, by somebody with an old page.
  const token = page.form(`${path}/drop`).fields.find(([name]) => name === "token")[1];
  (await amina.post(`${path}/load`, { token })).to(path);
  (await amina.get("/team/imports")).has("Nothing is loaded yet");
  (await amina.submit(page, `${path}/drop`)).to("/team/imports");
  (await amina.get("/team/imports")).has("The file is thrown away");
  (await amina.get(path)).to("/team/imports");
  assert.equal(kept().length, 0);
});

test("a table of one's own: columns, unit, source and licence are asked for", async () => {
  const { path, page } = await handIn("visits.csv", "Where,Children,Adults\nE01000001,5,7\nE01000002,6,8\n");
  page.has("A table of your own", "Before it can be loaded", "under which licence");
  const form = page.form(path);
  assert.ok(form.fields.some(([name, value]) => name === "col_code" && value === "Where"), "guessed by its values");
  const period = page.page.querySelectorAll('input[name="period"]');
  assert.equal(period.length, 1);
  assert.equal(page.page.querySelectorAll('details input[name="period"]').length, 0, "it stands in the open");
  assert.equal(page.page.querySelectorAll('fieldset input[name="period"]').length, 1, "with the other fields");
  const told = {
    family: "long", col_value: "Children", title: "Visits to the library", unit: "visits", period: "2024",
    vintage: "2021", source: "Town Council", licence: "Open Government Licence v3.0", save_as: "libraries",
  };
  (await amina.submit(page, path, told)).to(path);
  const checked = (await amina.get(path)).is(200).has("All rows are good", "2 figures", "Town Council");
  checked.has("Children 5, 6 number", "Adults 7, 8 passed over");
  const done = await load({ path, page: checked });
  done.page.has("Visits to the library", "Town Council");

  // The next one of the same make needs its name only.
  const next = await handIn("visits-2.csv", "Where,Children,Adults\nE01000001,9,7\n");
  (await amina.submit(next.page, next.path, { family: "long", use: "libraries", title: "Visits", period: "2025" }))
    .to(next.path);
  (await amina.get(next.path)).has("All rows are good", "Children 9 number", "Open Government Licence v3.0");
  (await amina.submit(next.page, `${next.path}/drop`)).is(303);
  (await amina.submit(done.page, `${done.path}/undo`)).to("/team/imports");
});

test("a choice that cannot be keeps everything that was written", async () => {
  const { path, page } = await handIn("visits.csv", "Where,Children\nE01000001,5\n");
  const wrong = await amina.submit(page, path, { family: "long", vintage: "soon", title: "Visits & more" });
  wrong.is(422).has("Enter a whole number");
  assert.ok(wrong.form(path).fields.some(([name, value]) => name === "title" && value === "Visits & more"));
  (await amina.submit(page, path, { family: "nonsense" })).is(422).has("Choose a kind of file from the list");
  (await amina.submit(page, `${path}/drop`)).is(303);
});

test("no file, an empty file, and files that are no tables", async () => {
  const page = (await amina.get("/team/imports/new")).is(200);
  const send = (name, bytes) =>
    amina.submit(page, "/team/imports/new", { file: { name, type: "text/csv", bytes } });
  (await amina.submit(page, "/team/imports/new", {})).is(422).has("Choose a file");
  (await send("", "")).is(422).has("Choose a file");
  (await send("empty.csv", "")).is(422).has("The file is empty");
  for (const [bytes, words] of [
    ["PK\x03\x04rest", "odd.csv is a ZIP archive, not a text file. Unpack it and choose the CSV or GeoJSON inside."],
    ["PK\x03\x04 xl/workbook.xml", "odd.csv is an Excel workbook (.xlsx), not a text file. Open it and save the sheet"],
    ["\0\x01\x02\0\0\x03", "odd.csv is not a text file."],
    [Buffer.from("\ufeffa,b\n1,2\n", "utf16le"), "UTF-16"],
    [`{"type":"Feat`, "it was cut short"],
  ]) {
    const look = await handIn("odd.csv", bytes);
    look.page.has(words);
    assert.throws(() => look.page.form(`${look.path}/load`));
    (await amina.submit(look.page, `${look.path}/drop`)).is(303);
  }
  assert.equal(kept().length, 0);
});

test("many months of crime are one line that opens, each still there to be undone", async () => {
  const month = (m) =>
    "Month,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type\n" +
    `${m},Mill Police,-1.2,51.7,On or near The Holt,E01000001,Mill 001A,Burglary\n`;
  const done = [];
  for (const m of ["2023-01", "2023-02", "2023-03"])
    done.push(await load(await handIn(`${m}-mill-street.csv`, month(m))));
  const few = (await amina.get("/team/imports")).is(200).has("2023-01-mill-street.csv");
  assert.equal(few.page.querySelectorAll("details").length, 0, "a few stand alone");
  done.push(await load(await handIn("2023-05-mill-street.csv", month("2023-05"))));

  const list = (await amina.get("/team/imports")).is(200);
  list.has("Street-level crime: 4 months, January 2023 to May 2023; 1 between them is missing");
  assert.equal(list.page.querySelectorAll("details").length, 1);
  const rows = list.page.querySelectorAll("details tbody tr").map((row) => row.textContent);
  assert.equal(rows.length, 4);
  assert.match(rows[0], /May 2023/);
  assert.match(rows[3], /January 2023.*2023-01-mill-street\.csv/s);
  for (const { path } of done) {
    assert.equal(list.page.querySelectorAll(`details a[href="${path}"]`).length, 1);
    assert.equal(list.page.querySelectorAll(`details a[href="${path}#undo"]`).length, 1);
    (await amina.submit(await amina.get(path), `${path}/undo`)).to("/team/imports");
  }
  (await amina.get("/team/imports")).has("Nothing is loaded yet");
});

test("nothing a file says is taken for HTML", async () => {
  const evil = "<script>x()</script>";
  const look = await handIn(`${evil}"'.csv`, `LSOA21CD,"${evil}",n\nE01000001,"${evil}","${evil}"\n`);
  assert.ok(!look.page.text.includes(evil), "escaped on the preview");
  look.page.has(evil);
  const list = await amina.get("/team/imports");
  assert.ok(!list.text.includes(evil), "escaped on the list");
  const report = (await amina.get(`${look.path}/report.csv`)).is(200);
  assert.match(report.headers["content-type"], /^text\/csv/);
  (await amina.submit(look.page, `${look.path}/drop`)).is(303);
});

test("only the coordinator loads data", async () => {
  const eva = await as(zone, "evaluator");
  for (const path of ["/team/imports", "/team/imports/new", "/team/imports/1"]) (await eva.get(path)).is(403);
  eva.close();
  const nobody = new Visitor(zone.base);
  assert.match((await nobody.get("/team/imports")).is(303).headers.location, /^\/sign-in/);
  nobody.close();
});

test("a larger file tells how far it is", { timeout: 120_000 }, async () => {
  const rows = ["LSOA21CD,tenure,n,total_households"];
  for (let i = 0; i < 60_000; i++) {
    const code = `E01${String(i + 1).padStart(6, "0")}`;
    rows.push(`${code},Owned,40,100`, `${code},Rented,60,100`);
  }
  const look = await handIn("large.csv", `${rows.join("\n")}\n`);
  look.page.has("120,000 figures");
  (await amina.submit(look.page, `${look.path}/load`)).to(`${look.path}/progress`);
  let furthest = 0;
  for (;;) {
    const json = (await amina.get(`${look.path}/progress.json`)).is(200).json;
    if (json.next) break;
    assert.ok(json.done >= furthest && json.done <= json.total);
    if (json.total > 0) assert.match(json.text, /^\d+ % is written\.$/);
    furthest = json.done;
    await new Promise((go) => setTimeout(go, 20));
  }
  assert.ok(furthest > 0, "something was told while it was loading");
  const done = await amina.follow(await amina.get(`${look.path}/progress`));
  done.is(200).has("120,000 entries");
  (await amina.submit(done, done.what.slice(4) + "/undo")).to("/team/imports");
  (await amina.get("/team/imports")).has("Nothing is loaded yet");
});
