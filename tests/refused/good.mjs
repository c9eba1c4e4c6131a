// SPDX-License-Identifier: AGPL-3.0-or-later
// One small file of each kind that the program takes as it is. Every wrong file of wrong_files is
// one of these with one thing broken, so that nothing but that thing can be the reason.
//
//   { name: the file's, args: the command, text() }

const csv = (rows) => rows.map((row) => row.join(",")).join("\r\n") + "\r\n";

// A code of the right shape that is nobody's: lsoa(3) is E01990003.
export const lsoa = (n) => `E0199${String(n).padStart(4, "0")}`;
export const ward = (n) => `E0599${String(n).padStart(4, "0")}`;

// A square of one hundredth of a degree, the n-th of a row.
export function square(n) {
  const west = -1.2 + n / 100;
  const [south, east, north] = [51.7, west + 0.01, 51.71];
  return [west, south, west, north, east, north, east, south, west, south]
    .map((x) => Math.round(x * 1e7) / 1e7)
    .reduce((ring, x, i, all) => (i % 2 ? [...ring, [all[i - 1], x]] : ring), []);
}

export function feature(n, more = {}) {
  return {
    type: "Feature",
    properties: { LSOA21CD: lsoa(n), LSOA21NM: `Testing 00${n}A` },
    geometry: { type: "Polygon", coordinates: [square(n)] },
    ...more,
  };
}

export const collection = (features, more = {}) =>
  JSON.stringify({ type: "FeatureCollection", ...more, features });

// Two squares side by side that share one border.
export function topology(change = () => {}) {
  const topo = {
    type: "Topology",
    transform: { scale: [0.0001, 0.0001], translate: [-1.2, 51.7] },
    arcs: [
      [
        [100, 0],
        [0, 100],
      ],
      [
        [100, 100],
        [-100, 0],
        [0, -100],
        [100, 0],
      ],
      [
        [100, 0],
        [100, 0],
        [0, 100],
        [-100, 0],
      ],
    ],
    objects: {
      areas: {
        type: "GeometryCollection",
        geometries: [
          { type: "Polygon", arcs: [[0, 1]], properties: { LSOA11CD: lsoa(1), LSOA11NM: "One" } },
          { type: "Polygon", arcs: [[2, -1]], properties: { LSOA11CD: lsoa(2), LSOA11NM: "Two" } },
        ],
      },
    },
  };
  change(topo);
  return JSON.stringify(topo);
}

const DOMAINS = [
  ["Index of Multiple Deprivation (IMD)", "Score"],
  ["Income", "Score (rate)"],
  ["Employment", "Score (rate)"],
  ["Education, Skills and Training", "Score"],
  ["Health Deprivation and Disability", "Score"],
];
const quoted = (words) => (words.includes(",") ? `"${words}"` : words);

// The official File 7 of an edition, five domains of it.
function file7(lsoaYear, ladYear, ranked) {
  const head = [
    `LSOA code (${lsoaYear})`,
    `LSOA name (${lsoaYear})`,
    `Local Authority District code (${ladYear})`,
    `Local Authority District name (${ladYear})`,
    ...DOMAINS.flatMap(([domain, score]) =>
      [
        score,
        "Rank (where 1 is most deprived)",
        "Decile (where 1 is most deprived 10% of LSOAs)",
      ].map((measure) => quoted(`${domain} ${measure}`)),
    ),
  ];
  const rows = [1, 2, 3].map((n) => [
    lsoa(n),
    `Testing 00${n}A`,
    "E07990001",
    "Testing",
    ...DOMAINS.flatMap((_, d) => {
      const rank = n * 7001 + d * 100;
      return [(0.5 / n).toFixed(3), rank, Math.ceil((10 * rank) / ranked)];
    }),
  ]);
  return csv([head, ...rows]);
}

const NSPL =
  "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa21,cty,ced,laua,ward,nhser," +
  "ctry,rgn,pcon,ttwa,itl,park,lsoa21,msoa21,wz11,sicbl,bua24,ruc21,oac11,lat,long,lep1,lep2,pfa," +
  "imd,icb";

function postcode(n) {
  const filled = { pcd: `QX1 ${n}AB`, pcd2: `QX1  ${n}AB`, pcds: `QX1 ${n}AB`, dointr: "198001" };
  Object.assign(filled, { usertype: 0, oseast1m: 455000, osnrth1m: "0203000", osgrdind: 1 });
  Object.assign(filled, {
    oa21: `E0099000${n}`,
    laua: "E07990001",
    ward: ward(n),
    lsoa21: lsoa(n),
  });
  Object.assign(filled, { ctry: "E92000001", lat: 51.723, long: -1.205, imd: 12345 });
  return NSPL.split(",").map((heading) => filled[heading] ?? "");
}

