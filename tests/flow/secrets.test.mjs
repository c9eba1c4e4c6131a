// SPDX-License-Identifier: AGPL-3.0-or-later
// What is never written down. People set a zone up, sign in, change passwords and are given new
// ones; afterwards no byte of the database, its write-ahead log, a backup or the program's own log
// holds a password, a session's or visitor's cookie, the key of the set-up link or a form's token:
// not as it was sent, nor as base64, hexadecimal or the bytes it stands for. (PostgreSQL's files
// are searched as a plain dump.) What the search would miss, it is shown at the end.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { planted } from "../kill/dump.mjs";
import { Visitor } from "./lib.mjs";
import { freshDatabase, must, serve } from "./server.mjs";

const POSTGRES = process.env.DOORSTEP_TEST_PG;
const AMINA = "amina@example.org"; // no secret: where she is not found, we look in the wrong place
const folder = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "secrets-"));
const { db, drop } = freshDatabase();
let server = await serve(db, { args: ["--state", folder] });
after(async () => {
  await server?.stop();
  drop();
  rmSync(folder, { recursive: true, force: true });
});

// ---- what is secret, and how it might stand somewhere --------------------------------------------

const secrets = new Map(); // text -> what it is
const hide = (what, text) => {
  if (!secrets.has(text)) secrets.set(text, what);
  return text;
};

// Base64 of a text that stands anywhere in a longer one: what is the same whatever is around it.
function base64Within(bytes) {
  return [0, 1, 2].map((before) => {
    const all = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64").replace(/=+$/, "");
    const from = [0, 2, 3][before];
    return all.slice(from, all.length - ((before + bytes.length) % 3 === 0 ? 0 : 1));
  });
}

function formsOf(text) {
  const forms = new Map();
  const add = (how, piece) => forms.set(how, Buffer.from(piece));
  const encoded = (how, bytes) => {
    add(`${how} in hexadecimal`, bytes.toString("hex"));
    add(`${how} in HEXADECIMAL`, bytes.toString("hex").toUpperCase());
    base64Within(bytes).forEach((piece, i) => {
      add(`${how} in base64 (${i})`, piece);
      add(`${how} in base64url (${i})`, piece.replaceAll("+", "-").replaceAll("/", "_"));
    });
  };
  add("as it is", text);
  add("in small letters", text.toLowerCase());
  add("as a form sends it", new URLSearchParams({ x: text }).toString().slice(2));
  add("as an address has it", encodeURIComponent(text));
  encoded("as it is", Buffer.from(text));
  if (/^[\w-]{16,}$/.test(text)) {
    const bytes = Buffer.from(text, "base64url");
    add("as bytes", bytes);
    encoded("as bytes", bytes);
    if (bytes.length === 64) {
      // A form's token: what is left when its mask is off.
      const tag = bytes.subarray(0, 32).map((one, i) => one ^ bytes[32 + i]);
      add("unmasked", tag);
      encoded("unmasked", Buffer.from(tag));
    }
  }
  return forms;
}

// Every secret in these bytes, as "the session cookie, as bytes".
function found(bytes) {
  const told = [];
  for (const [text, what] of secrets)
    for (const [how, piece] of formsOf(text)) if (bytes.includes(piece)) told.push(`${what}, ${how}`);
  return told;
}

// ---- where one could stand -----------------------------------------------------------------------

function filesIn(where) {
  return readdirSync(where, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath ?? one.path, one.name));
}

// [{ name, bytes }]: everything that holds a database.
function placesOf(which) {
  if (!POSTGRES) return filesIn(dirname(which)).map((name) => ({ name, bytes: readFileSync(name) }));
  const ran = spawnSync("pg_dump", [which], { maxBuffer: 1 << 28 });
  assert.equal(ran.status, 0, `${ran.error ?? ""}${ran.stderr}`);
  return [{ name: "pg_dump", bytes: ran.stdout }];
}

// The backup file itself, and what it holds, put into a database of its own.
function placesOfBackup() {
  const file = join(folder, "zone.backup");
  must(db, ["backup", file]);
  const other = freshDatabase();
  try {
    must(other.db, ["restore", file]);
    return [
      { name: "the backup", bytes: readFileSync(file), packed: true },
      ...placesOf(other.db).map(({ name, bytes }) => ({ name: `the backup’s ${name}`, bytes })),
    ];
  } finally {
    other.drop();
    rmSync(file);
  }
}

