// SPDX-License-Identifier: AGPL-3.0-or-later
// When the answer is no: every kind of error is a page in plain English that says what to do next,
// and every answer of every route carries its guards. Unchanged pages are not sent twice.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { request } from "node:http";
import { createConnection } from "node:net";
import { after, test } from "node:test";
import { Answer, Visitor, as, filled, routes, startZone } from "./lib.mjs";
import { loginOf } from "./server.mjs";

const zone = await startZone();
const visitor = await as(zone, "public");
const coordinator = await as(zone, "coordinator");
const police = await as(zone, "police");
after(async () => {
  for (const one of [visitor, coordinator, police]) one.close();
  await zone.close();
});

const GUARDS = {
  "content-security-policy": /^default-src 'none'; .*frame-ancestors 'none'$/,
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /^same-origin$/,
  "cross-origin-opener-policy": /^same-origin$/,
  "cross-origin-resource-policy": /^same-origin$/,
  "permissions-policy": /camera=\(\)/,
};

function guarded(answer) {
  for (const [name, rule] of Object.entries(GUARDS))
    assert.match(answer.headers[name] ?? "", rule, `${answer.what}: ${name}`);
  const csp = answer.headers["content-security-policy"];
  assert.doesNotMatch(csp, /unsafe|\*|https?:/, `${answer.what}: ${csp}`);
  assert.equal(answer.headers.server, undefined, answer.what);
  return answer;
}

// A page of our own: says what happened, what to do, and leads home.
function plain(answer, status, ...words) {
  guarded(answer.is(status)).has(String(status), "What you can do:", ...words);
  assert.match(answer.headers["content-type"], /^text\/html/);
  assert.equal(answer.page.querySelectorAll("h1").length, 1);
  assert.ok(answer.text.includes('href="/"'), "no way home");
  assert.doesNotMatch(answer.said(), /SQL|NULL|assert|\.c:|errno/i);
  assert.match(answer.headers["cache-control"], /no-store/);
  return answer;
}

// One of the pages made when the server started: small, whole, and nobody's cookie comes with it.
function small(answer) {
  assert.ok(answer.body.length > 1000 && answer.body.length < 6000, `${answer.body.length} bytes`);
  assert.equal(Number(answer.headers["content-length"]), answer.body.length);
  assert.equal(answer.headers["set-cookie"], undefined, answer.what);
  return answer;
}

// Words sent as they are; the answer's first line, or all of it.
function raw(text, { whole = false } = {}) {
  return new Promise((done, failed) => {
    let got = "";
    const socket = createConnection(zone.port, "127.0.0.1", () => socket.write(text));
    socket.on("error", failed).on("close", () => done(got));
    socket.on("data", (piece) => {
      got += piece;
      if (!whole) socket.destroy();
    });
  });
}

// A POST whose length is not told before.
function chunked(path, headers, body) {
  return new Promise((done, failed) => {
    const own = { host: `127.0.0.1:${zone.port}`, origin: zone.base };
    const out = request({
      host: "127.0.0.1",
      port: zone.port,
      method: "POST",
      path,
      headers: { ...own, ...headers },
    });
    out.on("error", failed).on("response", async (answer) => {
      const pieces = await answer.toArray();
      const { statusCode: status, headers: got } = answer;
      done(new Answer({ method: "POST", path, status, headers: got, body: Buffer.concat(pieces) }));
    });
    out.end(body);
  });
}

// The only way to break something from outside: change the tables under the running program.
const cluster = process.env.DOORSTEP_TEST_PG;
function sql(statement) {
  const [tool, args] = cluster
    ? ["psql", ["-qX", "-v", "ON_ERROR_STOP=1", "-c", statement, zone.db]]
    : ["sqlite3", [zone.db, statement]];
  const ran = spawnSync(tool, args, { encoding: "utf8" });
  assert.equal(ran.status, 0, `${ran.error ?? ""}${ran.stderr}`);
}

const tokenOn = (answer) => answer.text.match(/name="token" value="([^"]+)"/)[1];

test("400: what cannot be read", async () => {
  plain(await visitor.get("/areas?q=%zz"), 400, "We could not read that");
});

test("403: not for this role; not signed in; not our form", async () => {
  plain(await police.get("/team/accounts"), 403, "Your role does not include this");
  plain(await visitor.post("/team/accounts", { token: "x" }), 403, "You need to sign in");
  plain(await coordinator.post("/team/zone", {}), 403, "This form is too old");
});

test("404: no such page, no such thing", async () => {
  for (const path of ["/no-such-page", "/areas/E99999999", "/partners/999999", "/Partners", "//areas"])
    plain(await visitor.get(path), 404, "This page is not here");
  plain(await coordinator.get("/team/partners/999999"), 404, "There is no such organisation");
});

test("405: reading and writing mixed up", async () => {
  plain(await visitor.post("/figures", {}), 405, "That does not work here");
  plain(await coordinator.get("/sign-out"), 405);
});

