// SPDX-License-Identifier: AGPL-3.0-or-later
// Outlines from the database's shapes, and drawings of them. Decoded once and kept for as long as
// the file does not change; projected for each page.

// A shape: version, decimals, parts of rings of points, as varints of steps in 10⁻⁷ degrees.
function decode(bytes) {
  let at = 2,
    x = 0,
    y = 0;
  const varint = () => {
    let v = 0,
      scale = 1;
    for (;;) {
      const c = bytes[at++];
      v += (c & 0x7f) * scale;
      if (c < 0x80) return v;
      scale *= 128;
    }
  };
  const step = () => {
    const v = varint();
    return v % 2 ? -(v + 1) / 2 : v / 2;
  };
  const ring = () => {
    const points = new Float64Array(varint() * 2);
    for (let i = 0; i < points.length; i += 2) {
      x += step();
      y += step();
      points[i] = x / 1e7;
      points[i + 1] = y / 1e7;
    }
    return points;
  };
  const many = (one) => Array.from({ length: varint() }, one);
  return many(() => many(ring));
}

const join = (a, b) =>
  a
    ? {
        x0: Math.min(a.x0, b.x0),
        y0: Math.min(a.y0, b.y0),
        x1: Math.max(a.x1, b.x1),
        y1: Math.max(a.y1, b.y1),
      }
    : b;

function boxOf(parts) {
  const b = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (const part of parts)
    for (const ring of part)
      for (let i = 0; i < ring.length; i += 2) {
        b.x0 = Math.min(b.x0, ring[i]);
        b.x1 = Math.max(b.x1, ring[i]);
        b.y0 = Math.min(b.y0, ring[i + 1]);
        b.y1 = Math.max(b.y1, ring[i + 1]);
      }
  return b;
}

export function widen(b, share) {
  const x = (b.x1 - b.x0) * share,
    y = (b.y1 - b.y0) * share;
  return { x0: b.x0 - x, y0: b.y0 - y, x1: b.x1 + x, y1: b.y1 + y };
}

export const bounds = (outlines) => outlines.reduce((b, o) => join(b, o.box), null);

// All outlines of small areas and wards, by "kind vintage code"; those of a layer by code.
export function readOutlines(db) {
  const rows = db
    .prepare(
      `SELECT a.code, l.kind, l.vintage, e.name, e.lon, e.lat, e.shape
       FROM area_edition e JOIN area a ON a.id = e.area_id JOIN layer l ON l.id = a.layer_id
       WHERE l.kind IN ('lsoa', 'ward') AND e.import_id =
         (SELECT MAX(x.import_id) FROM area_edition x
          WHERE x.area_id = e.area_id AND x.shape IS NOT NULL)
       ORDER BY a.code`,
    )
    .all();
  const byCode = new Map(),
    layer = new Map();
  for (const r of rows) {
    const parts = decode(r.shape);
    const o = { code: r.code, name: r.name, lon: r.lon, lat: r.lat, parts, box: boxOf(parts) };
    byCode.set(`${r.kind} ${r.vintage} ${r.code}`, o);
    const key = `${r.kind} ${r.vintage}`;
    if (!layer.has(key)) layer.set(key, []);
    layer.get(key).push(o);
  }
  return {
    of: (kind, vintage, code) => byCode.get(`${kind} ${vintage} ${code}`),
    touching: (kind, vintage, b) =>
      (layer.get(`${kind} ${vintage}`) ?? []).filter(
        ({ box: o }) => o.x0 <= b.x1 && o.x1 >= b.x0 && o.y0 <= b.y1 && o.y1 >= b.y0,
      ),
  };
}

// Rounds halves to even, as the C library does.
function rint(v) {
  const r = Math.round(v);
  return r - v === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

// From degrees to units of a drawing.
export function viewOf(b, width, margin) {
  const squeeze = Math.cos(((b.y0 + b.y1) / 2) * (Math.PI / 180));
  const inner = width - 2 * margin,
    across = (b.x1 - b.x0) * squeeze,
    along = b.y1 - b.y0;
  const scale = along > across * 4 ? (inner * 4) / along : inner / across;
  const spare = (inner - across * scale) / 2;
  const x0 = b.x0 - spare / (scale * squeeze),
    perLon = scale * squeeze;
  return {
    width,
    height: Math.ceil(along * scale) + 2 * margin,
    x: (lon) => margin + rint((lon - x0) * perLon),
    y: (lat) => margin + rint((b.y1 - lat) * scale),
  };
}

const step = (dx, dy, first) =>
  `${first || dx < 0 ? '' : ' '}${dx}${dy < 0 ? '' : ' '}${dy}`;

function ringPath(view, ring) {
  const x0 = view.x(ring[0]),
    y0 = view.y(ring[1]);
  let path = `M${step(x0, y0, true)}`,
    x = x0,
    y = y0,
    first = true;
  for (let i = 2; i < ring.length; i += 2) {
    const nx = view.x(ring[i]),
      ny = view.y(ring[i + 1]);
    if (nx === x && ny === y) continue;
    if (i + 2 === ring.length && nx === x0 && ny === y0) continue;
    if (first) path += 'l';
    path += step(nx - x, ny - y, first);
    first = false;
    x = nx;
    y = ny;
  }
  return path + 'z';
}

export function pathOf(view, outline) {
  let path = '';
  for (const part of outline.parts) for (const ring of part) path += ringPath(view, ring);
  return path;
}