const LINK = /^Set up here \(works once\): \S+\/set-up\?key=(\S+)$/m;
// What the program said, but for the one line that is there to hand over the key.
const logOf = (said) => ({ name: "the log", bytes: Buffer.from(said.replace(LINK, "")), packed: true });

const all = () => [...placesOf(db), ...filesIn(folder).map((name) => ({ name, bytes: readFileSync(name) }))];

function clean(places) {
  for (const { name, bytes } of places) assert.deepEqual(found(bytes), [], name);
  const hers = places.filter(({ bytes, packed }) => !packed && bytes.includes(AMINA));
  assert.ok(hers.length > 0, `Amina is in none of ${places.map(({ name }) => name).join(", ")}`);
}

// ---- the people ----------------------------------------------------------------------------------

// A visitor who notes every secret that passes by.
class Watched extends Visitor {
  async send(...request) {
    const answer = await super.send(...request);
    for (const [, token] of answer.text.matchAll(/name="token" value="([^"]+)"/g))
      hide("a form’s token", token);
    return answer;
  }

  keep(lines) {
    super.keep(lines);
    for (const name of ["session", "visitor"])
      if (this.cookies.has(name)) hide(`the ${name} cookie`, this.cookies.get(name));
  }
}

async function signedIn(login, password) {
  const one = new Watched(server.base);
  (await one.submit(await one.get("/sign-in"), "/sign-in", { login, password })).to("/team");
  return one;
}

const password = (text) => hide("a password", text);

test("people set up, sign in, change passwords, and are given new ones", async () => {
  const amina = new Watched(server.base);
  const key = hide("the set-up key", server.said().match(LINK)[1]);
  const first = password("Nine green bottles +1");
  const zone = { name: "Amina", login: AMINA, zone: "Leys", challenge: "How might we begin?" };
  const page = (await amina.get(`/set-up?key=${encodeURIComponent(key)}`)).is(200);
  (await amina.submit(page, "/set-up", { ...zone, password: password("too short!") })).is(422);
  (await amina.submit(page, "/set-up", { ...zone, password: first })).to("/team");
  (await amina.get("/team")).is(200);
  const phone = await signedIn(AMINA, first);
  const wrong = { login: AMINA, password: password("Eight green bottles") };
  const visitor = new Watched(server.base);
  (await visitor.submit(await visitor.get("/sign-in"), "/sign-in", wrong)).is(422);
  // People do write a password where the name belongs.
  const slip = { login: password("oh dear the wrong field"), password: password("oh dear again ÄÖ") };
  (await visitor.submit(await visitor.get("/sign-in"), "/sign-in", slip)).is(422);

  const second = password("Ten purple kettles / 2");
  const change = { old: first, password: second, again: second };
  (await amina.submit(await amina.get("/me/password"), "/me/password", change)).to("/me");
  const ben = { name: "Ben", login: "ben", role: "panel", password: password("grey rain over leys") };
  (await amina.submit(await amina.get("/team/accounts"), "/team/accounts", ben)).is(303);
  const bens = await signedIn("ben", ben.password);
  const accounts = await amina.get("/team/accounts");
  (await amina.post("/team/accounts/close", { token: tokenOf(accounts), login: "ben" })).is(303);
  const again = { closed: "ben", new_password: password("yellow sun over leys") };
  const open = await amina.get("/team/accounts");
  (await amina.submit(open, "/team/accounts/reopen", again)).is(303);
  const bens2 = await signedIn("ben", again.new_password);
  (await bens2.submit(await bens2.get("/me"), "/sign-out")).to("/");
  (await amina.submit(await amina.get("/me"), "/sign-out-everywhere")).to("/sign-in");
  // Something that stays open, so that a session is there to be found.
  await signedIn(AMINA, second);
  for (const one of [amina, phone, visitor, bens, bens2]) one.close();

  const kinds = new Map();
  for (const what of secrets.values()) kinds.set(what, (kinds.get(what) ?? 0) + 1);
  assert.equal(kinds.get("the set-up key"), 1);
  assert.equal(kinds.get("a password"), 8);
  assert.ok(kinds.get("the session cookie") >= 6, [...kinds].join("; "));
  assert.ok(kinds.get("the visitor cookie") >= 2, [...kinds].join("; "));
  assert.ok(kinds.get("a form’s token") >= 12, [...kinds].join("; "));
});

const tokenOf = (answer) => answer.text.match(/name="token" value="([^"]+)"/)[1];

