// SPDX-License-Identifier: AGPL-3.0-or-later
// Canaries in every field that is kept, by form and by file: elements that would sing when a page
// let them in, and texts that would break a statement. Then every page is opened as everybody who
// may, in a real Chromium whose Content Security Policy is switched off, so that nothing but the
// page's own escaping stands between the canary and its song. What was written comes back as it
// was.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openBrowser } from "../browser/lib.mjs";
import { ROLES, as, filled, must, routes, startZone } from "../flow/lib.mjs";
import { rows, tables } from "../kill/dump.mjs";
import { GOOD } from "../refused/good.mjs";

// Short enough for every field; `n` tells where a song came from.
const xss = (n) => `"'><img class=canary src=x onerror=sing(${n})><svg onload=sing(${n})>`;
const sql = "'); DROP TABLE area;--\\'\" $1 ?1 %s :x";
const both = (n) => `${xss(n)} ${sql}`;

const folder = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "canary-"));
const zone = await startZone({ args: ["--state", folder] });
const { db } = zone;
const amina = await as(zone, "coordinator");
const browser = await openBrowser();
after(async () => {
  amina.close();
  await browser.close();
  await zone.close();
  rmSync(folder, { recursive: true, force: true });
});

// ---- into every field ----------------------------------------------------------------------------

// Codes that are nobody's, and not the demonstration town's either.
const own = (text) => text.replaceAll("E0199", "E0188").replaceAll("E0599", "E0588");
const cell = (text) => `"${text.replaceAll('"', '""')}"`;
const WARD = "E05880001";
const SMALL = "E01880001";

// Loads a file through the command line, under a name that is a canary itself.
function load(name, args, text) {
  const path = join(folder, name);
  writeFileSync(path, own(text));
  return must(db, [...args.slice(0, 2), path, ...args.slice(2)]);
}

test("names of areas", () => {
  const features = JSON.parse(GOOD.areas.text());
  features.features.forEach((one, i) => (one.properties.LSOA21NM = both(10 + i)));
  load(`${xss(1)}.geojson`, GOOD.areas.args, JSON.stringify(features));
  const wards = JSON.parse(GOOD.areas.text());
  wards.features.forEach((one, i) => {
    one.properties = { WD25CD: `E0588000${i + 1}`, WD25NM: both(20 + i), LAD25CD: "E07880001" };
  });
  load("wards.geojson", GOOD.areas.args, JSON.stringify(wards));
  load("names.csv", GOOD.names.args, `WD24CD,WD24NM\n${WARD},${cell(both(23))}\n`);
  const fit = ["LSOA21CD,LSOA21NM,WD25CD,WD25NM,LAD25CD,LAD25NM"];
  for (const n of [1, 2, 3])
    fit.push(
      [`E0188000${n}`, cell(both(30)), WARD, cell(both(31)), "E07880001", cell(both(32))].join(),
    );
  load(`fit ${xss(2)}.csv`, GOOD.lookup.args, fit.join("\n"));
});

test("figures, their titles and where they come from", () => {
  load(`${xss(3)}.csv`, GOOD.iod2025.args, GOOD.iod2025.text());
  load(`mid2022 ${xss(4)}.csv`, GOOD.population.args, GOOD.population.text());
  const census = `LSOA21CD,${cell(both(40))},n,total_households\n`;
  const categories = [both(41), both(42)].map((one) => `${SMALL},${cell(one)},50,100\n`);
  load(
    `census ${xss(5)}.csv`,
    ["import", "indicators", "--as", "census"],
    census + categories.join(""),
  );
  const words = [
    "--title",
    both(43),
    "--unit",
    both(44),
    "--source",
    both(45),
    "--licence",
    both(46),
  ];
  load(
    `own ${xss(6)}.csv`,
    ["import", "indicators", "--as", "long", "--vintage", "2021", "--period", "2024"].concat(
      words,
      ["--columns", "code=Area;value=Number;category=Kind", "--save", both(47)],
    ),
    `Area,Number,Kind\n${SMALL},5,${cell(both(48))}\n`,
  );
});

