// SPDX-License-Identifier: AGPL-3.0-or-later
// The public pages of places: the zone's home, the list of areas, an area with its map and table,
// crime, presenting, print, and "where do I live?". What a page shows is held against what
// `doorstep profile` says of the same place.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { as, decoded, must } from "./lib.mjs";
import { PASSWORD, freshDatabase, loginOf, serve } from "./server.mjs";

const DOMAINS = "income employment education health crime barriers living_environment idaci idaopi".split(" ");
const MAIN = DOMAINS.slice(0, 7);

// Postcodes of our own beside the town's: one as the national file has it, one that has ended, and
// three of which only the position is told.
const NATIONAL = [
  "pcds,doterm,usertype,osgrdind,lsoa21,ward,laua,lat,long",
  "QX9 9ZA,,0,1,E01990011,E05990003,E07990001,54.02,0.91",
  "QX9 9ZB,201503,0,1,E01990012,E05990003,E07990001,54.02,0.91",
];
const POSITIONS = ["Postcode,lat,long", "QX9 9ZD,AT", "QX9 9ZE,,0.00000", "QX9 9ZF,51.5,-0.1"];

const closing = [];
const zone = await town();
const visitor = await as(zone, "public");
after(async () => {
  visitor.close();
  for (const close of closing.reverse()) await close();
});

// A place inside an area: the middle of its corners (the town's areas are plain shapes).
async function middleOf(db, code) {
  const server = await serve(db);
  const someone = await as(server, "public");
  const { features } = (await someone.get(`/areas/${code}/areas.geojson`)).is(200).json;
  someone.close();
  await server.stop();
  const { geometry } = features.find((f) => f.properties.code === code);
  const ring = (geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates[0])[0].slice(1);
  return [1, 0].map((i) => ring.reduce((sum, point) => sum + point[i], 0) / ring.length);
}

// The demonstration town with these postcodes, an account, and its server.
async function town() {
  const { db, drop } = freshDatabase();
  closing.push(drop);
  must(db, ["demo", "--size", "S"]);
  must(db, ["user", "add", "--login", loginOf("coordinator"), "--name", "Co", "--role", "coordinator", "--password-stdin"], {
    input: `${PASSWORD}\n`,
  });
  const at = (await middleOf(db, "E01990011")).join(",");
  for (const [name, lines] of Object.entries({ national: NATIONAL, positions: POSITIONS })) {
    const file = join(tmpdir(), `${name}-${process.pid}.csv`);
    writeFileSync(file, `${lines.join("\n").replace("AT", at)}\n`);
    must(db, ["import", "postcodes", file]);
    rmSync(file);
  }
  const server = await serve(db);
  closing.push(() => server.stop());
  return server;
}

const profile = (code) => JSON.parse(must(zone.db, ["profile", code, "--format", "json"]));
const whole = profile("zone");
const get = async (path) => (await visitor.get(path)).is(200);
const wards = [...new Set([...(await get("/areas")).text.matchAll(/href="\/areas\/(E05\d+)"/g)].map((m) => m[1]))];
const ward = wards[0];

// Rows of the heat table: [{ code, cells: [value…] }], in the order of the page.
function heat(answer) {
  const table = answer.page.querySelector(".ds-heat");
  return table.querySelectorAll("tbody tr").map((row) => ({
    code: row.getAttributeValue("data-area"),
    cells: row.querySelectorAll("td").map((cell) => cell.getAttributeValue("data-value") ?? ""),
  }));
}

// The places of the map: [{ code, href, title, band }]. Drawings are read as text.
const places = (answer) =>
  [...answer.text.matchAll(/<a href="([^"]+)" data-area="([^"]+)"><title>([^<]+)<\/title><path class="([^"]+)"/g)]
    .map(([, href, code, title, band]) => ({ href, code, title: decoded(title), band }))
    .filter(({ band }) => band !== "ctx");

const bandOf = (decile) => (decile <= 3 ? decile : decile <= 5 ? 4 : 5);

// The cells a row has to have, from the profile of the same area.
function expected(child, year, percent) {
  const of = (id) => child.domains.find((d) => d.id === id && d.vintage === year);
  const judged = MAIN.map(of).filter((d) => d?.published);
  const within = judged.filter((d) => d.decile <= percent / 10).length;
  return [
    ...DOMAINS.map((id) => (of(id)?.published ? String(bandOf(of(id).decile)) : "")),
    judged.length ? String(within) : "",
  ];
}

