// SPDX-License-Identifier: AGPL-3.0-or-later
// The newest crimes of an area, fifty to a page.
import { monthWords } from './format.mjs';

const LINES = 50;

export const crimePage = {
  route: '/areas/:code/crime',
  view: 'crime',
  prepare(db) {
    const zone = db.prepare('SELECT name, demonstration FROM zone WHERE until_ms IS NULL');
    const area = db.prepare(
      `SELECT a.code, l.kind, e.name FROM area a JOIN layer l ON l.id = a.layer_id
       JOIN area_edition e ON e.area_id = a.id
       WHERE a.code = ? ORDER BY l.vintage DESC, e.import_id DESC LIMIT 1`,
    );
    const smalls = db.prepare(
      `SELECT DISTINCT k.from_code AS code, e.name FROM area_link k
       JOIN layer l ON l.kind = k.from_kind AND l.vintage = k.from_vintage
       JOIN area a ON a.layer_id = l.id AND a.code = k.from_code
       JOIN area_edition e ON e.area_id = a.id
       WHERE k.to_code = ? AND k.to_kind = ? AND k.from_kind = 'lsoa'
         AND k.relation IN ('best_fit', 'parent') ORDER BY k.from_code`,
    );
    const kinds = db.prepare(`SELECT word FROM term WHERE list = 'crime type' ORDER BY word`).pluck();
    // The newest import of each police force for each month.
    const months = db.prepare(
      `SELECT month, MAX(import_id) AS import FROM crime_month GROUP BY month, force
       ORDER BY month DESC`,
    );
    const rows = db.prepare(
      `SELECT c.import_id AS import, c.line, k.word AS kind, o.word AS outcome, c.place
       FROM crime c JOIN term k ON k.id = c.kind LEFT JOIN term o ON o.id = c.outcome
       WHERE c.code = ? AND c.month = ? AND c.import_id = ? ORDER BY c.line DESC LIMIT ?`,
    );

    function newest(areas, most) {
      const lines = [];
      for (const { month, import: from } of months.iterate())
        for (const a of areas) {
          for (const r of rows.all(a.code, month, from, most - lines.length))
            lines.push({ ...r, month, code: a.code, area: a.name });
          if (lines.length === most) return lines;
        }
      return lines;
    }

    return ({ code }) => {
      const of = area.get(code);
      if (!of) return null;
      const found = newest(smalls.all(code, of.kind), LINES + 1),
        lines = found.slice(0, LINES),
        last = lines.at(-1);
      return {
        title: `Crime in ${of.name}`,
        zone: zone.get(),
        area: of,
        kinds: kinds.all(),
        lines,
        next:
          found.length > LINES ? `${last.month}-${last.import}-${last.line}-${last.code}` : null,
        monthWords,
      };
    };
  },
};
