// SPDX-License-Identifier: AGPL-3.0-or-later
// Wrong files: each a good one (good.mjs) with one thing broken.
//
//   { family, fault, name, args, bytes, at, says }
//
// `at` is where the sentence has to point ("row 3, column Income Rank", "row 3", or "" where the
// file as a whole is meant), `says` what it has to say.
import { ofBorders, ofTopologies } from "./borders.mjs";
import { GOOD, lsoa } from "./good.mjs";
import { bare, table, utf16, utf8 } from "./table.mjs";

// ---- what can be wrong with any table ------------------------------------------------------------

// The column of codes, and a column of numbers with what it is.
const COLUMNS = {
  names: { code: "WD25CD" },
  iod2019: { code: "LSOA code (2011)", number: "Income Rank (where 1 is most deprived)" },
  iod2025: { code: "LSOA code (2021)", number: "Income Score (rate)" },
  population: { code: "LSOA21CD", number: "7" },
  census: { code: "lsoa21_code", number: "n", again: "tenure" },
  census_bulk: {
    code: "geography code",
    number: "Tenure of household: Owned; measures: Value",
  },
  own_table: { code: "Area", number: "Gardens" },
  lookup: { code: "LSOA11CD" },
  postcodes: { code: "pcds", also: ["pcd", "pcd2"], number: "lat" },
  crime: { code: "LSOA code", number: "Longitude" },
  organisations: { code: "org_id" },
};

// Two rows of the same area are no fault where the key is something else.
const REPEATED = ["names", "iod2019", "iod2025", "population", "census", "census_bulk"].concat([
  "own_table",
  "postcodes",
]);

function* ofAnyTable(family) {
  const { text } = GOOD[family];
  const { code, number, again, also = [] } = COLUMNS[family];
  const lines = text().trimEnd().split("\r\n");
  const last = lines.length;
  yield ["UTF-16", utf16(text()), "", /UTF-16.*CSV UTF-8/];
  yield ["UTF-16, big end first", utf16(text()).swap16(), "", /UTF-16.*CSV UTF-8/];
  yield ["empty", utf8(""), "", /empty/];
  yield ["a byte order mark alone", utf8("\ufeff"), "", /empty|no row|heading/i];
  yield ["only headings", utf8(lines[0] + "\r\n"), /^row [12]/, /no rows/];
  const without = table(family).drop(code);
  for (const other of also) without.drop(other);
  yield ["no column of codes", utf8(without.text), "row 1", /./];
  yield [
    "two headings alike",
    utf8(
      table(family)
        .rows.map((row) => [...row, row[0]].join(","))
        .join("\r\n"),
    ),
    /^row 1/,
    family === "census" ? /headings/ : /twice/,
  ];
  yield [
    "the last row is cut off",
    utf8(text().slice(0, -4 - lines.at(-1).length / 2)),
    `row ${last}`,
    /cut off|fields/,
  ];
  yield ["a NUL byte", utf8(text().replace("\r\n", "\r\n\0")), "row 2, column 1", /NUL/];
  yield [
    "a quotation mark never closed",
    utf8(text().replace("\r\n", '\r\n"')),
    "row 2, column 1",
    /never closed/,
  ];
  yield [
    "text behind a quotation mark",
    utf8(text().replace("\r\n", '\r\n"a"b')),
    "row 2, column 1",
    /after a closing/,
  ];
  yield [
    "a row with a field too many",
    utf8(text().replace(/\r\n$/, ",more\r\n")),
    `row ${last}`,
    /fields/,
  ];
  if (number)
    yield [
      "a word where a number belongs",
      utf8(table(family).set(3, number, "many").text),
      `row 3, column ${number}`,
      /not a number/,
    ];
  if (REPEATED.includes(family))
    yield [
      "the same twice",
      utf8(table(family).repeat(2).text),
      `row ${last + 1}, column ${again ?? code}`,
      /twice/,
    ];
}

// ---- what can be wrong with tables of one kind ---------------------------------------------------

const change = (family, row, heading, value) => utf8(table(family).set(row, heading, value).text);
const at = (row, heading) => `row ${row}, column ${heading}`;

const RANK = "Income Rank (where 1 is most deprived)";
const DECILE = "Income Decile (where 1 is most deprived 10% of LSOAs)";

