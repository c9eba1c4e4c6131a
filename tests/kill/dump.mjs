// SPDX-License-Identifier: AGPL-3.0-or-later
// What a database holds, told so that two of them can be compared: of every table the number of
// rows and a hash over them in order. Keys that are mere numbers count as their place in the order
// in which they were given out (a rolled back transaction leaves a gap in them), moments only as
// there or not there, secrets not at all. Which tables and columns there are stands in the
// migrations.
//
//   dump(db)            { account: "3 rows 5f1c…", … }
//   rows(db, query)     the rows of one query, as lists of texts
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MIGRATIONS = join(dirname(fileURLToPath(import.meta.url)), "../../db/migrations");

// Columns that hold another table's key without saying so.
const UNSAID = { "crime.kind": "term", "crime.outcome": "term", "crime_count.kind": "term" };
// What differs between two runs that did the same.
const OWN = new Set(
  ["audit.prev", "audit.hash", "audit.details"].concat(["secret.value", "account.password"]),
);
const NOT_KEPT = new Set(["session"]);

// [{ name, columns: [{ name, type, refers }], file }], in the order they were made.
export function tables() {
  const found = [];
  for (const file of readdirSync(MIGRATIONS).sort()) {
    const text = readFileSync(join(MIGRATIONS, file), "utf8");
    for (const [, name, body] of text.matchAll(/^CREATE TABLE (\w+) \([^\n]*\n(.*?)^\)/gms)) {
      const columns = body
        .split("\n")
        .map((line) => line.match(/^ {4}([a-z]\w*) (\w+).*?(?:REFERENCES (\w+))?(?: \(id\))?,?$/))
        .filter(Boolean)
        .map(([, column, type, refers]) => ({
          name: column,
          type,
          refers: column === "id" ? name : (refers ?? UNSAID[`${name}.${column}`]),
        }));
      found.push({ name, columns, file });
    }
  }
  return found;
}

const isPostgres = (db) => /^postgres(ql)?:/.test(db);

function run(db, sql, changes = false) {
  const readonly = changes ? [] : ["-readonly"];
  const [program, args] = isPostgres(db)
    ? ["psql", ["-qAtX", "-v", "ON_ERROR_STOP=1", "-F", "\x1f", "-P", "null=NULL", db]]
    : ["sqlite3", [...readonly, "-batch", "-separator", "\x1f", "-nullvalue", "NULL", db]];
  const ran = spawnSync(program, args, { input: sql, encoding: "utf8", maxBuffer: 1 << 30 });
  if (ran.error) throw ran.error;
  if (ran.status !== 0 || ran.stderr) throw new Error(`${program}: ${ran.stderr}`);
  return ran.stdout;
}

// A change behind the program's back: a planted fault.
export const planted = (db, statement) => run(db, `${statement};`, true);

export const rows = (db, query) =>
  run(db, `${query};`)
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\x1f"));

function queryOf(db, { name, columns }) {
  const joins = [];
  const told = columns.map(({ name: column, refers }, i) => {
    const full = `t.${column}`;
    if (OWN.has(`${name}.${column}`)) return "1";
    if (`${name}.${column}` === "audit.subject")
      return `CASE WHEN ${full} LIKE 'import:%' THEN 'import' ELSE ${full} END`;
    if (column.endsWith("_ms")) return `CASE WHEN ${full} IS NULL THEN 0 ELSE 1 END`;
    if (refers) {
      joins.push(
        `LEFT JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM ${refers}) k${i} ` +
          `ON k${i}.id = ${full}`,
      );
      return `k${i}.place`;
    }
    if (isPostgres(db)) return `${full}::text`;
    return `CASE WHEN typeof(${full}) = 'blob' THEN hex(${full}) ELSE ${full} END`;
  });
  const order = told.map((_, i) => i + 1).join(", ");
  return `SELECT ${told.join(", ")} FROM ${name} t ${joins.join(" ")} ORDER BY ${order}`;
}

// Kinds of crime stand as "4:12 7:1", each a term's key and a number.
function placeOfTerm(db) {
  const place = new Map(rows(db, "SELECT id FROM term ORDER BY id").map(([id], i) => [id, i + 1]));
  return (_, id) => `${place.get(id)}:`;
}

export function dump(db) {
  const all = tables().filter(({ name }) => !NOT_KEPT.has(name));
  const mark = (name) => `=== ${name}`;
  const script = all.map((table) => `SELECT '${mark(table.name)}';\n${queryOf(db, table)};\n`);
  const told = {};
  const out = run(db, script.join(""));
  const starts = all.map(({ name }) => out.indexOf(`${mark(name)}\n`)).concat(out.length);
  all.forEach(({ name }, i) => {
    let text = out.slice(starts[i] + mark(name).length + 1, starts[i + 1]);
    if (name === "crime_count") text = text.replace(/\b(\d+):/g, placeOfTerm(db));
    const n = text.split("\n").length - 1;
    told[name] = `${n} rows ${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
  });
  return told;
}

let databases = 0;

// A new database in the cluster at DOORSTEP_PG, or undefined without one.
export function postgresDatabase() {
  const cluster = process.env.DOORSTEP_PG;
  if (!cluster) return undefined;
  const name = `kill_${process.pid}_${++databases}`;
  run(cluster, `CREATE DATABASE ${name};`);
  return {
    db: cluster.replace(/\/[^/?]*(\?|$)/, `/${name}$1`),
    drop: () => run(cluster, `DROP DATABASE ${name} WITH (FORCE);`),
  };
}
