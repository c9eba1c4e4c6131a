// SPDX-License-Identifier: AGPL-3.0-or-later
// The page of a ward: its small areas by kinds of deprivation, the map, then and now, compared with
// zone and district, people, crime, census, sources. What does not depend on the ward (outlines,
// the shares of zone and district) is kept until the file changes, as Doorstep keeps it.
import { axisFor } from './format.mjs';
import { bounds, pathOf, readOutlines, viewOf, widen } from './outlines.mjs';
import {
  changeWords,
  childrenSentence,
  compareSentence,
  crimeSentence,
  headline,
  movedSentence,
  notesOf,
  whereSentence,
} from './sentences.mjs';
import { licencesOf, sourcesOf } from './sources.mjs';
import { AGES, AT, KIND, MAIN, PERCENT, RANKED, SHOWN, TITLE, VINTAGE, words } from './words.mjs';

const bandOf = (decile) =>
  decile >= 1 && decile <= 10 ? (decile <= 3 ? decile : decile <= 5 ? 4 : 5) : 0;

function decileOf({ edition, rank, decile }) {
  if (decile !== null || rank === null) return decile;
  return Math.ceil((10 * rank) / RANKED[edition]);
}

const coincideBand = (n) => (n >= 5 ? 1 : n === 4 ? 2 : n >= 2 ? 3 : n === 1 ? 4 : 5);

// ---- statements

const LSOAS_OF = `SELECT k.from_code FROM area_link k
  WHERE k.to_code = ? AND k.to_kind = 'lad' AND k.from_kind = 'lsoa' AND k.relation = 'parent'`;
const ZONE_LSOAS = `SELECT k.from_code FROM zone_area z
  JOIN area_link k ON k.to_code = z.code AND k.to_kind = z.kind AND k.from_kind = 'lsoa'
   AND k.relation IN ('best_fit', 'parent')
  WHERE z.valid_from <= date('now') AND (z.valid_to IS NULL OR z.valid_to > date('now'))`;
const shares = (codes) => `SELECT edition, domain, COUNT(decile) AS n,
    SUM(decile <= 1) AS in10, SUM(decile <= 2) AS in20, SUM(decile <= 3) AS in30
  FROM deprivation WHERE code IN (${codes}) GROUP BY edition, domain`;

