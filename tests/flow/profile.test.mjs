// SPDX-License-Identifier: AGPL-3.0-or-later
// The profile of an area as others take it away: `doorstep profile` and the downloads of its page.
// Over the demonstration town always; over the real files of a district when DOORSTEP_DATA names
// the folder that holds them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { as, doorstep, must, startZone } from "./lib.mjs";
import { freshDatabase } from "./server.mjs";

const MAIN = "income employment education health crime barriers living_environment".split(" ");

// Rows of a table as objects; quoted fields hold no line ends here.
function rows(text) {
  const lines = text.replace(/^\ufeff/, "").trimEnd().split(/\r?\n/);
  const cut = (line) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)]
      .slice(0, line.endsWith(",") ? undefined : -1)
      .map(([, cell]) => cell.replace(/^"|"$/g, "").replace(/""/g, '"'));
  const head = cut(lines[0]);
  return lines.slice(1).map((line) => {
    const cells = cut(line);
    return Object.fromEntries(head.map((name, i) => [name, cells[i]]));
  });
}

const profileOf = (db, code) => JSON.parse(must(db, ["profile", code, "--format", "json"]));

const zone = await startZone();
const visitor = await as(zone, "public");
after(async () => {
  visitor.close();
  await zone.close();
});

test("the profile of the zone as JSON holds its small areas with their domains", () => {
  const whole = profileOf(zone.db, "zone");
  assert.deepEqual(Object.keys(whole), [
    "area",
    "population",
    "domains",
    "coincide",
    "children",
    "sources",
  ]);
  assert.equal(whole.area.kind, "zone");
  assert.deepEqual(whole.domains, []);
  assert.ok(whole.children.length > 3);
  const people = whole.population.bands.reduce((sum, { n }) => sum + n, 0);
  assert.equal(people, whole.population.total);
  const limits = { 10: 1, 20: 2, 30: 3 };
  for (const child of whole.children) {
    const newest = Math.max(...child.domains.map(({ vintage }) => vintage));
    for (const [percent, decile] of Object.entries(limits)) {
      const within = child.domains.filter(
        (one) => one.vintage === newest && MAIN.includes(one.id) && one.published,
      );
      const n = within.filter((one) => one.decile <= decile).length;
      assert.equal(child.coincide[percent], n, `${child.code} ${percent}`);
    }
  }
  for (const percent of Object.keys(limits)) {
    const two = whole.children.filter(({ coincide }) => coincide[percent] >= 2).length;
    assert.equal(whole.coincide[percent], two);
  }
  for (const { title, licence, date } of whole.sources) assert.ok(title && licence && date);
});

test("a small area's own profile says the same as the zone's entry for it", () => {
  const [child] = profileOf(zone.db, "zone").children;
  const own = profileOf(zone.db, child.code);
  assert.deepEqual(own.domains, child.domains);
  assert.deepEqual(own.coincide, child.coincide);
  assert.equal(own.population.total, child.people);
  for (const one of own.domains.filter(({ published }) => published)) {
    assert.equal(one.decile, Math.ceil((10 * one.rank) / one.rank_of));
  }
});

test("an unknown code is refused with one sentence", () => {
  const { status, stderr, stdout } = doorstep(zone.db, ["profile", "E99000000"]);
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^doorstep: No area has the code E99000000\..*\n$/);
  assert.equal(doorstep(zone.db, ["profile"]).status, 2);
  assert.equal(doorstep(zone.db, ["profile", "zone", "--format", "xml"]).status, 2);
});

test("the profile can be read as text", () => {
  const text = must(zone.db, ["profile", "zone"]);
  assert.match(text, /\nPeople\n/);
  assert.match(text, /\nMultiple inequalities: Indices of Deprivation 20\d\d/);
  assert.match(text, /\nSources\n/);
});

test("the table to download has a row for each area, domain and edition", async () => {
  const answer = (await visitor.get("/areas/zone/figures.csv")).is(200);
  assert.match(answer.headers["content-type"], /^text\/csv; charset=utf-8/);
  assert.match(answer.headers["content-disposition"], /attachment; filename="zone-figures\.csv"/);
  assert.equal(answer.text, must(zone.db, ["profile", "zone", "--format", "csv"]));
  assert.doesNotMatch(answer.text.replaceAll("\r\n", ""), /[\r\n]/, "every line ends in CRLF");
  const table = rows(answer.text);
  const key = (one) => [one.area_code, one.area_vintage, one.edition, one.domain].join();
  assert.equal(new Set(table.map(key)).size, table.length);
  for (const child of profileOf(zone.db, "zone").children)
    for (const one of child.domains) {
      const row = table.find(
        (r) =>
          r.area_code === child.code && r.edition === `${one.vintage}` && r.domain === one.id,
      );
      assert.equal(row.rank, one.rank === null ? "" : `${one.rank}`);
      assert.equal(row.decile, one.decile === null ? "" : `${one.decile}`);
      assert.equal(row.status, one.published ? "published" : "suppressed");
      assert.ok(row.licence && row.source);
    }
});

