// SPDX-License-Identifier: AGPL-3.0-or-later
// A whole district from its publishers' own files: what was loaded must be what the files say, read
// here a second time by other means, for every small area. The figures named are those the files
// were measured to have.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Visitor } from "../flow/lib.mjs";
import { doorstep, must, serve } from "../flow/server.mjs";
import { postgresDatabase, rows } from "../kill/dump.mjs";
import { near, profile, sum, table, tally } from "./lib.mjs";

const DATA = join(process.env.DOORSTEP_DATA ?? "/nowhere", "oxford");
const at = (name) => join(DATA, name);
const ZONE = ["E05013097", "E05013110", "E05013113", "E05013096"];

// What is loaded and what the program has to say of it, in this order.
const FILES = [
  ["boundaries/lsoa11_bgc_drkane.geojson", "83 areas"],
  ["boundaries/lsoa21_bgc_drkane.geojson", "84 areas"],
  ["boundaries/msoa21_bgc_drkane.geojson", "19 areas"],
  ["boundaries/ward25_drkane.geojson", "24 areas"],
  ["boundaries/ward13_martinjc.geojson", "24 areas"],
  ["boundaries/oa11_martinjc.geojson", "436 areas"],
  ["deprivation/iod2019_file7_shape_reshaped.csv", "1,162 figures"],
  ["deprivation/iod2025_file7_shape_reshaped.csv", "1,176 figures"],
  ["deprivation/imd2019_lsoa11_subdomains.csv", "747 figures"],
  ["deprivation/imd2025_lsoa21_subdomains.csv", "504 figures"],
  ["deprivation/imd2019_lsoa11_indicators.csv", "2,324 figures"],
  ["deprivation/imd2025_lsoa21_indicators.csv", "2,352 figures"],
  ["deprivation/imd2019_rank_ons_lookup.csv", "83 figures"], // ranks only, behind the scores
  ["population/population_mid2020_lsoa11_single_year.csv", "83 areas"],
  ["population/census2021_disability21_lsoa21_ew.csv", "168 figures"],
  ["population/census2021_ethnicity21_lsoa21.csv", "420 figures"],
  ["population/census2021_household_deprivation21_lsoa21.csv", "420 figures"],
  ["population/census2021_household_overcrowding21_lsoa21.csv", "420 figures"],
  ["population/census2021_household_tenure21_lsoa21.csv", "672 figures"],
  ["population/census2021_household_type21_lsoa21.csv", "672 figures"],
  ["lookups/lsoa11_lsoa21_lad22.csv", "252 links"],
  ["lookups/lsoa21_ward24_lad24.csv", "191 links"],
  ["lookups/lsoa11_ward17.csv", "83 links"],
  ["lookups/lsoa11_ward19_lad19.csv", "190 links"],
  ["lookups/ruc21_lsoa21.csv", "84 links"],
  ["lookups/wards_all_vintages.csv", "48 names"],
  ["postcodes/OX_postcode_lat_long_may2025.csv", "35,994 rows"],
  ["postcodes/NSPL_NOV_2021_UK_LD.csv", "2,667 rows"],
  ["postcodes/derived_point_in_polygon.csv", "6,723 rows"],
  ["crime/2018-10-oxford-street.csv", "1,634 rows"],
  ["crime/2018-11-oxford-street.csv", "1,454 rows"],
  ["crime/2018-12-oxford-street.csv", "1,290 rows"],
  ["crime/2019-01-oxford-street.csv", "1,316 rows"],
  ["crime/2019-02-oxford-street.csv", "1,136 rows"],
  ["crime/2019-01-thames-valley-street.csv", "14,993 rows"],
];

const ID = {
  "Index of Multiple Deprivation (IMD)": "imd",
  Income: "income",
  Employment: "employment",
  "Education, Skills and Training": "education",
  "Health Deprivation and Disability": "health",
  Crime: "crime",
  "Barriers to Housing and Services": "barriers",
  "Living Environment": "living_environment",
  "Income Deprivation Affecting Children Index (IDACI)": "idaci",
  "Income Deprivation Affecting Older People (IDAOPI)": "idaopi",
  "Children and Young People Sub-domain": "children_sub",
  "Adult Skills Sub-domain": "adult_skills_sub",
  "Geographical Barriers Sub-domain": "geographical_barriers_sub",
  "Wider Barriers Sub-domain": "wider_barriers_sub",
  "Indoors Sub-domain": "indoors_sub",
  "Outdoors Sub-domain": "outdoors_sub",
};
const MAIN = ["income", "employment", "education", "health", "crime", "barriers"].concat([
  "living_environment",
]);