const statements = (db) => ({
  version: db.prepare('PRAGMA data_version').pluck(),
  zone: db.prepare('SELECT name, demonstration FROM zone WHERE until_ms IS NULL'),
  area: db.prepare(
    `SELECT a.code, l.kind, l.vintage, e.name, e.import_id AS outline
     FROM area a JOIN layer l ON l.id = a.layer_id JOIN area_edition e ON e.area_id = a.id
     WHERE a.code = ? ORDER BY l.vintage DESC, e.import_id DESC LIMIT 1`,
  ),
  larger: db.prepare(
    `SELECT k.to_kind AS kind, k.to_code AS code, k.relation,
       (SELECT e.name FROM area a JOIN area_edition e ON e.area_id = a.id
        WHERE a.code = k.to_code ORDER BY e.import_id DESC LIMIT 1) AS name
     FROM area_link k
     WHERE k.from_code = ? AND k.from_kind = ? AND k.relation IN ('best_fit', 'parent')
     ORDER BY (k.from_vintage = ?) DESC, k.to_kind, k.to_vintage DESC`,
  ),
  smalls: db.prepare(
    `SELECT k.from_code AS code, k.from_vintage AS vintage, k.relation, k.import_id AS lookup,
       e.name, e.import_id AS outline
     FROM area_link k
     JOIN layer l ON l.kind = k.from_kind AND l.vintage = k.from_vintage
     JOIN area a ON a.layer_id = l.id AND a.code = k.from_code
     JOIN area_edition e ON e.area_id = a.id AND e.import_id =
       (SELECT MAX(x.import_id) FROM area_edition x WHERE x.area_id = a.id)
     WHERE k.to_code = ? AND k.to_kind = ? AND k.from_kind = 'lsoa'
       AND k.relation IN ('best_fit', 'parent')
     ORDER BY k.from_code`,
  ),
  readings: db.prepare(
    `SELECT code, edition, domain, import_id, rank, decile FROM deprivation
     WHERE code IN (SELECT value FROM json_each(?)) ORDER BY code, edition, domain, import_id`,
  ),
  changes: db.prepare(
    `SELECT k.to_code AS code, k.from_code AS before, k.relation, k.import_id AS lookup, e.name
     FROM area_link k
     JOIN layer l ON l.kind = 'lsoa' AND l.vintage = 2011
     JOIN area a ON a.layer_id = l.id AND a.code = k.from_code
     JOIN area_edition e ON e.area_id = a.id
     WHERE k.to_code IN (SELECT value FROM json_each(?)) AND k.to_kind = 'lsoa'
       AND k.to_vintage = 2021 AND k.from_kind = 'lsoa' AND k.from_vintage = 2011
     ORDER BY k.to_code, k.from_code`,
  ),
  people: db.prepare(
    `SELECT code, period, import_id, total, ages FROM population
     WHERE kind = 'lsoa' AND code IN (SELECT value FROM json_each(?))
     ORDER BY code, vintage, period, import_id`,
  ),
  crimes: db.prepare(
    `SELECT c.month, c.import_id, c.n, c.kinds FROM crime_count c
     WHERE c.code IN (SELECT value FROM json_each(?))`,
  ),
  months: db.prepare(
    'SELECT month, MAX(import_id) AS import FROM crime_month GROUP BY month, force ORDER BY month',
  ),
  terms: db.prepare(`SELECT id, word FROM term WHERE list = 'crime type'`),
  figures: db.prepare(
    `SELECT i.family, i.family_title, i.unit, i.title, f.period, MAX(f.import_id) AS import,
       TOTAL(CASE WHEN f.value IS NOT NULL THEN f.value END) AS value,
       TOTAL(CASE WHEN f.value IS NOT NULL THEN f.total END) AS total,
       SUM(f.value IS NULL) AS unknown
     FROM figure f JOIN indicator i ON i.id = f.indicator_id
     WHERE f.code IN (SELECT value FROM json_each(?)) AND f.kind = 'lsoa' AND f.total IS NOT NULL
     GROUP BY f.indicator_id, f.period ORDER BY f.indicator_id, f.period`,
  ),
  sources: db.prepare(
    `SELECT r.id, s.title, s.publisher, s.licence, s.attribution, r.reference AS date
     FROM import_run r JOIN source s ON s.id = r.source_id
     WHERE r.id IN (SELECT value FROM json_each(?))`,
  ),
  zoneShares: db.prepare(shares(ZONE_LSOAS)),
  // What the zone's areas were before, where they were split or merged.
  zoneBefore: db.prepare(
    shares(`SELECT k.from_code FROM area_link k WHERE k.to_code IN (${ZONE_LSOAS})
      AND k.to_kind = 'lsoa' AND k.from_kind = 'lsoa' AND k.relation IN ('S', 'M')
      AND k.from_code <> k.to_code`),
  ),
  districtShares: db.prepare(shares(LSOAS_OF)),
});

// ---- the parts of the page

function addShares(to, rows) {
  for (const { edition, domain, n, in10, in20, in30 } of rows) {
    const s = ((to[edition] ??= {})[domain] ??= { n: 0, in: [0, 0, 0] });
    s.n += n;
    [in10, in20, in30].forEach((x, k) => (s.in[k] += x ?? 0));
  }
  return to;
}

// What is kept until the file changes.
function keeper(db, q) {
  let version, kept;
  return () => {
    const now = q.version.get();
    if (now === version) return kept;
    version = now;
    kept = {
      outlines: readOutlines(db),
      zone: addShares(addShares({}, q.zoneShares.all()), q.zoneBefore.all()),
      district: new Map(),
    };
    return kept;
  };
}

