// SPDX-License-Identifier: AGPL-3.0-or-later
// Where the figures of the area page come from.

// Each dataset once, in the order it was met, with its dates where the title lacks them.
export function sourcesOf(q, order, crimeImports) {
  const all = [...new Set([...order, ...crimeImports])];
  const byId = new Map(q.sources.all(JSON.stringify(all)).map((s) => [s.id, s]));
  const series = crimeImports.map((id) => byId.get(id));
  const told = new Map();
  for (const id of order) {
    const of = id === 'crime' ? series : [byId.get(id)];
    for (const s of of) {
      const key = `${s.title}|${s.publisher}|${s.licence}|${s.attribution}`;
      if (!told.has(key)) told.set(key, { ...s, dates: [] });
      if (s.date) told.get(key).dates.push(s.date);
    }
  }
  for (const s of told.values()) {
    s.dates.sort();
    const first = s.dates[0] ?? '',
      last = s.dates.at(-1);
    const span = first === last || s.id !== crimeImports[0] ? first : `${first} to ${last}`;
    s.when = !first || s.title.includes(first) ? '' : span;
  }
  return [...told.values()];
}

// Each licence once, with all it asks to be said.
export function licencesOf(sources) {
  const told = new Map();
  for (const { licence, attribution } of sources) {
    if (!told.has(licence)) told.set(licence, new Set());
    if (attribution) told.get(licence).add(attribution);
  }
  return [...told].map(([licence, attributions]) => ({ licence, attributions: [...attributions] }));
}