test("crimes: kinds, places, outcomes, the force", () => {
  const text = GOOD.crime
    .text()
    .replaceAll("Testing Police", cell(both(50)))
    .replaceAll("On or near High Street", cell(both(51)))
    .replaceAll("Burglary", cell(both(52)))
    .replaceAll("Under investigation", cell(both(53)));
  load(`crime ${xss(7)}.csv`, GOOD.crime.args, text);
});

test("organisations by file", () => {
  const head = "org_id,name,normalised_name,gss_code,active\n";
  const row = ["GB-COH-09506232", cell(both(60)), cell(both(61)), "", "TRUE"].join();
  const odd = [cell(`GB-CHC-${both(62)}`), cell("Odd identifier"), "", "", "TRUE"].join();
  load(
    `orgs ${xss(8)}.csv`,
    ["import", "organisations", "--source", both(63), "--licence", both(64)],
    `${head}${row}\n${odd}\n`,
  );
});

test("the zone, its areas, a former version", async () => {
  must(db, ["zone", "set-areas", WARD, "E05880002"]);
  for (const n of [70, 80]) {
    const page = (await amina.get("/team/zone")).is(200);
    const values = { name: both(n), challenge: both(n + 1), vision: both(n + 2), starts: "" };
    (await amina.submit(page, "/team/zone", values)).is(303);
  }
  const now = (await amina.get("/team/zone")).is(200);
  const kept = Object.fromEntries(now.form("/team/zone").fields);
  assert.deepEqual([kept.name, kept.challenge, kept.vision], [both(80), both(81), both(82)]);
});

let organisation;
test("an organisation, its role, its former version", async () => {
  const page = (await amina.get("/team/partners/new")).is(200);
  const values = { name: both(90), kind: "charity", about: both(91), role: "host", starts: "" };
  const done = (
    await amina.submit(page, "/team/partners", { ...values, web: "https://a.example/?q=%22%3E" })
  ).is(303);
  organisation = done.headers.location;
  const look = (await amina.get(organisation)).is(200);
  (await amina.submit(look, organisation, { name: both(92), about: both(93), web: "" })).is(303);
  const fields = Object.fromEntries((await amina.get(organisation)).form(organisation).fields);
  assert.deepEqual([fields.name, fields.about], [both(92), both(93)]);
});

test("accounts", async () => {
  const page = (await amina.get("/team/accounts")).is(200);
  const values = { name: both(95).slice(0, 100), login: "canary", role: "resident" };
  const password = "a rather long password";
  (await amina.submit(page, "/team/accounts", { ...values, password })).is(303);
  (await amina.get("/team/accounts")).has(values.name);
  must(
    db,
    ["user", "add", "--login", "canary2", "--name", both(96).slice(0, 100), "--role"].concat([
      "evaluator",
      "--password-stdin",
    ]),
    { input: `${password}\n` },
  );
});

let upload;
test("a file waiting in the browser", async () => {
  const page = (await amina.get("/team/imports/new")).is(200);
  const bytes = `${cell(both(100))},Number\n${cell(both(101))},${cell(both(102))}\n`;
  const file = { name: `${xss(9).replaceAll('"', "'")}.csv`, type: "text/csv", bytes };
  const done = await amina.submit(page, "/team/imports/new", { file });
  upload = done.is(303).headers.location;
  const look = (await amina.get(upload)).is(200).has("canary");
  const wrong = await amina.submit(look, upload, { family: "long", unit: both(99) }); // too long
  assert.equal(Object.fromEntries(wrong.is(422).form(upload).fields).unit, both(99));
  const told = {
    family: "long",
    title: both(103),
    unit: "<img class=canary src=x onerror=sing(104)>",
    source: both(105),
  };
  (await amina.submit(look, upload, { ...told, licence: both(106), save_as: xss(107) })).is(303);
  const choices = Object.fromEntries((await amina.get(upload)).is(200).form(upload).fields);
  assert.deepEqual([choices.title, choices.source], [both(103), both(105)]);
});

test("what a person types and gets back at once", async () => {
  const form = (await amina.get("/find")).is(200);
  const found = await amina.submit(form, "/find", { postcode: both(110) });
  assert.ok(found.status === 422, `${found.status}`);
  assert.ok(!found.text.includes("<img class=canary"));
});