function* ofDeprivation(family, ranked) {
  const { code } = COLUMNS[family];
  yield ["rank 0", change(family, 2, RANK, 0), at(2, RANK), /between 1 and/];
  yield [
    "a rank beyond the last",
    change(family, 2, RANK, ranked + 1),
    at(2, RANK),
    /between 1 and/,
  ];
  yield ["a rank with a minus", change(family, 2, RANK, -5), at(2, RANK), /between 1 and/];
  yield ["a rank of the wrong decile", change(family, 3, DECILE, 9), at(3, DECILE), /is in decile/];
  yield ["decile 11", change(family, 3, DECILE, 11), at(3, DECILE), /between 1 and 10/];
  yield ["a code of Wales", change(family, 3, code, "W01000001"), at(3, code), /not in England/];
  yield ["a code too short", change(family, 3, code, "E0199"), at(3, code), /not an area code/];
  yield ["no code", change(family, 3, code, ""), at(3, code), /missing/];
  yield [
    "half a person's rank",
    change(family, 2, RANK, "12.5"),
    at(2, RANK),
    /not a number|whole/,
  ];
  yield [
    "a score that is no number",
    change(family, 2, "Income Score (rate)", "nan"),
    at(2, "Income Score (rate)"),
    /not a number/,
  ];
  yield [
    "a score beyond all measure",
    change(family, 2, "Income Score (rate)", "1e999"),
    at(2, "Income Score (rate)"),
    /./,
  ];
  yield [
    "a rate above one",
    change(family, 2, "Income Score (rate)", "21.0"),
    at(2, "Income Score (rate)"),
    /./,
  ];
}

function* ofPopulation() {
  const to = (row, heading, value) => change("population", row, heading, value);
  yield ["ages that do not sum", to(3, "40", 999), at(3, "total_population"), /add up to/];
  yield ["fewer than none", to(3, "40", -1), at(3, "40"), /fewer than 0/];
  yield ["an age left empty", to(3, "40", ""), at(3, "40"), /missing/];
  yield ["an age missing", utf8(table("population").drop("64").text), "row 1", /aged 64/];
  yield ["a part of a person", to(3, "40", "1.5"), at(3, "40"), /not a number|whole/];
  yield ["more people than numbers", to(3, "40", "99999999999999999999"), at(3, "40"), /./];
  yield [
    "no year of the areas",
    utf8(table("population").rename("LSOA21CD", "LSOA code").text),
    at(1, "LSOA code"),
    /names no year/,
  ];
}

function* ofCensus() {
  const bulk = "Tenure of household: Owned; measures: Value";
  const total = "Tenure of household: Total: All households; measures: Value";
  yield [
    "census",
    "categories that miss the total",
    change("census", 2, "n", 61),
    /^row [23]/,
    /add up to/,
  ];
  yield [
    "census",
    "two totals for one area",
    change("census", 3, "total_households", 101),
    at(3, "total_households"),
    /total/,
  ];
  const less = table("census").set(2, "n", -60).set(3, "n", 160).text;
  yield ["census", "fewer than none", utf8(less), at(2, "n"), /./];
  yield ["census", "no category", change("census", 2, "tenure", ""), at(2, "tenure"), /missing/];
  yield [
    "census_bulk",
    "categories that miss the total",
    change("census_bulk", 2, bulk, 61),
    /^row 2/,
    /add up to/,
  ];
  yield [
    "census_bulk",
    "a total that is missing",
    change("census_bulk", 3, total, ""),
    `row 3, column ${total}`,
    /total of .* is missing/,
  ];
  const minus = table("census_bulk").set(2, bulk, -60).set(2, total, -20).text;
  yield ["census_bulk", "fewer than none", utf8(minus), /^row 2/, /./];
  yield [
    "census_bulk",
    "two years in one file",
    change("census_bulk", 3, "date", 2011),
    at(3, "date"),
    /2021/,
  ];
}

