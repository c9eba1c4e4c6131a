// SPDX-License-Identifier: AGPL-3.0-or-later
// Reading tables a second time, by other means than the program's, and asking it what it holds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { must } from "../flow/server.mjs";

// A CSV file as a list of objects by heading. Headings are trimmed, cells are as written.
export function table(path) {
  const text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  const records = [];
  let cell = "";
  let record = [];
  let quoted = false;
  const endCell = () => {
    record.push(cell);
    cell = "";
  };
  const endRecord = () => {
    endCell();
    if (record.length > 1 || record[0] !== "") records.push(record);
    record = [];
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ",") endCell();
    else if (c === "\n") endRecord();
    else if (c !== "\r") cell += c;
  }
  if (cell !== "" || record.length > 0) endRecord();
  const heads = records.shift().map((head) => head.trim());
  return records.map((one) => Object.fromEntries(heads.map((head, i) => [head, one[i]])));
}

export const profile = (db, code) => JSON.parse(must(db, ["profile", code, "--format", "json"]));

// How many of each there are: { U: 79, S: 4 }.
export function tally(list, key) {
  const n = {};
  for (const one of list) n[key(one)] = (n[key(one)] ?? 0) + 1;
  return n;
}

export const sum = (list, value) => list.reduce((all, one) => all + value(one), 0);

// Numbers that came through a text and a double.
export function near(have, want, what) {
  assert.ok(have !== null && Math.abs(have - want) <= 1e-9 * Math.max(1, Math.abs(want)), what);
}