test("every column of text that can hold one, holds one", () => {
  // These take codes, words of a list, dates or what the program makes itself.
  const FIXED = /\.(code|key|kind|role|sha256|options|password|login|device|scheme|body|actor)$/;
  const OTHER = new Set(
    [
      "schema_migration.name",
      "secret.name",
      "source.url",
      "import_run.kind",
      "import_run.reference",
    ]
      .concat([
        "audit.purpose",
        "audit.action",
        "audit.subject",
        "area_edition.parent_code",
        "mapping.columns",
      ])
      .concat(["area_edition.valid_from", "area_edition.valid_to", "area_link.from_kind"])
      .concat([
        "area_link.from_code",
        "area_link.to_kind",
        "area_link.to_code",
        "area_link.relation",
      ])
      .concat([
        "area_alias.parent_code",
        "deprivation.domain",
        "population.period",
        "population.ages",
      ])
      .concat(["indicator.family", "indicator.name", "figure.period", "crime_count.kinds"])
      .concat([
        "crime_month.areas",
        "term.list",
        "postcode.oa",
        "postcode.lsoa11",
        "postcode.lsoa21",
      ])
      .concat(["postcode.ward", "postcode.district", "mapping.family", "zone.starts"])
      .concat(["zone_area.valid_from", "zone_area.valid_to", "upload.stored", "organisation.web"])
      .concat(["organisation.area_code", "organisation_was.web", "organisation_role.starts"])
      .concat(["organisation_role.ends", "source.attribution", "import_run.notices"])
      // The log of the field: numbers, words of lists, and bodies that arrive sealed; no form
      // writes into it yet.
      .concat(["field_device.id", "field_device.name", "field_record.id", "field_record.sha"])
      .concat(["field_record.device_id", "field_record.via", "field_record.state"])
      .concat(["field_record.why", "field_sealed.id", "field_sealed.sha", "field_file.record_id"])
      .concat(["field_file.name", "field_file.sha", "field_file.type", "field_blob.sha"])
      .concat(["field_piece.sha", "field_form.id", "field_form.record_id"]),
  );
  const without = [];
  let n = 0;
  for (const { name, columns } of tables())
    for (const { name: column, type } of columns) {
      const full = `${name}.${column}`;
      if (type !== "TEXT" || FIXED.test(full) || OTHER.has(full)) continue;
      n++;
      const [[held]] = rows(db, `SELECT count(*) FROM ${name} WHERE ${column} LIKE '%sing(%'`);
      if (held === "0") without.push(full);
    }
  console.log(`${n} columns hold a canary`);
  assert.deepEqual(without, []);
  assert.ok(n > 20, `${n}`);
});

// ---- out of every page ---------------------------------------------------------------------------

// A window in which a canary that gets in is counted, by its song or by its being there.
async function cage(cookies, base) {
  const context = await browser.newContext({ bypassCSP: true, serviceWorkers: "block" });
  await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: base })));
  await context.addInitScript(() => {
    globalThis.songs = [];
    globalThis.sing = (n) => globalThis.songs.push(n);
  });
  return context;
}

async function heard(context, url) {
  const page = await context.newPage();
  const faults = [];
  page.on("dialog", (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("pageerror", (error) => faults.push(`an exception: ${error.message}`));
  const answer = await page.goto(url, { waitUntil: "load" });
  if (answer.status() >= 500) faults.push(`status ${answer.status()}`);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 0))); // a song takes a turn
  const { songs, there } = await page.evaluate(() => ({
    songs: globalThis.songs,
    there: [...document.querySelectorAll(".canary, [onerror], [onload], img[src='x']")].length,
  }));
  const text = await page.evaluate(() => document.documentElement.innerText);
  await page.close();
  for (const n of songs) faults.push(`canary ${n} sang`);
  if (there) faults.push(`${there} elements of a canary are in the page`);
  return { faults, text };
}