// ---- home ---------------------------------------------------------------------------------------

test("the home page shows the question, the map, the loop and the way in", async () => {
  const home = await get("/");
  home.has("The question we share", "How might we create more opportunities", "Where do you live?", "not started yet");
  assert.equal(places(home).length, whole.children.length, "every small area is on the map");
  assert.equal(home.page.querySelectorAll(".ds-loop li").length, 10);
  assert.equal(home.page.querySelectorAll(".ds-loop .is-waiting").length, 9, "only places have begun");
  home.has(`${whole.children.length} Places`);
  for (const code of wards) assert.ok(home.text.includes(`/areas/${code}"`), `${code} is not linked`);
});

test("looking leaves no cookie behind", async () => {
  const fresh = await as(zone, "public");
  for (const path of ["/", "/areas", "/areas/zone", "/find"]) await fresh.get(path);
  await fresh.post("/find", { postcode: "nonsense" });
  assert.equal(fresh.cookies.size, 0);
  fresh.close();
});

test("an empty zone says what comes next, step by step", async () => {
  const { db, drop } = freshDatabase();
  closing.push(drop);
  must(db, ["init", "--name", "Lea", "--challenge", "How might we begin?"]);
  must(db, ["user", "add", "--login", loginOf("coordinator"), "--name", "Co", "--role", "coordinator", "--password-stdin"], {
    input: `${PASSWORD}\n`,
  });
  const look = async (...words) => {
    const server = await serve(db);
    try {
      const someone = await as(server, "public");
      const home = (await someone.get("/")).is(200).has("How might we begin?", ...words);
      (await someone.get("/areas")).is(200);
      (await someone.get("/areas/zone")).is(200);
      (await someone.get("/areas/zone/present")).is(200);
      (await someone.get("/areas/zone/print")).is(200);
      someone.close();
      return home;
    } finally {
      await server.stop();
    }
  };
  const empty = await look("No places are loaded yet");
  assert.ok(empty.text.includes('href="/team/imports"'));
  assert.equal(empty.page.querySelectorAll(".is-waiting").length, 10);
  const file = join(tmpdir(), `ward25-${process.pid}.geojson`);
  const square = [[[0.9, 54], [0.92, 54], [0.92, 54.02], [0.9, 54.02], [0.9, 54]]];
  writeFileSync(file, JSON.stringify({
    type: "FeatureCollection",
    features: [{
      type: "Feature",
      properties: { WD25CD: "E05999991", WD25NM: "Lea & Weir" },
      geometry: { type: "Polygon", coordinates: square },
    }],
  }));
  must(db, ["import", "areas", file, "--kind", "ward"]);
  rmSync(file);
  (await look("1 area is loaded")).has("choose the areas of the zone");
  must(db, ["zone", "set-areas", "E05999991", "--from", "2019-01-01"]);
  const server = await serve(db);
  const someone = await as(server, "public");
  (await someone.get("/areas/E05999991")).is(200).has("Lea & Weir", "There are no figures from small areas");
  someone.close();
  await server.stop();
});

// ---- the list of areas --------------------------------------------------------------------------

test("areas are found by a part of their name or by code", async () => {
  const name = whole.children[0].name;
  (await get(`/areas?q=${encodeURIComponent(name.toLowerCase())}`)).has(name);
  (await get(`/areas?q=${ward.slice(0, 7).toLowerCase()}`)).has(ward);
  (await get("/areas?q=%25")).has("Nothing is called “%”");
  (await get("/areas?q=E0_99")).has("Nothing is called");
  (await get("/areas?q=xyzzy")).has("Nothing is called “xyzzy”");
  (await get("/areas?q=qx1+0aa")).has("That looks like a postcode");
});

