// SPDX-License-Identifier: AGPL-3.0-or-later
// A district that does not exist, in a year that has not come: other prefixes, other force, other
// headings. It loads and is shown like any other, so nothing in the program knows one place.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Visitor } from "../flow/lib.mjs";
import { must, serve } from "../flow/server.mjs";
import { postgresDatabase, rows } from "../kill/dump.mjs";
import { profile } from "./lib.mjs";

const SMALL = 12; // three wards of four
const lsoa = (n) => `E0177${String(n).padStart(4, "0")}`;
const ward = (n) => `E3677${String(n).padStart(4, "0")}`;
const DISTRICT = "E0977" + "0007";
const RANKED = 34000;
const all = Array.from({ length: SMALL }, (_, i) => i + 1);
const wardOf = (n) => Math.ceil(n / 4);
const rank = (n, d) => 1 + ((n * 2711 + d * 911) % RANKED);
const decile = (n, d) => Math.ceil((10 * rank(n, d)) / RANKED);

const csv = (list) => list.map((row) => row.join(",")).join("\n") + "\n";
const box = (x, y, wide) => [
  [x, y],
  [x + wide, y],
  [x + wide, y + 0.01],
  [x, y + 0.01],
  [x, y],
];
const areas = (list, properties, ring) =>
  JSON.stringify({
    type: "FeatureCollection",
    features: list.map((n) => ({
      type: "Feature",
      properties: properties(n),
      geometry: { type: "Polygon", coordinates: [ring(n)] },
    })),
  });

const west = (n) => Math.round((-2.9 + n * 0.01) * 1e7) / 1e7;
const AGES = Array.from({ length: 91 }, (_, age) => (age === 90 ? "Aged 90+" : `Aged ${age}`));
const DOMAINS = [
  ["Index of Multiple Deprivation (IMD)", "imd"],
  ["Income", "income"],
  ["Employment", "employment"],
  ['"Education, Skills and Training"', "education"],
  ["Crime", "crime"],
];
const heading = (domain, measure) =>
  domain.startsWith('"') ? `${domain.slice(0, -1)} ${measure}"` : `${domain} ${measure}`;

const FILES = {
  "small.geojson": areas(
    all,
    (n) => ({ LSOA31CD: lsoa(n), LSOA31NM: `Farby 00${n}A`, LSOA31NMW: " " }),
    (n) => box(west(n), 53.4, 0.01),
  ),
  "wards.geojson": areas(
    [1, 2, 3],
    (n) => ({ WD33CD: ward(n), WD33NM: `Farby ${n}`, LAD33CD: DISTRICT, LAD33NM: "Farbyshire" }),
    (n) => box(west(4 * n - 3), 53.4, 0.04),
  ),
  "File_7.csv": csv([
    ["LSOA code (2031)", "LSOA name (2031)", "Local Authority District code (2033)"].concat(
      ["Local Authority District name (2033)"],
      DOMAINS.flatMap(([domain]) => [
        heading(domain, "Rank (where 1 is most deprived)"),
        heading(domain, "Decile (where 1 is most deprived 10% of LSOAs)"),
      ]),
    ),
    ...all.map((n) =>
      [lsoa(n), `Farby 00${n}A`, DISTRICT, "Farbyshire"].concat(
        DOMAINS.flatMap((_, d) => [rank(n, d), decile(n, d)]),
      ),
    ),
  ]),
  "people-mid2032.csv": csv([
    ["LSOA31CD", "LSOA31NM", "Total", ...AGES],
    ...all.map((n) => [lsoa(n), `Farby 00${n}A`, 91 * n, ...AGES.map(() => n)]),
  ]),
  "fit.csv": csv([
    ["LSOA31CD", "LSOA31NM", "WD33CD", "WD33NM", "LAD33CD", "LAD33NM"],
    ...all.map((n) =>
      [lsoa(n), `Farby 00${n}A`].concat(
        ward(wardOf(n)),
        `Farby ${wardOf(n)}`,
        DISTRICT,
        "Farbyshire",
      ),
    ),
  ]),
  "postcodes.csv": csv([
    ["pcds", "dointr", "doterm", "usrtypind", "east1m", "north1m", "lad33cd", "wd33cd"].concat([
      "lsoa31cd",
      "lat",
      "long",
    ]),
    ...all.map((n) =>
      [`QZ1 ${n % 10}A${"ABDEFGHJLNPQ"[n - 1]}`, 203001, "", 0, "", "", DISTRICT].concat(
        [ward(wardOf(n)), lsoa(n), 53.405],
        (west(n) + 0.005).toFixed(6),
      ),
    ),
  ]),
  "2033-02-farbyshire-street.csv": csv([
    ["Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude"].concat([
      "Location",
      "LSOA code",
      "LSOA name",
      "Crime type",
      "Last outcome category",
      "Context",
    ]),
    ...all.flatMap((n) =>
      all
        .slice(0, n)
        .map((k) =>
          ["", "2033-02", "Farbyshire Constabulary", "Farbyshire Constabulary"].concat(
            [(west(n) + 0.001 * k).toFixed(6), 53.405, "On or near The Green", lsoa(n)],
            [`Farby 00${n}A`, "Theft of a hovercraft", "", ""],
          ),
        ),
    ),
  ]),
};

const folder = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "other-"));
after(() => rmSync(folder, { recursive: true, force: true }));
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);

const engines = [["SQLite", () => ({ db: join(folder, "zone.db"), drop() {} })]];
if (process.env.DOORSTEP_PG) engines.push(["PostgreSQL", postgresDatabase]);

for (const [engine, fresh] of engines)
  test(`${engine}: a district of 2031 that nobody knows loads and is shown`, async () => {
    const { db, drop } = fresh();
    must(db, ["init", "--name", "Farby", "--challenge", "How might we?"]);
    for (const name of Object.keys(FILES)) {
      const said = must(db, ["import", "auto", join(folder, name)]);
      assert.match(said, /^Loaded /m, `${name}: ${said}`);
    }
    must(db, ["zone", "set-areas", ward(1), ward(3)]);

    for (const n of all) {
      const told = profile(db, lsoa(n));
      assert.deepEqual([told.area.name, told.area.vintage], [`Farby 00${n}A`, 2031]);
      assert.deepEqual([told.population.total, told.population.year], [91 * n, 2032]);
      assert.equal(told.domains.length, DOMAINS.length);
      DOMAINS.forEach(([, id], d) => {
        const entry = told.domains.find((one) => one.id === id);
        assert.deepEqual(
          [entry.vintage, entry.rank, entry.decile],
          [2031, rank(n, d), decile(n, d)],
        );
        assert.equal(entry.published, true);
      });
    }
    const [[crimes]] = rows(db, `SELECT sum(n) FROM crime_count WHERE code = '${lsoa(7)}'`);
    assert.equal(Number(crimes), 7);

    const server = await serve(db, { args: ["--state", folder] });
    const visitor = new Visitor(server.base);
    try {
      (await visitor.get("/areas/zone")).is(200).has("Farby 1", "Farby 3");
      (await visitor.get(`/areas/${ward(1)}`)).is(200).has("Farby 1", "2031");
      const form = (await visitor.get("/find")).is(200);
      const found = await visitor.submit(form, "/find", { postcode: "qz15aF" });
      assert.match(found.is(303).headers.location, new RegExp(`^/areas/(${lsoa(5)}|${ward(2)})`));
    } finally {
      visitor.close();
      await server.stop();
      drop();
    }
  });