test("a page that lets canaries in is found out", async () => {
  const pages = {
    "/text": `<p>${both(1)}</p>`,
    "/attribute": `<input value="${both(2)}">`,
    "/escaped": `<p>${both(3).replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`,
  };
  const open = createServer((question, answer) => {
    answer
      .writeHead(pages[question.url] ? 200 : 404, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "default-src 'none'",
      })
      .end(`<!DOCTYPE html><title>x</title>${pages[question.url] ?? ""}`);
  });
  await new Promise((done) => open.listen(0, "127.0.0.1", done));
  const base = `http://127.0.0.1:${open.address().port}`;
  const context = await cage([], base);
  try {
    for (const path of ["/text", "/attribute"]) {
      const { faults } = await heard(context, base + path);
      assert.ok(
        faults.some((one) => one.includes("sang")),
        `${path}: ${faults}`,
      );
      assert.ok(
        faults.some((one) => one.includes("elements of a canary")),
        `${path}: ${faults}`,
      );
    }
    assert.deepEqual((await heard(context, `${base}/escaped`)).faults, []);
  } finally {
    await context.close();
    open.closeAllConnections();
    open.close();
  }
});

// Where canaries are looked for beyond the samples of the table of routes.
function pathsOf({ path, sample }) {
  const found = [filled(path, sample)];
  if (path.startsWith("/areas/:code"))
    found.push(...[WARD, SMALL, "E05880002"].map((code) => path.replace(":code", code)));
  if (path === "/areas/:code")
    found.push(`/areas/${WARD}?domain=imd&sort=imd`, "/areas/zone?sort=children");
  if (path === "/areas") found.push(`/areas?q=${encodeURIComponent(both(120))}`);
  if (path === "/sign-in")
    found.push(`/sign-in?next=${encodeURIComponent(`/"><img class=canary>`)}`);
  if (path === "/team/partners") found.push(`/team/partners?q=${encodeURIComponent(both(121))}`);
  if (path === "/team/partners/:id") found.push(organisation);
  if (path === "/partners/:id") found.push(organisation.replace("/team", ""));
  if (path === "/team/imports/:upload") found.push(upload);
  if (path === "/team/imports/loaded/:import")
    for (const [id] of rows(db, "SELECT id FROM import_run WHERE file_name LIKE '%sing(%'"))
      found.push(`/team/imports/loaded/${id}`);
  return found;
}

const SHOWN = [
  ["public", "/", both(80)],
  ["public", "/areas/zone", both(20)],
  ["public", `/areas/${WARD}`, both(10)],
  ["public", `/areas/${SMALL}/crime`, both(51)],
  ["public", "/partners", both(92)],
  ["coordinator", "/team/accounts", both(95).slice(0, 60)],
  ["coordinator", "/team/zone/history", both(70)],
];

for (const role of ["public", ...ROLES])
  test(`no canary sings for ${role}`, { timeout: 600_000 }, async (t) => {
    const visitor = await as(zone, role);
    const context = await cage(visitor.cookies, zone.base);
    let opened = 0;
    let withCanary = 0;
    for (const route of routes(db)) {
      if (route.method !== "GET" || !route.who.includes(role)) continue;
      if (/sign-out/.test(route.path)) continue;
      for (const path of pathsOf(route)) {
        const answer = await visitor.get(path);
        assert.ok(answer.status < 500, `${path}: ${answer.status}`);
        if (!(answer.headers["content-type"] ?? "").startsWith("text/html")) continue;
        const { faults, text } = await heard(context, zone.base + path);
        assert.deepEqual(faults, [], path);
        opened++;
        withCanary += text.includes("sing(");
      }
    }
    (await visitor.get(`/no-such-${encodeURIComponent(xss(130))}`)).is(404);
    assert.deepEqual(
      (await heard(context, `${zone.base}/no-${encodeURIComponent(xss(131))}`)).faults,
      [],
    );
    for (const [who, path, words] of SHOWN)
      if (who === role) (await visitor.get(path)).is(200).has(words.replace(/\s+/g, " "));
    await context.close();
    visitor.close();
    t.diagnostic(`${opened} pages, ${withCanary} of them with canaries`);
    console.log(`${role}: ${opened} pages opened, canaries to be read on ${withCanary}`);
    assert.ok(withCanary > 3, "the canaries were not even there to be seen");
  });

test("and the tables are still there", () => {
  for (const { name } of tables()) rows(db, `SELECT count(*) FROM ${name}`);
  assert.match(must(db, ["doctor"]), /All is well/);
});