test("every area that is loaded can be reached page by page", async () => {
  const index = await get("/areas");
  const layers = [...index.text.matchAll(/href="(\/areas\?kind=[^"]+)">([\d,]+)/g)];
  assert.ok(layers.length >= 4);
  for (const [, path, count] of layers) {
    const seen = new Set();
    for (let next = decoded(path); next; ) {
      const page = await get(next);
      const list = page.page.querySelectorAll("section").find((s) => s.getAttributeValue("aria-labelledby") === "lines");
      for (const a of list.querySelectorAll("li a[href]")) {
        const href = decoded(a.getAttributeValue("href"));
        if (href.startsWith("/areas/")) seen.add(href);
      }
      next = list.querySelectorAll("a").find((a) => a.getAttributeValue("rel") === "next")?.getAttributeValue("href");
      next = next && decoded(next);
    }
    assert.equal(seen.size, Number(count.replace(/,/g, "")), path);
    await get([...seen].at(-1));
  }
});

// ---- an area ------------------------------------------------------------------------------------

test("the table says what the profile says, for every edition and threshold", async () => {
  for (const [code, of] of [["zone", whole], [ward, profile(ward)]])
    for (const year of [2025, 2019])
      for (const percent of [10, 20, 30]) {
        const rows = heat(await get(`/areas/${code}?edition=${year}&within=${percent}`));
        for (const child of of.children) {
          const row = rows.find((one) => one.code === child.code);
          const known = child.domains.some((d) => d.vintage === year);
          assert.equal(row !== undefined, known, `${child.code} in ${year}`);
          if (known) assert.deepEqual(row.cells.slice(0, 10), expected(child, year, percent), `${child.code} ${year} ${percent}%`);
        }
        assert.ok(rows.length >= of.children.length - 2 && rows.length > 0);
      }
});

test("map and table show the same areas, and the map is a group of links with their names", async () => {
  const page = await get(`/areas/${ward}`);
  const rows = heat(page).map((row) => row.code).sort();
  assert.deepEqual(places(page).map((place) => place.code).sort(), rows);
  for (const { code, href, title, band } of places(page)) {
    assert.equal(href, `/areas/${code}`);
    assert.match(title, /^\d+\. .+: \d of \d kinds of deprivation$/);
    assert.match(band, /^band-([1-5]|none)$/);
  }
  const income = await get(`/areas/${ward}?domain=income`);
  for (const { code, band } of places(income)) {
    const row = heat(income).find((one) => one.code === code);
    assert.equal(band, `band-${row.cells[0] || "none"}`);
  }
});

test("a heading sorts without JavaScript, both ways, and what is not published stays last", async () => {
  for (const [column, at] of [["income", 0], ["living_environment", 6], ["coincide", 9], ["children", 10]])
    for (const down of [false, true]) {
      const page = await get(`/areas/zone?sort=${down ? "-" : ""}${column}`);
      const values = heat(page).map((row) => row.cells[at]);
      const known = values.filter((v) => v !== "").map(Number);
      assert.deepEqual(values.slice(0, known.length).map(Number), known, `${column}: gaps stand at the end`);
      assert.deepEqual(known, [...known].sort((a, b) => (down ? b - a : a - b)));
      const sorted = page.page.querySelectorAll("th[aria-sort]");
      assert.equal(sorted.length, 1);
      assert.equal(sorted[0].getAttributeValue("aria-sort"), down ? "descending" : "ascending");
      // the same heading now leads to the other order
      const link = decoded(sorted[0].querySelector("a").getAttributeValue("href"));
      assert.ok(link.includes(`sort=${down ? "" : "-"}${column}`), link);
    }
});

test("what is not published reads so, and never 0", async () => {
  const hidden = whole.children.find((child) => child.domains.some((d) => !d.published));
  assert.ok(hidden, "the demonstration town keeps something back");
  (await get(`/areas/${hidden.code}`)).has("not published");
  const row = heat(await get("/areas/zone")).find((one) => one.code === hidden.code);
  const year = hidden.domains.find((d) => !d.published).vintage;
  if (year === 2025) assert.ok(row.cells.includes(""));
});

test("a small area lists its own domains in both editions, and what it was before", async () => {
  const child = whole.children.find((one) => one.relation === "unchanged");
  const page = (await get(`/areas/${child.code}`)).has("What comes together here", "2025", "2019");
  for (const d of child.domains.filter((d) => d.published && MAIN.includes(d.id)))
    page.has(`${d.rank.toLocaleString("en-GB")} of ${d.rank_of.toLocaleString("en-GB")}`);
  assert.equal(page.page.querySelectorAll("h1").length, 1);
  (await get("/areas/E01991001")).has("Split off from", "no line is drawn");
  (await get("/areas/E01991003")).has("Made of 2 areas");
});