function districtShares(kept, q, code) {
  if (!kept.district.has(code)) kept.district.set(code, addShares({}, q.districtShares.all(code)));
  return kept.district.get(code);
}

// Readings by edition and domain, and how many of the seven kinds coincide.
function layReadings(areas, rows, imports) {
  const byCode = new Map(areas.map((a) => [a.code, a]));
  for (const r of rows) {
    const a = byCode.get(r.code),
      decile = decileOf(r);
    (a.reading[r.edition] ??= {})[r.domain] = { band: bandOf(decile), suppressed: decile === null };
    imports.add(r.import_id);
  }
  for (const a of areas) {
    a.coincide = {};
    for (const [edition, of] of Object.entries(a.reading)) {
      const c = { judged: 0, n: [0, 0, 0] };
      for (const d of MAIN) {
        const band = of[d]?.band;
        if (!band) continue;
        c.judged++;
        for (let k = 0; k < 3; k++) c.n[k] += band <= k + 1;
      }
      a.coincide[edition] = c;
    }
  }
}

function readPeople(q, smalls, codes, imports) {
  const rows = q.people.all(codes);
  const period = rows.reduce((best, r) => (r.period > best ? r.period : best), '');
  if (!period) return null;
  const band = AGES.map(() => 0),
    byCode = new Map(smalls.map((s) => [s.code, s]));
  let total = 0;
  for (const r of rows) {
    if (r.period !== period) continue;
    const ages = r.ages.split(','),
      own = AGES.map(() => 0);
    for (let age = 0, b = 0; age < ages.length; age++) {
      if (b + 1 < AGES.length && age >= AGES[b + 1][1]) b++;
      own[b] += Number(ages[age]);
    }
    own.forEach((n, b) => (band[b] += n));
    total += r.total;
    byCode.get(r.code).children = own[0] + own[1] + own[2];
    imports.add(r.import_id);
  }
  return { period, total, band, children: band[0] + band[1] + band[2] };
}

function readCrime(q, codes) {
  const words = new Map(q.terms.all().map((t) => [String(t.id), t.word]));
  const months = new Map(),
    counted = new Map(),
    kinds = new Map();
  for (const { month, import: from } of q.months.all()) {
    if (!months.has(month)) months.set(month, { month, n: 0 });
    counted.set(from, months.get(month));
  }
  if (!months.size) return null;
  for (const r of q.crimes.all(codes)) {
    const m = counted.get(r.import_id);
    if (!m || m.month !== r.month) continue;
    m.n += r.n;
    for (const pair of r.kinds.split(' ')) {
      const [id, n] = pair.split(':');
      kinds.set(id, (kinds.get(id) ?? 0) + Number(n));
    }
  }
  return {
    months: [...months.values()],
    kinds: [...kinds]
      .map(([id, n]) => ({ kind: words.get(id), n }))
      .sort((a, b) => b.n - a.n || (a.kind < b.kind ? -1 : 1)),
    imports: [...counted.keys()],
  };
}

function readFamilies(q, codes, imports) {
  const families = new Map();
  for (const f of q.figures.all(codes)) {
    let to = families.get(f.family);
    if (!to || to.period < f.period) {
      to = { title: f.family_title, unit: f.unit, period: f.period, total: 0, figures: [] };
      families.set(f.family, to);
    }
    if (f.period !== to.period) continue;
    to.total = Math.max(to.total, f.total);
    to.figures.push(f);
    imports.add(f.import);
  }
  return [...families.values()];
}