function* ofLookup() {
  const to = (row, heading, value) => change("lookup", row, heading, value);
  const given = table("lookup").repeat(2).set(5, "LSOA21CD", lsoa(2));
  yield ["unchanged, and yet another", utf8(given.text), at(5, "LSOA21CD"), /unchanged/];
  yield ["an unknown change", to(3, "CHGIND", "Q"), at(3, "CHGIND"), /no change code/];
  yield ["no change", to(3, "CHGIND", ""), at(3, "CHGIND"), /no change code|missing/];
  yield ["a code too long", to(3, "LSOA21CD", "E019900033"), at(3, "LSOA21CD"), /not an area code/];
  yield [
    "no column of changes",
    utf8(table("lookup").drop("CHGIND").text),
    "row 1",
    /no column says what changed/,
  ];
  yield [
    "one kind of code only",
    utf8(table("lookup").drop("LSOA21CD").drop("LSOA21NM").text),
    "row 1",
    /two kinds/,
  ];
}

function* ofPostcodes() {
  const to = (row, heading, value) => change("postcodes", row, heading, value);
  yield ["NE4 8X", to(3, "pcds", "NE4 8X"), at(3, "pcds"), /“NE4 8X” is not a postcode/];
  yield ["no postcode", to(3, "pcds", ""), at(3, "pcds"), /not a postcode|missing/];
  const swapped = table("postcodes").set(3, "lat", "-1.205").set(3, "long", "51.723").text;
  yield ["latitude and longitude swapped", utf8(swapped), at(3, "lat"), /swap|other way/];
  const metres = table("postcodes").set(3, "lat", 999999).set(3, "long", 9999999).text;
  yield ["metres off the grid", utf8(metres), /^row 3/, /neither degrees nor/];
  const sea = table("postcodes").set(3, "lat", "48.85").set(3, "long", "2.35").text;
  yield ["a place in France", utf8(sea), at(3, "lat"), /outside the United Kingdom/];
  yield ["half a position", to(3, "long", ""), /^row 3/, /half/];
  yield ["month 13", to(3, "dointr", "201913"), at(3, "dointr"), /not a month/];
  yield ["a day for a month", to(3, "doterm", "2019-01-31"), at(3, "doterm"), /not a month/];
  yield ["user type 7", to(3, "usertype", 7), at(3, "usertype"), /between 0 and 1/];
  yield ["a latitude that is no number", to(3, "lat", "inf"), at(3, "lat"), /./];
  yield ["a code of letters", to(3, "lsoa21", "Blackbird"), at(3, "lsoa21"), /not an area code/];
}

function* ofCrime() {
  const to = (row, heading, value) => change("crime", row, heading, value);
  yield ["month 13", to(3, "Month", "2019-13"), at(3, "Month"), /month/];
  yield ["no kind of crime", to(3, "Crime type", ""), at(3, "Crime type"), /./];
  yield ["no longitude", to(3, "Longitude", ""), /^row 3/, /./];
  yield [
    "coordinates swapped",
    utf8(table("crime").set(3, "Longitude", 51.7).set(3, "Latitude", -1.2).text),
    at(3, "Latitude"),
    /swapped/,
  ];
  yield ["metres off the grid", to(3, "Latitude", 9999999), at(3, "Latitude"), /neither degrees/];
  yield ["a code of letters", to(3, "LSOA code", "Leys"), at(3, "LSOA code"), /not an area code/];
  yield ["no month", to(3, "Month", ""), at(3, "Month"), /./];
}

function* ofOthers() {
  yield ["names", "no name", change("names", 3, "WD25NM", ""), at(3, "WD25NM"), /no name/];
  yield [
    "names",
    "a code of letters",
    change("names", 3, "WD25CD", "Leys"),
    at(3, "WD25CD"),
    /not an area code/,
  ];
  yield [
    "own_table",
    "a code nobody has the year of",
    change("own_table", 2, "Area", "Leys"),
    at(2, "Area"),
    /not an area code/,
  ];
  yield [
    "own_table",
    "a number beyond all measure",
    change("own_table", 2, "Gardens", "1e999"),
    at(2, "Gardens"),
    /./,
  ];
  yield [
    "own_table",
    "NaN",
    change("own_table", 2, "Gardens", "NaN"),
    at(2, "Gardens"),
    /not a number/,
  ];
  yield ["organisations", "no name", change("organisations", 3, "name", ""), /^row 3/, /no name/];
}

// ---- files that are something else altogether ----------------------------------------------------

