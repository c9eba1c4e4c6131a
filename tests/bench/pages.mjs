// SPDX-License-Identifier: AGPL-3.0-or-later
// Which addresses of Doorstep are measured. Each is a function of `rows(sql)`, a read-only query
// against the town being served, and gives the paths of which every request takes one at random;
// null where the page does not exist yet (its scenarios are skipped, and say so).

// A page everybody opens, and one that has to stay quick while reports run.
export const light = area;

// An area page of a ward: map, table, figures.
export async function area(rows) {
  const found = await rows(`SELECT DISTINCT a.code FROM area a JOIN layer l ON l.id = a.layer_id
                            WHERE l.kind = 'ward' ORDER BY a.code`);
  return found.map((r) => `/areas/${r.code}`);
}

// A list of 50 rows out of 1,000,000.
export const list = null;

// A report that keeps a core busy for a tenth of a second or more.
export const heavy = null;