// The rows of the heat table, numbered by code, ordered by how many kinds coincide.
function heatOf(smalls, before, edition, people) {
  const vintage = VINTAGE[edition];
  const rows = [...smalls, ...before]
    .filter((a) => a.vintage === vintage || a.reading[edition])
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map((area, i) => {
      const coincide = area.coincide[edition] ?? { judged: 0, n: [0, 0, 0] };
      const n = coincide.n[AT],
        known = coincide.judged > 0;
      return {
        area, n, known,
        number: i + 1,
        judged: coincide.judged,
        reading: area.reading[edition] ?? {},
        band: known ? coincideBand(n) : 0,
      };
    });
  const h = { rows, judged: 0, twoOrMore: 0, most: 0, nMost: 0, childrenThere: 0, of: {}, has: {} };
  for (const r of rows) {
    h.judged += r.known;
    for (const d of SHOWN) {
      const x = r.reading[d];
      if (!x) continue;
      h.has[d] = true;
      if (x.band >= 1 && x.band <= AT + 1) h.of[d] = (h.of[d] ?? 0) + 1;
    }
    if (r.n >= 2) {
      h.twoOrMore++;
      if (people) h.childrenThere += r.area.children;
    }
    if (r.n > h.most) Object.assign(h, { most: r.n, nMost: 0, mostArea: r.area });
    h.nMost += r.n > 0 && r.n === h.most;
  }
  h.sorted = [...rows].sort((a, b) => b.known - a.known || b.n - a.n || a.number - b.number);
  return h;
}

function mapOf(kept, area, heat, edition) {
  const places = heat.rows.map((r) => ({
    row: r,
    outline: kept.outlines.of('lsoa', VINTAGE[edition], r.area.code),
  }));
  const own = kept.outlines.of('ward', area.vintage, area.code);
  const one = heat.rows.length <= 1,
    extra = one ? 0.6 : 0.03;
  const shown = places.length ? places.map((p) => p.outline) : [own];
  const inner = bounds(shown),
    view = viewOf(widen(bounds([...shown, own]), extra), 480, 10);
  const taken = new Set(shown.map((o) => o.code));
  const [kind, vintage] = places.length ? ['lsoa', VINTAGE[edition]] : ['ward', area.vintage];
  const around = kept.outlines
    .touching(kind, vintage, widen(inner, extra + 0.05))
    .filter((o) => !taken.has(o.code));
  const spot = (o) => ({ x: view.x(o.lon), y: view.y(o.lat) + 7 });
  const path = (o) => pathOf(view, o);
  return {
    width: view.width,
    height: view.height,
    around: around.map((o) => ({ code: o.code, name: o.name, path: path(o) })),
    places: places.map(({ row, outline }) => ({
      code: row.area.code,
      name: row.area.name,
      number: heat.rows.length > 1 ? row.number : 0,
      says: row.known ? `${row.n} of ${row.judged} kinds of deprivation` : 'not published',
      band: row.band,
      path: path(outline),
      spot: spot(outline),
    })),
    alone: places.length ? null : { code: area.code, name: area.name, path: path(own) },
    edge: path(own),
  };
}

function hereShares(areas) {
  const to = {};
  for (const a of areas)
    for (const edition of Object.keys(a.reading))
      for (const [domain, { band }] of Object.entries(a.reading[edition])) {
        if (!band) continue;
        const s = ((to[edition] ??= {})[domain] ??= { n: 0, in: [0, 0, 0] });
        s.n++;
        for (let k = 0; k < 3; k++) s.in[k] += band <= k + 1;
      }
  return to;
}

function periodOf(families) {
  const all = families.map((f) => f.period).sort();
  return all[0] === all.at(-1) ? all[0] : `${all[0]} – ${all.at(-1)}`;
}

// ---- the page