test("where a border changed, a note stands beside then and now", async () => {
  const beside = async (code) => {
    const page = await get(`/areas/${code}`);
    const section = page.page.querySelectorAll("section").find((s) => s.getAttributeValue("aria-labelledby") === "change");
    return section.querySelectorAll(".ds-note").map((note) => decoded(note.textContent).trim());
  };
  assert.match((await beside("E01991001")).join(), /^This small area is one part of what was Millbrook .* \(E01\d+\)/);
  assert.match((await beside("E01991003")).join(), /^This small area was made from Millbrook .* and Millbrook .* \(E01\d+\)/);
  const same = whole.children.find((one) => one.relation === "unchanged");
  assert.deepEqual(await beside(same.code), []);
  assert.match((await beside("zone")).join(), /were split or merged between the two censuses.*E01991001/);
});

test("a small area that is no more leads to what it became", async () => {
  const page = await get("/areas/E01991001");
  const [, before] = page.text.match(/one part of what was [^(]*\((E01\d+)\)/);
  const old = (await get(`/areas/${before}`)).has("This small area is no more.");
  assert.ok(old.text.includes('<a href="/areas/E01991001">E01991001</a>'));
});

test("what is secondary is folded away under a telling line, the centre is open", async () => {
  const { page } = await get(`/areas/${ward}`);
  const folds = page.querySelectorAll("details");
  assert.ok(folds.every((one) => !one.hasAttribute("open")));
  const lines = page.querySelectorAll("details.ds-fold > summary").map((one) => decoded(one.textContent).trim());
  for (const line of [
    /^Good to know: matched by best fit, .*two editions$/,
    /^Each of \d+ small areas, then and now$/,
    /^Every kind of deprivation compared$/,
    /^\d+ kinds of crime$/,
    /^\d+ tables, 2021/,
    /^\d+ sources with their licences$/,
  ])
    assert.ok(lines.some((one) => line.test(one)), `no line like ${line} in\n${lines.join("\n")}`);
  const within = (one) => (one ? one.is("details") || within(one.parent) : false);
  for (const open of [".ds-heat", ".ds-map", ".ds-lede", ".ds-figures"])
    assert.ok(page.querySelectorAll(open).every((one) => !within(one)), `${open} is folded away`);
});

test("each licence is said once, on the page and on paper", async () => {
  for (const path of [`/areas/${ward}`, `/areas/${ward}/print`, `/areas/${ward}/present`]) {
    const told = (await get(path)).page.querySelector(".ds-sources").textContent;
    assert.equal(told.split("CC0").length, 2, `${path}: ${told}`);
  }
});

test("a ward that fits no small area best says so", async () => {
  const page = (await get("/areas/E05990017")).has("No small area (LSOA) has this ward as its best fit", "not the same as 0");
  assert.equal(page.page.querySelectorAll(".ds-heat").length, 0);
});

test("a code nobody has is not found, one in small letters is shown the way", async () => {
  (await visitor.get("/areas/E09999998")).is(404).has("We have no area with the code E09999998");
  (await visitor.get("/areas/nope/print")).is(404);
  (await visitor.get("/areas/nope/present")).is(404);
  (await visitor.get("/areas/nope/crime")).is(404);
  (await visitor.get(`/areas/${ward.toLowerCase()}`)).to(`/areas/${ward}`);
});

test("odd wishes give the usual view, and nothing of them comes back", async () => {
  const usual = heat(await get(`/areas/${ward}`));
  const odd = await get(`/areas/${ward}?domain=%3Cscript%3E&edition=9999&within=50&sort=%22%3E%3Cimg`);
  assert.deepEqual(heat(odd), usual);
  odd.hasNot("<script>", "<img");
});

test("no link of the public pages is dead", async () => {
  const seen = new Set();
  for (const path of ["/", "/areas", "/areas/zone", `/areas/${ward}`, `/areas/${whole.children[0].code}`, `/areas/${ward}/print`, `/areas/${ward}/present`, `/areas/${ward}/crime`, "/find"])
    for (const [, href] of (await get(path)).text.matchAll(/href="([^"]+)"/g)) {
      const target = new URL(decoded(href), zone.base + path);
      assert.equal(target.origin, zone.base, `${path} leads away to ${href}`);
      seen.add(target.pathname + target.search);
    }
  for (const path of seen) {
    const { status } = await visitor.get(path);
    assert.ok(status === 200 || status === 303, `${path}: ${status}`);
  }
});