const AGES = [...Array(90).keys(), "90+"];

const CRIME =
  "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name," +
  "Crime type,Last outcome category,Context";
const crime = (n, kind) => [
  n === 2 ? "" : String(n).repeat(64),
  "2024-03",
  "Testing Police",
  "Testing Police",
  -1.205,
  51.723,
  "On or near High Street",
  lsoa(n),
  `Testing 00${n}A`,
  kind,
  "Under investigation",
  "",
];

export const GOOD = {
  areas: {
    name: "areas.geojson",
    args: ["import", "areas"],
    text: () => collection([feature(1), feature(2), feature(3)]),
  },
  topojson: {
    name: "areas.topojson",
    args: ["import", "areas"],
    text: () => topology(),
  },
  names: {
    name: "wards.csv",
    args: ["import", "areas"],
    text: () => csv([["WD25CD", "WD25NM"], ...[1, 2, 3].map((n) => [ward(n), `Ward ${n}`])]),
  },
  iod2019: {
    name: "file7-2019.csv",
    args: ["import", "indicators"],
    text: () => file7(2011, 2019, 32844),
  },
  iod2025: {
    name: "file7-2025.csv",
    args: ["import", "indicators"],
    text: () => file7(2021, 2024, 33755),
  },
  population: {
    name: "population-mid2022.csv",
    args: ["import", "population"],
    text: () =>
      csv([
        ["LSOA21NM", "LSOA21CD", "total_population", ...AGES],
        ...[1, 2, 3].map((n) => [`Testing 00${n}A`, lsoa(n), 91 * n, ...AGES.map(() => n)]),
      ]),
  },
  census: {
    name: "census2021_tenure.csv",
    args: ["import", "indicators"],
    text: () =>
      csv([
        ["lsoa21_code", "total_households", "tenure", "n", "prop"],
        ...[1, 2].flatMap((n) => [
          [lsoa(n), 100 * n, "Owned", 60 * n, 0.6],
          [lsoa(n), 100 * n, "Rented", 40 * n, 0.4],
        ]),
      ]),
  },
  census_bulk: {
    name: "census2021-ts054-lsoa.csv",
    args: ["import", "indicators", "--vintage", "2021"],
    text: () =>
      csv([
        [
          "date",
          "geography",
          "geography code",
          "Tenure of household: Total: All households; measures: Value",
          "Tenure of household: Owned; measures: Value",
          "Tenure of household: Rented; measures: Value",
        ],
        ...[1, 2].map((n) => [2021, `Testing 00${n}A`, lsoa(n), 100 * n, 60 * n, 40 * n]),
      ]),
  },
  own_table: {
    name: "gardens.csv",
    args: ["import", "indicators", "--as", "long", "--vintage", "2021", "--period", "2024"].concat(
      ["--title", "Gardens", "--unit", "gardens", "--source", "A count", "--licence", "CC0"],
      ["--columns", "code=Area;value=Gardens"],
    ),
    text: () =>
      csv([
        ["Area", "Gardens"],
        [lsoa(1), 12],
        [lsoa(2), 30],
      ]),
  },
  lookup: {
    name: "changes.csv",
    args: ["import", "lookup"],
    text: () =>
      csv([
        ["LSOA11CD", "LSOA11NM", "CHGIND", "LSOA21CD", "LSOA21NM"],
        ...[1, 2, 3].map((n) => [lsoa(n), `Testing 00${n}A`, "U", lsoa(n), `Testing 00${n}A`]),
      ]),
  },
  postcodes: {
    name: "nspl.csv",
    args: ["import", "postcodes"],
    text: () => csv([NSPL.split(","), postcode(1), postcode(2), postcode(3)]),
  },
  crime: {
    name: "2024-03-testing-street.csv",
    args: ["import", "crime"],
    text: () =>
      csv([
        CRIME.split(","),
        crime(1, "Burglary"),
        crime(2, "Anti-social behaviour"),
        crime(3, "Drugs"),
      ]),
  },
  organisations: {
    name: "organisations.csv",
    args: ["import", "organisations"],
    text: () =>
      csv([
        ["org_id", "name", "normalised_name", "gss_code", "active"],
        ["GB-CHC-1153055", "The Hub", "Hub", "", "TRUE"],
        ["GB-COH-09506232", "Gardens CIC", "Gardens", "", "TRUE"],
      ]),
  },
};