test("409: it clashes with what is there", async () => {
  const token = tokenOn(await coordinator.get("/team/accounts"));
  const twice = {
    token,
    name: "Twice",
    login: loginOf("police"),
    role: "police",
    password: "three words and more",
  };
  plain(await coordinator.post("/team/accounts", twice), 409, "There is already an account called");
});

test("413: more than a form takes", async () => {
  const token = tokenOn(await coordinator.get("/team/zone"));
  const answer = await coordinator.post("/team/zone", { token, name: "x".repeat(70_000) });
  plain(small(answer), 413, "That is too large", "Send a smaller file");
});

test("413: more than a form takes, of a length nobody told before", async () => {
  const headers = { "content-type": "application/x-www-form-urlencoded", "transfer-encoding": "chunked" };
  const answer = await chunked("/find", headers, Buffer.alloc(70_000, "x"));
  plain(small(answer), 413, "That is too large");
});

test("414 and 431: an address or headers that are too long", async () => {
  const long = await visitor.get(`/${"a".repeat(9000)}`);
  plain(small(long), 414, "That address is too long", "pasted into the address by mistake");
  const cookie = `crumb=${"x".repeat(14_000)}`;
  const heavy = await visitor.get("/", { headers: { cookie } });
  plain(small(heavy), 431, "Your browser sent too much", "Clear the cookies of this site");
});

test("400 and 405: what the gate turns away gets a page as well", async () => {
  plain(small(await visitor.get("/a%00b")), 400, "We could not read that", "Go back and try again");
  const other = await visitor.send("DELETE", "/");
  plain(small(other), 405, "That does not work here");
  assert.equal(other.headers.allow, "GET, HEAD, POST");
});

test("who turns up with a program that reads no pages is told in plain text", async () => {
  for (const [accept, type] of [
    ["application/json", /^text\/plain; charset=utf-8$/],
    ["text/html,application/xhtml+xml,*/*;q=0.8", /^text\/html; charset=utf-8$/],
    ["*/*", /^text\/html; charset=utf-8$/],
  ]) {
    const answer = await visitor.get("/a%00b", { headers: { accept } });
    guarded(answer.is(400)).has("We could not read that", "Go back and try again.");
    assert.match(answer.headers["content-type"], type);
    assert.equal(/</.test(answer.text), type.test("text/html; charset=utf-8"));
  }
});

test("HEAD is answered without a body, whoever answers", async () => {
  for (const [path, status, headers] of [
    ["/", 200],
    ["/no-such-page", 404],
    ["/a%00b", 400],
    [`/${"a".repeat(9000)}`, 414],
    ["/", 431, { cookie: `crumb=${"x".repeat(14_000)}` }],
  ]) {
    const answer = guarded((await visitor.send("HEAD", path, { headers })).is(status));
    assert.equal(answer.body.length, 0, answer.what);
    if (status >= 414) assert.ok(Number(answer.headers["content-length"]) > 1000, answer.what);
  }
  // And nothing is left over on the connection that a next answer could be mistaken for.
  const host = `Host: 127.0.0.1:${zone.port}\r\n`;
  const said = await raw(`HEAD /%00 HTTP/1.1\r\n${host}\r\n`, { whole: true });
  assert.match(said, /^HTTP\/1\.1 400 /);
  assert.ok(said.endsWith("\r\n\r\n"), said.slice(-80));
});

test("503: what takes too long for a page anybody may ask for is stopped", async () => {
  // As below: a table becomes one that is never read to its end.
  const view = (text) =>
    "CREATE VIEW organisation_alias AS WITH RECURSIVE c(n) AS (SELECT min(id) FROM organisation " +
    "UNION ALL SELECT n + 1 FROM c WHERE n < 2000000000) " +
    `SELECT n AS organisation_id, ${text} AS name, n AS import_id FROM c`;
  sql("ALTER TABLE organisation_alias RENAME TO organisation_alias_gone");
  sql(view(cluster ? "text 'x' COLLATE \"C\"" : "'x'"));
  let answer, other, took;
  try {
    const before = Date.now();
    const slow = visitor.get("/partners/1");
    other = await new Visitor(zone.base).get("/areas"); // nobody else has to wait
    answer = await slow;
    took = Date.now() - before;
  } finally {
    sql("DROP VIEW organisation_alias");
    sql("ALTER TABLE organisation_alias_gone RENAME TO organisation_alias");
  }
  plain(answer, 503, "This took too long, so it was stopped.", "Wait half a minute, then try again");
  assert.equal(answer.headers["retry-after"], "30");
  assert.ok(took >= 1900 && took < 15_000, `${took} ms`);
  other.is(200);
  const logged = zone.said().split("\n").filter((line) => line.includes("busy: GET /partners/:id"));
  assert.equal(logged.length, 1, zone.said());
  (await visitor.get("/partners/1")).is(200);
});