export const areaPage = {
  route: '/areas/:code',
  view: 'area',
  prepare(db) {
    const q = statements(db),
      keep = keeper(db, q);
    return ({ code }) => {
      const kept = keep(),
        area = q.area.get(code);
      if (area?.kind !== 'ward') return null;
      const larger = new Map();
      for (const l of q.larger.all(code, area.kind, area.vintage))
        if (!larger.has(l.kind)) larger.set(l.kind, l);
      const smalls = q.smalls.all(code, area.kind).map((s) => ({
        code: s.code,
        name: s.name,
        vintage: s.vintage,
        link: s.relation,
        lookup: s.lookup,
        outline: s.outline,
        reading: {},
        before: [],
      }));
      const imports = new Set(),
        codes = JSON.stringify(smalls.map((s) => s.code));
      layReadings(smalls, q.readings.all(codes), imports);

      // What was split or merged since the other census has its earlier readings elsewhere.
      const changed = smalls.filter((s) => !s.reading[2019]),
        before = new Map();
      if (changed.length) {
        const byCode = new Map(changed.map((s) => [s.code, s]));
        for (const k of q.changes.all(JSON.stringify([...byCode.keys()]))) {
          const s = byCode.get(k.code);
          s.relation = k.relation;
          s.before.push(k.before);
          s.changeLookup = k.lookup;
          if (!before.has(k.before))
            before.set(k.before, { code: k.before, name: k.name, vintage: 2011, reading: {} });
        }
        layReadings(
          [...before.values()],
          q.readings.all(JSON.stringify([...before.keys()])),
          imports,
        );
      }
      const everybody = [...smalls, ...before.values()];
      const editions = [...new Set(everybody.flatMap((a) => Object.keys(a.reading)))]
        .sort()
        .reverse();
      const edition = editions[0];
      const people = smalls.length ? readPeople(q, smalls, codes, imports) : null;
      const heat = heatOf(smalls, before.values(), edition, people);
      const crime = smalls.length
        ? readCrime(q, JSON.stringify(everybody.map((a) => a.code)))
        : null;
      if (crime) imports.add('crime');
      const families = readFamilies(q, codes, imports);
      imports.add(area.outline);
      if (smalls.length) imports.add(smalls[0].lookup);
      for (const s of smalls) {
        imports.add(s.outline);
        if (s.before.length) imports.add(s.changeLookup);
      }
      const lad = larger.get('lad');
      const district = lad && { name: lad.name, shares: districtShares(kept, q, lad.code) };
      const here = hereShares(everybody);
      const [now, then] = editions;
      const sources = sourcesOf(q, imports, crime?.imports ?? []);
      return {
        title: area.name,
        patterns: true,
        zone: q.zone.get(),
        area,
        larger: [...larger.values()].map((l) => ({ ...l, words: KIND[l.kind] })),
        smalls,
        before,
        editions,
        edition,
        people,
        heat,
        families,
        map: mapOf(kept, area, heat, edition),
        notes: notesOf(area, smalls, editions),
        familiesPeriod: periodOf(families),
        sources,
        licences: licencesOf(sources),
        say: {
          headline: headline(area, heat, smalls),
          children: childrenSentence(heat, people),
          where: whereSentence(heat),
          moved: then && movedSentence(smalls, then, now),
          compare: compareSentence(area, here, district, edition),
          crime: crime && crimeSentence(crime.months),
        },
        change: then && {
          then,
          now,
          rows: smalls.map((s, i) => {
            const a = s.before.length ? 0 : (s.reading[then]?.imd?.band ?? 0),
              b = s.reading[now]?.imd?.band ?? 0;
            return {
              code: s.code,
              name: s.name,
              number: heat.rows.length > 1 ? i + 1 : 0,
              before: s.before.map((x) => before.get(x).reading[then]?.imd),
              then: s.reading[then]?.imd,
              now: s.reading[now]?.imd,
              slope: [a, b],
              words: changeWords(s, s.reading[then]?.imd?.band, b, before),
            };
          }),
          counts: SHOWN.filter((d) => heat.has[d]).map((d) => ({
            title: TITLE[d],
            years: [then, now].map((year) => {
              const of = year === then ? everybody : smalls;
              const bands = of.map((a) => a.reading[year]?.[d]?.band).filter((b) => b > 0);
              return { in: bands.filter((b) => b <= AT + 1).length, n: bands.length };
            }),
          })),
        },
        compare: {
          here: here[edition] ?? {},
          zone: kept.zone[edition] ?? {},
          district: district?.shares[edition] ?? {},
          districtName: district?.name,
        },
        crime: crime && { ...crime, axis: axisFor(Math.max(...crime.months.map((m) => m.n))) },
        percent: PERCENT[AT],
        at: AT,
        words,
      };
    };
  },
};
