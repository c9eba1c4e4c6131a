// SPDX-License-Identifier: AGPL-3.0-or-later
// Which addresses of Doorstep are measured. Each is a function of `rows(sql)`, a read-only query
// against the town being served, and gives the paths of which every request takes one at random;
// null where the page does not exist yet (its scenarios are skipped, and say so).

// Pages kept ready are not for somebody with a message to show: with this header every answer is
// made anew, from the database to the last byte.
export const uncached = 'Cookie: flash=shown';

async function codes(rows, kind) {
  const found = await rows(`SELECT DISTINCT a.code FROM area a JOIN layer l ON l.id = a.layer_id
                            WHERE l.kind = '${kind}' ORDER BY a.code`);
  return found.map((r) => r.code);
}

// A page everybody opens, and one that has to stay quick while reports run.
export const light = area;

// An area page of a ward: map, table, figures.
export async function area(rows) {
  return (await codes(rows, 'ward')).map((code) => `/areas/${code}`);
}

// A list of 50 rows out of 1,000,000: the newest crimes of a ward.
export async function list(rows) {
  return (await codes(rows, 'ward')).map((code) => `/areas/${code}/crime`);
}

// The dearest thing a visitor can ask for: every figure of a whole district, as a table.
export async function heavy(rows) {
  return (await codes(rows, 'lad')).map((code) => `/areas/${code}/figures.csv`);
}