// ---- crime --------------------------------------------------------------------------------------

// One page of the list: its rows, and where "Older" (next) and "Newer" (prev) lead.
async function crimePage(path) {
  const { text, page } = await get(path);
  const to = (rel) => page.querySelectorAll("a").find((a) => a.getAttributeValue("rel") === rel)?.getAttributeValue("href");
  const rows = (text.match(/<tr><th scope="row">.*?<\/tr>/gs) ?? []).map(decoded);
  assert.ok(rows.length <= 50);
  return { rows, next: to("next") && decoded(to("next")), prev: to("prev") && decoded(to("prev")) };
}

// All rows of the list, page by page; where the last page is.
async function crimesFrom(path) {
  const rows = [];
  for (let pages = 0; ; pages++) {
    assert.ok(pages < 500, "the pages have no end");
    const page = await crimePage(path);
    rows.push(...page.rows);
    if (!page.next) return { rows, last: path };
    path = page.next;
  }
}
const crimes = async (path) => (await crimesFrom(path)).rows;

test("the list of crimes goes on to the last one, and each stands in it once", async () => {
  const page = await get(`/areas/${ward}`);
  const months = page.page.querySelectorAll("table").find((t) => /Recorded crimes per month/.test(t.textContent));
  const counted = months.querySelectorAll("td").map((td) => Number(td.textContent.trim().replace(/,/g, "")));
  const total = counted.filter((n) => !Number.isNaN(n)).reduce((a, b) => a + b, 0);
  const rows = await crimes(`/areas/${ward}/crime`);
  assert.ok(total > 50, "more than one page");
  assert.equal(rows.length, total);
});

test("one kind of crime is all of that kind and nothing else", async () => {
  const list = await get(`/areas/${ward}/crime`);
  const kind = decoded(list.page.querySelectorAll("option")[1].getAttributeValue("value"));
  const all = (await crimes(`/areas/${ward}/crime`)).filter((row) => row.includes(`<td>${kind}</td>`));
  const some = await crimes(`/areas/${ward}/crime?kind=${encodeURIComponent(kind)}`);
  assert.deepEqual(some, all);
});

test("newer ones lead back over the same rows to the first page", async () => {
  const list = "/areas/zone/crime";
  const kind = "Violence and sexual offences"; // the most frequent
  for (const path of [list, `${list}?kind=${encodeURIComponent(kind)}`]) {
    const first = await crimePage(path);
    const { rows, last } = await crimesFrom(path);
    assert.equal(first.prev, undefined, "nothing is newer than the newest");
    assert.ok(rows.length > 50, `${kind} fills more than one page`);
    let page = await crimePage(last);
    let below = rows.length - page.rows.length; // rows above this page, in the whole list
    for (let pages = 0; page.prev; pages++) {
      assert.ok(pages < 500, "the pages have no end");
      const above = await crimePage(page.prev);
      const from = Math.max(0, below - 50);
      assert.deepEqual(above.rows, rows.slice(from, from + 50), "no row is left out, none comes twice");
      if (above.prev) assert.deepEqual((await crimePage(above.next)).rows, rows.slice(from + 50, from + 100), "and down again");
      below = from;
      page = above;
    }
    assert.deepEqual(page, first, "the way up ends on the first page");
  }
});

test("a page above a row that is hardly down the list is the first page", async () => {
  const first = await crimePage(`/areas/${ward}/crime`);
  const second = await crimePage(first.next);
  const [key] = second.prev.match(/\d+-\d+-\d+-E\d+/);
  assert.deepEqual(await crimePage(`/areas/${ward}/crime?before=${key}`), first);
  for (const before of ["x", "0-1-1-E01990001", "1-2-3", "201001-1-99999999999-E01990001"])
    assert.deepEqual(await crimePage(`/areas/${ward}/crime?before=${before}`), first);
  const beyond = await crimePage(`/areas/${ward}/crime?after=190001-1-1-E01990001`);
  assert.deepEqual(beyond.rows, []);
  assert.equal((await crimePage(beyond.prev)).rows.length, 50, "from behind the end there is a way back");
});