test("422: the form comes back with what was written", async () => {
  const page = await coordinator.get("/team/zone");
  const answer = await coordinator.submit(page, "/team/zone", { name: "", vision: "Still <here>" });
  guarded(answer.is(422)).has("There is 1 thing to put right", "Enter the name of the zone");
  const vision = answer.form("/team/zone").fields.find(([name]) => name === "vision");
  assert.equal(vision[1], "Still <here>");
  const summary = answer.page.querySelector(".govuk-error-summary a");
  assert.equal(summary.getAttribute("href").value, "#name");
});

test("429 is told in session.test.mjs; 503: more at once than this computer can do", async () => {
  const page = await visitor.get("/sign-in");
  const token = tokenOn(page);
  const crowd = Array.from({ length: 60 }, async (_, i) => {
    const one = new Visitor(zone.base);
    one.cookies = new Map(visitor.cookies);
    const answer = await one.post("/sign-in", { token, login: `crowd ${i}`, password: "a guess" });
    one.close();
    return answer;
  });
  const answers = await Promise.all(crowd);
  const busy = answers.filter(({ status }) => status === 503);
  assert.ok(busy.length > 0, answers.map(({ status }) => status).join(" "));
  for (const answer of busy) {
    plain(small(answer), 503, "Very busy just now", "Wait half a minute");
    assert.equal(answer.headers["retry-after"], "30");
  }
  for (const { status } of answers) assert.ok([422, 429, 503].includes(status), `${status}`);
  (await visitor.get("/figures")).is(200); // light pages go on
});

test("500: our mistake has a reference, stands in the log once, and gives nothing away", async () => {
  const rename = (from, to) => sql(`ALTER TABLE ${from} RENAME TO ${to}`);
  rename("organisation_was", "organisation_gone");
  let answer;
  try {
    answer = await coordinator.get("/team/partners/1");
  } finally {
    rename("organisation_gone", "organisation_was");
  }
  plain(answer, 500, "Something broke", "This is our mistake, not yours");
  answer.hasNot("organisation_was", "organisation_gone");
  const reference = answer.said().match(/the reference ([0-9A-F]{6}) helps/)[1];
  const logged = zone.said().split("\n").filter((line) => line.includes(`reference ${reference}`));
  assert.equal(logged.length, 1, zone.said());
  assert.match(logged[0], /GET \/team\/partners\/:id/);
  (await coordinator.get("/team/partners/1")).is(200);
});

test("what no browser sends is refused before anything looks at it", async () => {
  const { port } = zone;
  const host = `Host: 127.0.0.1:${port}\r\n`;
  for (const head of [
    `GET / HTTP/1.1\r\n\r\n`,
    `GET / HTTP/1.1\r\n${host}${host}\r\n`,
    `POST /find HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `GET /%00 HTTP/1.1\r\n${host}\r\n`,
    `GET /..%2f..%2fetc HTTP/1.1\r\n${host}\r\n`,
    `DELETE / HTTP/1.1\r\n${host}\r\n`,
  ])
    assert.match(await raw(head), /^HTTP\/1\.[01] (400|404|405) /, JSON.stringify(head));
});

test("every route of the table answers with its guards, and JavaScript never stands in a page", async () => {
  for (const route of routes(zone.db).filter(({ method }) => method === "GET")) {
    const path = filled(route.path, route.sample);
    for (const who of [visitor, coordinator]) {
      const answer = guarded(await who.get(path));
      const type = answer.headers["content-type"] ?? "";
      if (type.startsWith("text/")) assert.match(type, /; ?charset=utf-8/i, path);
      if (!type.startsWith("text/html")) continue;
      assert.doesNotMatch(answer.text, /<script(?![^>]*\bsrc=)|\son[a-z]+="|\sstyle="|javascript:/i, path);
    }
  }
});

test("pages of people who signed in are kept by nobody", async () => {
  for (const path of ["/team", "/me", "/team/zone", "/team/partners", "/"])
    assert.match((await coordinator.get(path)).headers["cache-control"], /private, no-store/, path);
});

test("an unchanged public page is not sent again; a changed one is", async () => {
  const fresh = new Visitor(zone.base);
  const path = "/partners/1";
  const first = (await fresh.get(path)).is(200);
  const { etag } = first.headers;
  assert.match(etag, /^(W\/)?"/);
  const again = await fresh.get(path, { headers: { "if-none-match": etag } });
  guarded(again.is(304));
  assert.equal(again.body.length, 0);
  const zipped = await fresh.get(path, { headers: { "accept-encoding": "gzip" } });
  assert.notEqual(zipped.headers.etag, etag); // another form, another mark
  assert.match(zipped.headers.vary, /Accept-Encoding/);
  const form = await coordinator.get("/team/partners/1");
  (await coordinator.submit(form, "/team/partners/1", { about: "Something new." })).is(303);
  const changed = await fresh.get(path, { headers: { "if-none-match": etag } });
  changed.is(200).has("Something new.");
  assert.notEqual(changed.headers.etag, etag);
  fresh.close();
});