test("its columns are described beside it", async () => {
  const csv = await visitor.get("/areas/zone/figures.csv");
  const answer = (await visitor.get("/areas/zone/figures.csv-metadata.json")).is(200);
  const meta = answer.json;
  assert.equal(meta.url, "figures.csv");
  const names = meta.tableSchema.columns.map(({ name }) => name);
  assert.equal(csv.text.split("\r\n")[0], names.join());
  for (const column of meta.tableSchema.columns) {
    assert.ok(column.datatype && column["dc:description"]);
    assert.equal(column.null, "");
  }
  const types = {
    integer: /^(\d+)?$/,
    gYear: /^\d{4}$/,
    number: /^(-?\d+(\.\d+)?(e-?\d+)?)?$/,
    string: /./s,
  };
  for (const row of rows(csv.text))
    for (const { name, datatype, required } of meta.tableSchema.columns) {
      if (row[name] !== "") assert.match(row[name], types[datatype], name);
      else assert.ok(!required, `${name} is required`);
    }
  assert.ok(meta["dc:source"].length > 0);
  for (const one of meta["dc:source"]) assert.ok(one["dc:title"] && one["dc:license"]);
});

// Twice the area a ring goes round: positive when it runs counter-clockwise.
const turn = (ring) =>
  ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);

test("the outlines keep to RFC 7946", async () => {
  const answer = (await visitor.get("/areas/zone/areas.geojson")).is(200);
  assert.match(answer.headers["content-type"], /^application\/geo\+json/);
  const map = answer.json;
  assert.equal(map.type, "FeatureCollection");
  assert.ok(!("crs" in map));
  assert.ok(map.sources.length > 0 && map.sources.every(({ title, licence }) => title && licence));
  const children = profileOf(zone.db, "zone").children;
  assert.deepEqual(
    map.features.map(({ properties }) => properties.code),
    children.map(({ code }) => code),
  );
  for (const [i, { geometry, properties }] of map.features.entries()) {
    const income = children[i].domains.find(
      ({ id, vintage }) => id === "income" && vintage === properties.edition,
    );
    if (income.decile <= 3) assert.equal(properties.income_band, income.decile);
    else assert.ok(properties.income_band >= 4);
    const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    for (const [outer, ...holes] of parts) {
      assert.ok(turn(outer) > 0, "outer rings run counter-clockwise");
      assert.deepEqual(outer[0], outer.at(-1), "rings are closed");
      for (const hole of holes) assert.ok(turn(hole) < 0);
      for (const place of outer)
        for (const number of place) assert.match(`${number}`, /^-?\d+(\.\d{1,6})?$/);
    }
  }
});

test("a download of an area that is not there is a page that says so", async () => {
  for (const file of ["figures.csv", "figures.csv-metadata.json", "areas.geojson"])
    (await visitor.get(`/areas/E99000000/${file}`)).is(404).has("no area with the code E99000000");
});

test("an unchanged download is not sent again", async () => {
  const first = (await visitor.get("/areas/zone/figures.csv")).is(200);
  assert.ok(first.headers.etag);
  const again = await visitor.get("/areas/zone/figures.csv", {
    headers: { "if-none-match": first.headers.etag },
  });
  again.is(304);
});

// ---- the real files of a district ---------------------------------------------------------------

const data = process.env.DOORSTEP_DATA;
const file = (...path) => join(data, "oxford", ...path);
const DOMAIN_OF = {
  IMD: "imd",
  Income: "income",
  Employment: "employment",
  Education: "education",
  Health: "health",
  Crime: "crime",
  Housing_and_Access: "barriers",
  Housing_and_Services: "barriers",
  Environment: "living_environment",
};

test(
  "rank, decile and score of every small area are the source files'",
  { skip: data ? false : "no DOORSTEP_DATA" },
  () => {
    const { db, drop } = freshDatabase();
    try {
      must(db, ["init", "--name", "A zone", "--challenge", "How might we?"]);
      for (const name of ["lsoa11_bgc_drkane", "lsoa21_bgc_drkane"])
        must(db, ["import", "areas", file("boundaries", `${name}.geojson`)]);
      for (const name of ["imd2019_lsoa11", "imd2025_lsoa21"])
        must(db, ["import", "indicators", file("deprivation", `${name}.csv`)]);
      const profiles = new Map();
      let pairs = 0;
      for (const [name, year, rankOf] of [
        ["imd2019_lsoa11", 2019, 32844],
        ["imd2025_lsoa21", 2025, 33755],
      ])
        for (const row of rows(readFileSync(file("deprivation", `${name}.csv`), "utf8"))) {
          const code = row.lsoa11_code ?? row.lsoa21_code;
          if (!profiles.has(code)) profiles.set(code, profileOf(db, code));
          const { domains } = profiles.get(code);
          for (const [heading, id] of Object.entries(DOMAIN_OF)) {
            if (!(`${heading}_rank` in row)) continue;
            const found = domains.filter((one) => one.id === id && one.vintage === year);
            assert.deepEqual(found, [
              {
                id,
                vintage: year,
                rank: Number(row[`${heading}_rank`]),
                rank_of: rankOf,
                decile: Number(row[`${heading}_decile`]),
                score: `${heading}_score` in row ? Number(row[`${heading}_score`]) : null,
                published: true,
              },
            ]);
            pairs++;
          }
        }
      assert.equal(pairs, 8 * (83 + 84));
    } finally {
      drop();
    }
  },
);