test("a list begun in the middle of nowhere begins with the newest", async () => {
  const usual = (await get(`/areas/${ward}/crime`)).page.querySelectorAll("tbody tr").length;
  for (const after of ["x", "1-2-3", "999999-1-1-", "-----"])
    assert.equal((await get(`/areas/${ward}/crime?after=${after}`)).page.querySelectorAll("tbody tr").length, usual);
});

// ---- presenting and print -----------------------------------------------------------------------

test("presenting tells the story in steps and may be kept for later", async () => {
  const page = await get(`/areas/${ward}/present`);
  const steps = page.page.querySelectorAll("section.ds-step");
  assert.ok(steps.length >= 6);
  assert.equal(steps[0].querySelectorAll("h1").length, 1);
  assert.doesNotMatch(page.headers["cache-control"] ?? "", /no-store|private/);
  page.has("How might we", "people live in", "What would you change first?", "demonstration data");
  assert.match(page.text, /<script src="\/assets\/[^"]*present[^"]*\.js" defer>/);
});

test("the sheet names its address, its day and its sources", async () => {
  const page = (await get(`/areas/${ward}/print`)).has(new URL(zone.base).host, `/areas/${ward}`, "Doorstep demonstration data. CC0.", "Demonstration data.");
  assert.ok(page.page.querySelectorAll(".ds-heat tbody tr").length <= 8);
});

// ---- where do I live? ---------------------------------------------------------------------------

const ask = async (postcode) => {
  const form = await get("/find");
  return visitor.submit(form, "/find", { postcode });
};

test("a postcode leads to its small area, and goes no further", async () => {
  const before = (await get("/")).headers.etag;
  for (const typed of ["QX9 9ZA", "qx99za", "  qx9   9za "]) {
    const answer = (await ask(typed)).is(303);
    assert.match(answer.headers.location, /^\/areas\/E01990011\?found=1&ward=E05990003$/);
    const page = (await visitor.follow(answer)).is(200).has("This is the small area your postcode is in", "Your ward is", "It belongs to the zone", "We did not keep your postcode");
    assert.doesNotMatch(page.text, /qx9\s*9za/i, "the postcode is on the page");
  }
  assert.equal((await get("/")).headers.etag, before, "something was written");
  assert.doesNotMatch(zone.said(), /qx9\s*9za/i, "the postcode is in the log");
});

test("the form on the home page is the same", async () => {
  const answer = (await visitor.submit(await get("/"), "/find", { postcode: "QX9 9ZA" })).is(303);
  assert.match(answer.headers.location, /^\/areas\/E01/);
});

test("what leads nowhere is explained, and what was typed is still there", async () => {
  const cases = {
    "": "Enter your postcode",
    "hello": "does not look like a postcode",
    "QX1 0A": "does not look like a postcode",
    "ZZ9 9ZZ": "We do not know ZZ9 9ZZ",
    "QX9 9ZB": "has not been in use since March 2015",
    "QX9 9ZE": "QX9 9ZE has no place on the map",
    "QX9 9ZF": "QX9 9ZF is outside the areas that are loaded here",
  };
  for (const [typed, words] of Object.entries(cases)) {
    const answer = (await ask(typed)).is(422);
    assert.ok(answer.said().toLowerCase().includes(words.toLowerCase()), `${typed}: ${answer.said()}`);
    assert.match(answer.headers["cache-control"], /no-store/);
    const field = answer.page.querySelector("#postcode");
    assert.equal(decoded(field.getAttributeValue("value") ?? ""), typed);
    assert.equal(field.getAttributeValue("aria-invalid"), "true");
  }
  (await ask("QX9 9ZB")).has("You can look at it all the same");
});

test("what was found by position only is called a guess", async () => {
  const answer = (await ask("QX9 9ZD")).is(303);
  assert.equal(answer.headers.location, "/areas/E01990011?found=position");
  (await visitor.follow(answer)).is(200).has("We found it by position on the map");
});
