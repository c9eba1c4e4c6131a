// SPDX-License-Identifier: AGPL-3.0-or-later
// A good table (good.mjs), to be changed in one place.
import { GOOD } from "./good.mjs";

export const utf8 = (text) => Buffer.from(text, "utf8");
export const utf16 = (text) => Buffer.from(`\ufeff${text}`, "utf16le");

// The cells of a table of ours; none of them holds a line end.
const cells = (line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
export const bare = (cell) => cell.replace(/^"|"$/g, "");

class Table {
  constructor(text) {
    this.rows = text.trimEnd().split("\r\n").map(cells);
  }

  at(heading) {
    const found = this.rows[0].findIndex((cell) => bare(cell) === heading);
    if (found < 0) throw new Error(`no heading “${heading}”`);
    return found;
  }

  set(row, heading, value) {
    this.rows[row - 1][this.at(heading)] = value;
    return this;
  }

  get(row, heading) {
    return this.rows[row - 1][this.at(heading)];
  }

  rename(heading, other) {
    this.rows[0][this.at(heading)] = other;
    return this;
  }

  drop(heading) {
    const at = this.at(heading);
    for (const row of this.rows) row.splice(at, 1);
    return this;
  }

  repeat(row) {
    this.rows.push([...this.rows[row - 1]]);
    return this;
  }

  get text() {
    return this.rows.map((row) => row.join(",")).join("\r\n") + "\r\n";
  }
}

export const table = (family) => new Table(GOOD[family].text());