test("nothing of it is in the database, its log, a backup, or what the program said", () => {
  const places = all();
  if (!POSTGRES) {
    const wal = places.find(({ name }) => name.endsWith("-wal"));
    assert.ok(wal?.bytes.length > 4096, "a write-ahead log with something in it");
    assert.ok(wal.bytes.includes("sign-in"), "the trail of somebody who came in is in it");
  }
  clean([...places, logOf(server.said())]);
  clean(placesOfBackup());
});

test("the key of the set-up link was said once, to whoever started the program", () => {
  const [key] = [...secrets].find(([, what]) => what === "the set-up key");
  assert.equal(server.said().split(key).length, 2);
});

test("nor when the server has stopped, and passwords came from the command line", async () => {
  const said = server.said();
  await server.stop();
  server = undefined;
  const person = (login) => ["user", "add", "--login", login, "--name", "Cal", "--role", "partner"];
  const typed = password("blue hats for everyone");
  must(db, [...person("cal"), "--password-stdin"], { input: `${typed}\n` });
  password(must(db, person("dee")).match(/is (\S{16,})\n/)[1]);
  must(db, ["user", "disable", "dee"]);
  password(must(db, ["user", "reopen", "dee"]).match(/is (\S{16,})\n/)[1]);
  clean([...all(), logOf(said)]);
  clean(placesOfBackup());
});

// ---- the checker is checked ----------------------------------------------------------------------

const blob = (bytes) => (POSTGRES ? `'\\x${bytes.toString("hex")}'` : `X'${bytes.toString("hex")}'`);
const tokens = () => [...secrets].filter(([text]) => /^[\w-]{16,}$/.test(text));

const PLANTS = {
  "a session cookie in a name": ["the session cookie, as it is", (text) =>
    `UPDATE account SET name = '${text}' WHERE login = 'ben'`],
  "the bytes of a session cookie": ["the session cookie, as bytes", (text) =>
    `INSERT INTO secret (name, value) VALUES ('planted', ${blob(Buffer.from(text, "base64url"))})`],
  "a form’s token, in base64, within other words": ["a form’s token, as it is in base64", (text) =>
    `UPDATE zone SET challenge = '${Buffer.from(`so ${text} it is`).toString("base64")}'`],
  "what a form’s token hides": ["a form’s token, unmasked", (text) => {
    const bytes = Buffer.from(text, "base64url");
    const tag = bytes.subarray(0, 32).map((one, i) => one ^ bytes[32 + i]);
    return `INSERT INTO secret (name, value) VALUES ('planted', ${blob(Buffer.from(tag))})`;
  }],
  "the key of the set-up link, in hexadecimal": ["the set-up key, as it is in hexadecimal", (text) =>
    `UPDATE zone SET vision = '${Buffer.from(text).toString("hex")}'`],
  "a password": ["a password, as it is", (text) =>
    `UPDATE account SET password = '${text}' WHERE login = 'ben'`],
};

for (const [what, [says, statement]] of Object.entries(PLANTS))
  test(`the search is shown ${what}, and tells`, async () => {
    const kind = says.split(", ")[0];
    const [text] = [...(kind === "a password" ? secrets : tokens())].findLast(([, one]) => one === kind);
    const [undo, redo] = ["account", "zone"].map((table) =>
      `UPDATE ${table} SET ${table === "zone" ? "challenge = 'x', vision = 'x'" : "name = 'Ben', password = 'x'"}` +
        (table === "zone" ? "" : " WHERE login = 'ben'"));
    // With somebody reading, the log of what was written stays beside the file.
    const reader = await serve(db, { args: ["--state", folder] });
    try {
      planted(db, statement(text));
      const places = placesOf(db);
      const told = places.flatMap(({ name, bytes }) => found(bytes).map((one) => ({ name, one })));
      assert.ok(told.some(({ one }) => one.startsWith(says)), `${says}: ${JSON.stringify(told)}`);
      if (!POSTGRES)
        assert.ok(told.some(({ name, one }) => one.startsWith(says) && name.endsWith("-wal")), "in the WAL");
      const backup = placesOfBackup().flatMap(({ bytes }) => found(bytes));
      assert.ok(backup.some((one) => one.startsWith(says)), `in the backup: ${backup}`);
      assert.throws(() => clean(places));
      assert.notDeepEqual(found(logOf(`gate: 400: ${text}`).bytes), []);
    } finally {
      planted(db, "DELETE FROM secret WHERE name = 'planted'");
      planted(db, undo);
      planted(db, redo);
      await reader.stop();
    }
    clean(all()); // and what was deleted is gone, from every page of the file
  });
