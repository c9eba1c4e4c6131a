// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be wrong with a file of borders: [fault, bytes, at, says, more arguments], as in
// faults.mjs. `at` is empty where the file as a whole is meant.
import { GOOD, collection, feature, lsoa, square, topology } from "./good.mjs";
import { utf16, utf8 } from "./table.mjs";

const shaped = (type, coordinates) =>
  utf8(collection([feature(1), feature(2, { geometry: { type, coordinates } }), feature(3)]));
const ring = (points) => shaped("Polygon", [points]);
const named = (properties) =>
  utf8(collection([feature(1), feature(2, { properties }), feature(3)]));
const inMetres = (factor) => square(2).map(([x, y]) => [x * factor, y * factor]);

export function* ofBorders() {
  const good = GOOD.areas.text();
  for (const share of [0.1, 0.35, 0.62, 0.9, 0.999])
    yield [
      `cut off at ${share * 100} %`,
      utf8(good.slice(0, good.length * share)),
      "",
      /cut|ends|JSON/i,
    ];
  yield ["UTF-16", utf16(good), "", /UTF-16/];
  yield ["empty", utf8(""), "", /empty/];
  yield ["no features", utf8(collection([])), "", /no (features|areas)|without/i];
  yield ["an array", utf8("[1, 2, 3]"), "", /./];
  yield ["another kind of JSON", utf8('{"name":"doorstep","version":1}'), "", /GeoJSON/];
  yield ["NaN for a coordinate", utf8(good.replace("51.7]", "NaN]")), "", /not finite/];
  yield ["nested without end", utf8('{"type":'.repeat(5000)), "", /nest|deep|JSON/i];
  yield [
    "nested arrays without end",
    utf8(`{"type":"FeatureCollection","features":${"[".repeat(2e5)}`),
    "",
    /nest|deep|JSON/i,
  ];
  yield ["a table in the clothes of JSON", utf8(GOOD.names.text()), "", /JSON/];
  yield [
    "a key twice in one object",
    utf8(good.replace('"type":"Feature"', '"type":"Feature","type":"Feature"')),
    "",
    /twice|duplicate/i,
  ];
  yield ["no code", named({ LSOA21NM: "Testing" }), /^row 2/, /code/];
  yield [
    "no feature has a code",
    utf8(collection([feature(1, { properties: { NAME: "x" } })])),
    "",
    /code/,
  ];
  yield ["a code of letters", named({ LSOA21CD: "Leys" }), /^row 2/, /code/];
  yield ["the same code twice", named({ LSOA21CD: lsoa(1) }), /^row 2/, /twice|already/];
  yield [
    "a border that crosses itself beyond repair",
    ring([
      [-1.2, 51.7],
      [-1.19, 51.71],
      [-1.19, 51.7],
      [-1.2, 51.71],
      [-1.2, 51.7],
    ]),
    /^row 2/,
    /not valid.*cannot be mended/,
  ];
  yield [
    "a border that does not close",
    ring(square(2).slice(0, -1)),
    /^row 2/,
    /close|first point/,
  ];
  yield [
    "a border of two points",
    ring([
      [-1.2, 51.7],
      [-1.19, 51.7],
      [-1.2, 51.7],
    ]),
    /^row 2/,
    /point/,
  ];
  yield [
    "latitude and longitude swapped",
    ring(square(2).map(([x, y]) => [y, x])),
    /^row 2/,
    /wrong way round/,
  ];
  yield [
    "an area in France",
    ring(square(2).map(([x, y]) => [x + 4, y - 3])),
    /^row 2/,
    /United Kingdom/,
  ];
  yield ["neither degrees nor metres", ring(inMetres(1e7)), /^row 2/, /./];
  yield ["a point for an area", shaped("Point", [-1.2, 51.7]), /^row 2/, /Point/];
  yield ["words for coordinates", ring(square(2).map(([x, y]) => [`${x}`, y])), /^row 2/, /number/];
  yield ["one number for a place", ring(square(2).map(([x]) => [x])), /^row 2/, /./];
  yield ["an absurd number", utf8(good.replace("-1.19,51.7]", "1e308,51.7]")), /^row 1/, /./];
  yield [
    "no geometry",
    utf8(collection([feature(1), feature(2, { geometry: null })])),
    /^row 2/,
    /./,
  ];
  yield ["a feature that is none", utf8(collection([feature(1), 7])), /^row 2/, /feature/i];
  yield ["two years in one file", named({ LSOA11CD: lsoa(2) }), "", /mixes years.*feature 2/];
  yield ["the wrong year", utf8(good), "", /2011|2021/, ["--vintage", "2011"]];
  yield ["the wrong kind", utf8(good), "", /ward/, ["--kind", "ward"]];
}

export function* ofTopologies() {
  const good = topology();
  yield ["cut off in an arc", utf8(good.slice(0, good.indexOf("arcs") + 30)), "", /cut|ends|JSON/i];
  yield [
    "an arc that is not there",
    utf8(topology((t) => (t.objects.areas.geometries[0].arcs = [[0, 9]]))),
    /^row 1/,
    /arc/,
  ];
  yield [
    "arcs that do not meet",
    utf8(topology((t) => (t.objects.areas.geometries[0].arcs = [[0, 2]]))),
    /^row 1/,
    /./,
  ];
  yield ["no arcs", utf8(topology((t) => delete t.arcs)), "", /arc/];
  yield ["a scale of words", utf8(topology((t) => (t.transform.scale = ["a", "b"]))), "", /./];
}