const number = (cell) => (cell === undefined || cell === "" ? null : Number(cell));

// { E01…: { income: { rank, decile, score } } } from a File 7.
function file7(path) {
  const found = {};
  for (const row of table(path)) {
    const of = (found[row["LSOA code (2011)"] ?? row["LSOA code (2021)"]] = {});
    for (const [heading, cell] of Object.entries(row)) {
      const [, domain, measure] = heading.match(/^(.*?) (Score|Rank|Decile)\b/) ?? [];
      if (ID[domain]) (of[ID[domain]] ??= {})[measure.toLowerCase()] = number(cell);
    }
  }
  return found;
}

const [one] = process.env.DOORSTEP_DATA && existsSync(DATA) ? ["there"] : [];
if (!one) test("a district's own files", { skip: "no DOORSTEP_DATA" }, () => {});
else {
  await acceptance("SQLite", () => {
    const folder = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "oxford-"));
    const drop = () => rmSync(folder, { recursive: true, force: true });
    return { db: join(folder, "zone.db"), drop };
  });
  if (process.env.DOORSTEP_PG) await acceptance("PostgreSQL", postgresDatabase);
}

async function acceptance(engine, fresh) {
  const { db, drop } = fresh();
  after(drop);
  const count = (from) => Number(rows(db, `SELECT count(*) FROM ${from}`)[0][0]);
  const check = (what, act) => test(`${engine}: ${what}`, act);
  let older, newer;

  check("every file loads, and as much of it as is in it", () => {
    must(db, ["init", "--name", "Leys", "--challenge", "How might we?"]);
    for (const [name, loaded] of FILES) {
      const said = must(db, ["import", "auto", at(name)]);
      assert.ok(said.includes(`Loaded ${loaded} (`), `${name}: ${said}`);
      if (name.includes("/oa11_")) assert.match(said, /E00145580.*mended/);
    }
    const topology = must(db, [
      "import",
      "areas",
      at("boundaries/lsoa11_martinjc.topojson"),
      "--dry-run",
    ]);
    assert.match(topology, /83 areas \(LSOA 2011\) .* would be loaded/);
    must(db, ["zone", "set-areas", ...ZONE]);
    const again = must(db, ["import", "auto", at(FILES[6][0])]);
    assert.match(again, /loaded already.*Nothing has changed/);
    older = file7(at("deprivation/iod2019_file7_shape_reshaped.csv"));
    newer = file7(at("deprivation/iod2025_file7_shape_reshaped.csv"));
    for (const [all, name] of [
      [older, "imd2019_lsoa11_subdomains.csv"],
      [newer, "imd2025_lsoa21_subdomains.csv"],
    ])
      addSubdomains(all, at(`deprivation/${name}`));
  });

  check("the borders cover 45.57 km²", () => {
    const [[m2]] = rows(
      db,
      "SELECT sum(e.area_m2) FROM area_edition e JOIN area a ON a.id = e.area_id " +
        "JOIN layer l ON l.id = a.layer_id WHERE l.kind = 'lsoa' AND l.vintage = 2011",
    );
    assert.ok(Math.abs(Number(m2) / 1e6 - 45.57) < 0.1, `${m2} m²`);
  });

  check("every rank, decile and score is the source's, in both editions", () => {
    assert.equal(Object.keys(older).length, 83);
    assert.equal(Object.keys(newer).length, 84);
    let compared = 0;
    for (const code of new Set([...Object.keys(older), ...Object.keys(newer)])) {
      const told = profile(db, code).domains;
      for (const [vintage, all, of] of [
        [2019, older, 32844],
        [2025, newer, 33755],
      ]) {
        const mine = told.filter((entry) => entry.vintage === vintage);
        const want = all[code] ?? {};
        if (mine.length === 0 && !(code in all)) continue;
        assert.deepEqual(new Set(mine.map((e) => e.id)), new Set(Object.keys(want)), code);
        assert.equal(mine.length, Object.keys(want).length, "one entry a domain and vintage");
        for (const entry of mine) {
          const { rank, decile, score } = want[entry.id];
          const what = `${code} ${vintage} ${entry.id}`;
          assert.deepEqual([entry.rank, entry.decile, entry.rank_of], [rank, decile, of], what);
          assert.equal(entry.published, true, what);
          if (score === undefined || score === null) assert.equal(entry.score, null, what);
          else near(entry.score, score, `${what}: ${entry.score}, not ${score}`);
          assert.equal(decile, Math.ceil((10 * rank) / of), what);
          compared++;
        }
      }
    }
    console.log(`${engine}: ${compared} readings compared`);
    const worst = (all) => Object.values(all).filter(({ imd }) => imd.decile <= 2).length;
    assert.deepEqual([worst(older), worst(newer)], [10, 6]);
  });

  check("a file of ranks alone leaves the scores, and agrees on every rank", () => {
    const other = table(at("deprivation/imd2019_rank_ons_lookup.csv"));
    const differ = other.filter((row) => Number(row.IMD19) !== older[row.LSOA11CD].imd.rank);
    assert.equal(differ.length, 0);
    const entry = profile(db, "E01028513").domains.find(
      (e) => e.id === "imd" && e.vintage === 2019,
    );
    assert.deepEqual([entry.rank, entry.score], [6730, older.E01028513.imd.score]);
  });

  check("mySociety's composite: England's scores, rates as shares, ranks stay", () => {
    const name = at("deprivation/imd2019_scores_mysociety_v1.csv");
    must(db, ["import", "indicators", "--as", "iod2019", name]);
    for (const row of table(name)) {
      const told = profile(db, row.lsoa).domains.filter((e) => e.vintage === 2019);
      if (told.length === 0) continue; // an area of 2011 that is no more
      const of = (id) => told.find((e) => e.id === id);
      const want = older[row.lsoa];
      assert.deepEqual([of("imd").rank, of("imd").decile], [want.imd.rank, want.imd.decile]);
      assert.equal(of("imd").decile, Number(row.original_decile));
      near(of("imd").score, Number(row.overall_local_score), `${row.lsoa} imd`);
      for (const [id, column] of [
        ["income", "income_score"],
        ["employment", "employment_score"],
      ]) {
        near(of(id).score, Number(row[column]) / 100, `${row.lsoa} ${id}`);
        assert.equal(of(id).rank, want[id].rank);
      }
    }
  });

  check("how many disadvantages coincide is counted over the seven", () => {
    for (const [code, domains] of Object.entries(newer)) {
      const told = profile(db, code).coincide;
      for (const [percent, decile] of [
        ["10", 1],
        ["20", 2],
        ["30", 3],
      ])
        assert.equal(told[percent], MAIN.filter((id) => domains[id].decile <= decile).length, code);
    }
  });

  check("population: totals, bands and the sum of every row", () => {
    const people = table(at("population/population_mid2020_lsoa11_single_year.csv"));
    const age = (row, from, to) => {
      let n = 0;
      for (let a = from; a <= to; a++) n += Number(row[a === 90 ? "90+" : String(a)]);
      return n;
    };
    assert.equal(
      sum(people, (row) => Number(row.total_population)),
      151584,
    );
    const [[total]] = rows(db, "SELECT sum(total) FROM population");
    assert.equal(Number(total), 151584);
    let bands = 0;
    for (const row of people) {
      assert.equal(age(row, 0, 90), Number(row.total_population), row.lsoa11_code);
      if (!(row.lsoa11_code in newer)) continue; // split or merged since
      const told = profile(db, row.lsoa11_code).population;
      assert.deepEqual([told.total, told.year], [Number(row.total_population), 2020]);
      for (const { band, n } of told.bands) {
        const [from, to] = band.endsWith("+")
          ? [parseInt(band, 10), 90]
          : band.split("-").map(Number);
        assert.equal(n, age(row, from, to), `${row.lsoa11_code} ${band}`);
        bands++;
      }
    }
    assert.equal(bands, 79 * 8);
  });

  check("census: every figure, and each table's own totals", () => {
    const tables = [
      ["disability21_lsoa21_ew", "disability", "residents", 162029],
      ["ethnicity21_lsoa21", "ethnic_group", "residents", 162058],
      ["household_deprivation21_lsoa21", "deprivation_dimensions", "households", 55236],
      ["household_overcrowding21_lsoa21", "occupancy_rating", "households", 55251],
      ["household_tenure21_lsoa21", "tenure", "households", 55254],
      ["household_type21_lsoa21", "type", "households", 55228],
    ];
    const stored = new Map(
      rows(
        db,
        "SELECT f.code, i.title, f.value, f.total FROM figure f " +
          "JOIN indicator i ON i.id = f.indicator_id WHERE i.family LIKE 'census%'",
      ).map(([code, title, value, total]) => [`${code} ${title}`, [Number(value), Number(total)]]),
    );
    let n = 0;
    for (const [name, category, unit, want] of tables) {
      const file = table(at(`population/census2021_${name}.csv`));
      const totals = new Map(file.map((row) => [row.lsoa21_code, Number(row[`total_${unit}`])]));
      assert.equal(totals.size, 84, name);
      assert.equal(
        sum([...totals.values()], (total) => total),
        want,
        name,
      );
      assert.equal(
        sum(file, (row) => Number(row.n)),
        want,
        name,
      );
      for (const row of file) {
        const key = `${row.lsoa21_code} ${row[category]}`;
        assert.deepEqual(stored.get(key), [Number(row.n), totals.get(row.lsoa21_code)], key);
        n++;
      }
    }
    assert.equal(stored.size, n);
  });

  check("what the publisher kept back stays kept back", () => {
    const kept = rows(
      db,
      "SELECT i.name, f.vintage, count(*) FROM figure f JOIN indicator i ON i.id = f.indicator_id " +
        "WHERE f.status = 1 AND f.value IS NULL GROUP BY i.name, f.vintage",
    );
    const of = (word, vintage) =>
      sum(
        kept.filter(([name, v]) => name.includes(word) && v === String(vintage)),
        ([, , n]) => Number(n),
      );
    for (const [word, then, now] of [
      ["children_index_idaci_numerator", 13, 8],
      ["older_people_index_idaopi_numerator", 5, 2],
      ["employment_domain_numerator", 4, 1],
      ["income_domain_numerator", 1, 0],
    ])
      assert.deepEqual([of(word, 2011), of(word, 2021)], [then, now], word);
    assert.equal(count("figure WHERE status = 1 AND value IS NOT NULL"), 0);
  });

  check("lookups: 79 unchanged, 4 split, 2 merged; 23 of 24 wards have a best fit", () => {
    const changes = table(at("lookups/lsoa11_lsoa21_lad22.csv"));
    const want = tally(changes, (row) => row.change_code);
    assert.deepEqual(want, { U: 79, M: 2, S: 4 });
    for (const row of changes)
      assert.equal(
        count(
          `area_link WHERE from_kind = 'lsoa' AND from_vintage = 2011 AND to_vintage = 2021 ` +
            `AND from_code = '${row.lsoa11_code}' AND to_code = '${row.lsoa21_code}' ` +
            `AND relation = '${row.change_code}'`,
        ),
        1,
        row.lsoa11_code,
      );
    const fits = table(at("lookups/lsoa21_ward24_lad24.csv"));
    const there = rows(
      db,
      "SELECT from_code, to_code FROM area_link WHERE relation = 'best_fit' AND to_kind = 'ward' " +
        "AND from_vintage = 2021 AND to_vintage = 2024 ORDER BY from_code",
    );
    const pairs = fits.map((row) => [row.lsoa21_code, row.ward24_code]).sort();
    assert.deepEqual(there, pairs);
    assert.equal(new Set(there.map(([, ward]) => ward)).size, 23);
    const holywell = must(db, ["profile", "E05013106"]);
    assert.match(holywell, /No small area \(LSOA\) has this ward as its best fit/);
  });

  check("split and merged areas are labelled", () => {
    for (const code of ["E01035740", "E01035741", "E01035742", "E01035743", "E01035744"])
      assert.match(must(db, ["profile", code]), /split|merged/i, code);
    assert.doesNotMatch(must(db, ["profile", "E01028513"]), /was split|were merged/i);
  });

  check("postcodes: positions, ended ones, large users, guessed areas", () => {
    const ld = "postcode p JOIN import_run r ON r.id = p.import_id WHERE r.file_name LIKE 'NSPL%'";
    assert.equal(count(ld), 2667);
    assert.equal(count(`${ld} AND p.lat IS NOT NULL AND p.lon IS NOT NULL`), 2590);
    assert.equal(count(`${ld} AND p.lat IS NULL AND p.lon IS NULL`), 77);
    assert.equal(count(`${ld} AND p.terminated IS NOT NULL`), 451);
    assert.equal(count(`${ld} AND p.large_user = 1`), 496);
    const ox = "postcode p JOIN import_run r ON r.id = p.import_id WHERE r.file_name LIKE 'OX_%'";
    assert.equal(count(ox), 35994);
    assert.equal(count(`${ox} AND p.lat IS NULL AND p.lon IS NULL`), 11);
    const guessed = table(at("postcodes/derived_point_in_polygon.csv"));
    const stored = new Map(
      rows(
        db,
        "SELECT p.key, p.lsoa21, p.ward FROM postcode p JOIN import_run r ON r.id = p.import_id " +
          "WHERE r.file_name LIKE 'derived%'",
      ).map(([key, ...codes]) => [key, codes]),
    );
    for (const row of guessed)
      assert.deepEqual(
        stored.get(row.postcode.replace(" ", "")),
        [row.lsoa21_pip || "NULL", row.ward25_pip || "NULL"],
        row.postcode,
      );
  });

  check("crime: every small area and month", () => {
    const want = {};
    for (const [name] of FILES.filter(([name]) => /crime.*oxford/.test(name)))
      for (const row of table(at(name)))
        if (row["LSOA code"]) {
          const key = `${row["LSOA code"]} ${row.Month.replace("-", "")}`;
          want[key] = (want[key] ?? 0) + 1;
        }
    const stored = Object.fromEntries(
      rows(
        db,
        "SELECT c.code, c.month, c.n FROM crime_count c WHERE c.import_id = " +
          "(SELECT max(d.import_id) FROM crime_count d WHERE d.code = c.code AND d.month = c.month)",
      ).map(([code, month, n]) => [`${code} ${month}`, Number(n)]),
    );
    for (const [key, n] of Object.entries(want)) assert.equal(stored[key], n, key);
    const inDecember = Object.keys(want).filter((key) => key.endsWith(" 201812"));
    assert.equal(inDecember.length, 82);
    const [[unplaced]] = rows(db, "SELECT sum(unplaced) FROM crime_month WHERE month = 201901");
    assert.equal(Number(unplaced), 1489);
    assert.equal(count("crime WHERE month = 201901 AND code = '' AND lon IS NOT NULL"), 0);
  });

  check("the zone of the four wards serves its pages", async () => {
    const state = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "oxford-state-"));
    const server = await serve(db, { args: ["--state", state] });
    const visitor = new Visitor(server.base);
    try {
      const zone = (await visitor.get("/areas/zone")).is(200);
      zone.has("Blackbird Leys", "Northfield Brook", "Rose Hill & Iffley", "Barton & Sandhills");
      (await visitor.get("/")).is(200).has("Leys");
      for (const code of [...ZONE, "E01028513", "E01035741"]) {
        const page = (await visitor.get(`/areas/${code}`)).is(200);
        for (const { code: child } of profile(db, code).children)
          assert.ok(page.text.includes(`/areas/${child}`), `${code} does not lead to ${child}`);
      }
      (await visitor.get("/areas/E05013106")).is(200).has("best fit");
      (await visitor.get("/areas/E01035741")).is(200).has("split");
      for (const more of ["present", "print", "figures.csv", "areas.geojson"])
        (await visitor.get(`/areas/zone/${more}`)).is(200);
    } finally {
      visitor.close();
      await server.stop();
      rmSync(state, { recursive: true, force: true });
    }
  });

  check("the doctor finds it sound", () => {
    assert.doesNotMatch(doorstep(db, ["doctor"]).stdout, /damaged|gone|changed/);
  });
}

function addSubdomains(all, path) {
  const names = {
    children_and_young_people: "children_sub",
    adult_skills: "adult_skills_sub",
    geographical_barriers: "geographical_barriers_sub",
    wider_barriers: "wider_barriers_sub",
    indoors: "indoors_sub",
    outdoors: "outdoors_sub",
  };
  for (const row of table(path)) {
    const of = all[row.lsoa11_code ?? row.lsoa21_code];
    for (const [heading, cell] of Object.entries(row)) {
      const [, domain, measure] = heading.toLowerCase().match(/^(.*)_(score|rank|decile)$/) ?? [];
      if (names[domain]) (of[names[domain]] ??= {})[measure] = number(cell);
    }
  }
}