const ZIP = Buffer.concat([
  Buffer.from("PK\x03\x04\x14\0\0\0\x08\0", "latin1"),
  Buffer.alloc(60, 7),
]);
const PNG = Buffer.concat([
  Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1"),
  Buffer.alloc(60, 7),
]);

function* ofStrangers() {
  const auto = ["import", "auto"];
  yield ["a zip", "data.zip", auto, ZIP, "is a ZIP archive", /Unpack it and choose the CSV/];
  yield ["a spreadsheet", "sheet.xlsx", ["import", "indicators"], ZIP, "is an Excel", /as CSV/];
  yield [
    "a spreadsheet told by what is inside",
    "sheet.csv",
    ["import", "population"],
    Buffer.concat([ZIP, Buffer.from("xl/workbook.xml")]),
    "is an Excel workbook (.xlsx), not a text file.",
    /as CSV/,
  ];
  yield ["a picture", "picture.png", auto, PNG, "is a picture (PNG), not a text file.", /CSV/];
  yield [
    "a picture called GeoJSON",
    "picture.geojson",
    ["import", "areas"],
    PNG,
    "is a picture",
    /JSON/,
  ];
  yield [
    "a document",
    "ward.pdf",
    auto,
    Buffer.from("%PDF-1.7\n%\xe2\xe3\n", "latin1"),
    "is a PDF document, not a text file.",
    /as CSV/,
  ];
  yield [
    "a program",
    "program.csv",
    ["import", "crime"],
    Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01"), Buffer.alloc(60)]),
    "is not a text file.",
    /CSV/,
  ];
  yield ["nothing but spaces", "spaces.csv", auto, utf8(" \r\n".repeat(3000)), "", /empty|heading/];
  yield [
    "headings nobody knows",
    "shopping.csv",
    auto,
    utf8("bread,milk\r\n1,2\r\n"),
    "row 1",
    /headings/,
  ];
  yield [
    "3,000 columns",
    "wide.csv",
    auto,
    utf8(Array.from({ length: 3000 }, (_, i) => `c${i}`).join(",")),
    /^(row 1|Row 1)/i,
    /columns|fields/,
  ];
  yield [
    "a page of the web",
    "page.csv",
    auto,
    utf8("<!DOCTYPE html>\n<title>Download</title>\n"),
    "row 1",
    /./,
  ];
  yield [
    "crime handed in as population",
    "c.csv",
    ["import", "population"],
    utf8(GOOD.crime.text()),
    /./,
    /./,
  ];
  yield [
    "the Indices of 2025 as those of 2019",
    "f.csv",
    ["import", "indicators", "--as", "iod2019"],
    utf8(GOOD.iod2025.text()),
    at(1, "LSOA code (2021)"),
    /2011/,
  ];
  yield [
    "a table called JSON",
    "t.geojson",
    ["import", "areas"],
    utf8("a,b\r\n1,2\r\n"),
    "",
    /JSON/,
  ];
  yield [
    "a table of names as areas",
    "wards.csv",
    ["import", "areas", "--as", "areas"],
    utf8(GOOD.names.text()),
    "is not JSON",
    /holds no borders.*area-names/,
  ];
}

export function* faults() {
  const from = (family, [fault, bytes, place, says, more = []]) => ({
    family,
    fault,
    name: GOOD[family].name,
    args: [...GOOD[family].args, ...more],
    bytes,
    at: place,
    says,
  });
  for (const family of Object.keys(COLUMNS))
    for (const one of ofAnyTable(family)) yield from(family, one);
  for (const one of ofDeprivation("iod2019", 32844)) yield from("iod2019", one);
  for (const one of ofDeprivation("iod2025", 33755)) yield from("iod2025", one);
  for (const one of ofPopulation()) yield from("population", one);
  for (const [family, ...one] of ofCensus()) yield from(family, one);
  for (const one of ofLookup()) yield from("lookup", one);
  for (const one of ofPostcodes()) yield from("postcodes", one);
  for (const one of ofCrime()) yield from("crime", one);
  for (const [family, ...one] of ofOthers()) yield from(family, one);
  for (const one of ofBorders()) yield from("areas", one);
  for (const one of ofTopologies()) yield from("topojson", one);
  for (const [fault, name, args, bytes, place, says] of ofStrangers())
    yield { family: "anything", fault, name, args, bytes, at: place, says };
}
