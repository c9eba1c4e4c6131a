// SPDX-License-Identifier: AGPL-3.0-or-later
// Setting up by the one-time link, signing in and out, how long that lasts, cookies, and what slows
// down guessing. The program has no switch for its clock, so time passes here by making a session
// older in the database; the exact limits are tests/unit/people/session_test.c. (Changing a
// password, opening an account again: password.test.mjs.)
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { planted, rows } from "../kill/dump.mjs";
import { Visitor, as, filled, routes, startZone } from "./lib.mjs";
import { PASSWORD, freshDatabase, loginOf, serve } from "./server.mjs";

const LINK = /Set up here \(works once\): \S+?(\/set-up\?key=\S+)/;

describe("setting up", async () => {
  const { db, drop } = freshDatabase();
  const server = await serve(db);
  after(async () => {
    await server.stop();
    drop();
  });
  const first = new Visitor(server.base);
  const link = server.said().match(LINK)[1];
  const wanted = {
    name: "Amina",
    login: "amina@example.org",
    password: PASSWORD,
    zone: "Leys",
    challenge: "How might we begin?",
  };

  test("a wrong or missing key opens nothing", async () => {
    for (const path of ["/set-up", "/set-up?key=AAAA"])
      (await first.get(path)).is(200).has("needs the one-time link").hasNot('name="login"');
    const page = await first.get(link);
    const answer = await first.submit(page, "/set-up", { ...wanted, key: "AAAA" });
    assert.equal(answer.status, 403);
  });

  test("what is missing or weak is said at its field, and what was written stays", async () => {
    const page = (await first.get(link)).is(200);
    const answer = await first.submit(page, "/set-up", { ...wanted, password: "password1234" });
    answer.is(422).has("people guess first");
    assert.equal(answer.form("/set-up").fields.find(([name]) => name === "zone")[1], "Leys");
    answer.hasNot("password1234");
    (await first.submit(page, "/set-up", { ...wanted, zone: "", name: "" }))
      .is(422)
      .has("There are 2 things to put right", "Enter your name", "Enter the name of the zone");
  });

  test("the link opens the zone and signs its coordinator in", async () => {
    const page = (await first.get(link)).is(200);
    (await first.submit(page, "/set-up", wanted)).to("/team");
    (await first.get("/team")).is(200).has("Hello, Amina", "The zone is set up", "0 of 6 steps");
    (await first.get("/")).is(200).has("How might we begin?");
  });

  test("the link works once", async () => {
    const second = new Visitor(server.base);
    (await second.get(link)).to("/sign-in");
    const page = await second.get("/sign-in");
    const token = page.text.match(/name="token" value="([^"]+)"/)[1];
    const key = decodeURIComponent(link.split("key=")[1]);
    const again = { ...wanted, login: "mallory", name: "Mallory", key, token };
    const answer = await second.post("/set-up", again);
    assert.ok([403, 409].includes(answer.status), `${answer.status}`);
    (await first.get("/team/accounts")).is(200).hasNot("Mallory", "mallory");
    second.close();
  });

  test("a server that is started again prints no link", async () => {
    first.close();
    await server.stop();
    const again = await serve(db);
    assert.doesNotMatch(again.said(), LINK);
    const visitor = new Visitor(again.base);
    (await visitor.get("/set-up?key=AAAA")).to("/sign-in");
    visitor.close();
    await again.stop();
    server.stop = async () => {};
  });
});

// Looks at every cookie that any page sets, for visitors and the coordinator, and at those of
// signing in, of a message, and of signing out, which takes the session away as it was given.
async function everyCookie(zone, rule, headers = {}) {
  const seen = new Map();
  const note = (answer) => {
    for (const line of answer.headers["set-cookie"] ?? []) {
      assert.match(line, rule, answer.what);
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      seen.set(`${name} ${value ? "given" : "taken"}`, line);
    }
    return answer;
  };
  const visitor = new Visitor(zone.base);
  const one = new Visitor(zone.base);
  const login = { login: loginOf("coordinator"), password: PASSWORD };
  const page = note(await one.get("/sign-in"));
  note(await one.submit(page, "/sign-in", login, { headers })).to("/team");
  for (const { path, sample } of routes(zone.db).filter(({ method }) => method === "GET"))
    for (const who of [visitor, one]) note(await who.get(filled(path, sample)));
  const zonePage = note(await one.get("/team/zone"));
  note(await one.submit(zonePage, "/team/zone", {}, { headers })).is(303);
  note(await one.get("/team/zone"));
  note(await one.submit(note(await one.get("/me")), "/sign-out", {}, { headers })).to("/");
  const bare = (name) => [...seen.keys()].some((key) => key.replace(/^__Host-/, "") === name);
  for (const name of ["visitor given", "session given", "flash given", "flash taken", "session taken"])
    assert.ok(bare(name), `${name}: ${[...seen.keys()].join(", ")}`);
  for (const [key, line] of seen)
    if (key.endsWith("taken")) assert.match(line, /; Max-Age=0$/, line);
    else if (key.includes("session")) assert.match(line, /; Max-Age=28800$/, line); // eight hours
    else if (key.includes("visitor")) assert.doesNotMatch(line, /Max-Age|Expires/i, line);
  visitor.close();
  one.close();
}

describe("signing in", async () => {
  const zone = await startZone();
  after(() => zone.close());
  const signIn = async (visitor, login, password, next) => {
    const page = await visitor.get(`/sign-in${next ? `?next=${encodeURIComponent(next)}` : ""}`);
    return visitor.submit(page, "/sign-in", { login, password });
  };
  const wrong = "do not fit together";

  test("a wrong password and an unknown name get the same answer", async () => {
    const visitor = new Visitor(zone.base);
    for (const [login, password] of [
      [loginOf("evaluator"), "not this one"],
      ["nobody at all", PASSWORD],
    ]) {
      const answer = await signIn(visitor, login, password);
      answer.is(422).has(wrong).hasNot(password);
      assert.equal(answer.headers["retry-after"], undefined);
    }
    visitor.close();
  });

  test("capital letters in the name one signs in with make no difference", async () => {
    const visitor = new Visitor(zone.base);
    (await signIn(visitor, loginOf("evaluator").toUpperCase(), PASSWORD)).to("/team");
    visitor.close();
  });

  test("one is led to the page one wanted, and never off the site", async () => {
    for (const [next, to] of [
      ["/team/zone", "/team/zone"],
      ["/areas?q=a b", "/team"],
      ["//foreign.example", "/team"],
      ["https://foreign.example/", "/team"],
      ["/\\foreign.example", "/team"],
      ["javascript:alert(1)", "/team"],
    ]) {
      const visitor = new Visitor(zone.base);
      (await signIn(visitor, loginOf("coordinator"), PASSWORD, next)).to(to);
      visitor.close();
    }
    const visitor = new Visitor(zone.base);
    (await visitor.get("/team/zone")).to("/sign-in?next=%2Fteam%2Fzone");
    visitor.close();
  });

  test("the session cookie is for the server alone; signing in gives a new one", async () => {
    const visitor = new Visitor(zone.base);
    const answer = await signIn(visitor, loginOf("panel"), PASSWORD);
    const cookie = answer.headers["set-cookie"].find((line) => line.startsWith("session="));
    assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Lax/);
    const one = visitor.cookies.get("session");
    visitor.cookies.delete("session");
    await signIn(visitor, loginOf("panel"), PASSWORD);
    assert.notEqual(visitor.cookies.get("session"), one);
    visitor.close();
  });

  test("signing out ends this session on the server, and only this one", async () => {
    const phone = await as(zone, "resident");
    const desk = await as(zone, "resident");
    const kept = phone.cookies.get("session");
    const page = (await phone.get("/me")).is(200).has("Where you are signed in");
    (await phone.submit(page, "/sign-out")).to("/");
    assert.equal(phone.cookies.get("session"), undefined);
    phone.cookies.set("session", kept); // a copy of the cookie is worth nothing
    (await phone.get("/me")).to("/sign-in?next=%2Fme");
    (await desk.get("/me")).is(200);
    phone.close();
    desk.close();
  });

  test("signing out everywhere ends them all", async () => {
    const devices = [];
    for (let i = 0; i < 3; i++) devices.push(await as(zone, "outreach"));
    const other = await as(zone, "evaluator");
    const page = (await devices[0].get("/me")).is(200);
    (await devices[0].submit(page, "/sign-out-everywhere")).to("/sign-in");
    for (const device of devices) (await device.get("/me")).to("/sign-in?next=%2Fme");
    (await other.get("/me")).is(200);
    for (const one of [...devices, other]) one.close();
  });

  test("a closed account is out at once", async () => {
    const coordinator = await as(zone, "coordinator");
    const partner = await as(zone, "partner");
    const page = (await coordinator.get("/team/accounts")).is(200);
    const token = page.text.match(/name="token" value="([^"]+)"/)[1];
    const close = { login: loginOf("partner"), token };
    (await coordinator.post("/team/accounts/close", close)).to("/team/accounts");
    (await partner.get("/me")).to("/sign-in?next=%2Fme");
    (await signIn(partner, loginOf("partner"), PASSWORD)).is(422).has(wrong);
    const own = { login: loginOf("coordinator"), token };
    (await coordinator.post("/team/accounts/close", own))
      .is(409)
      .has("You cannot close your own account");
    coordinator.close();
    partner.close();
  });

  test("after ten wrong tries the account’s sign-in waits, and says how long", async () => {
    const visitor = new Visitor(zone.base);
    for (let i = 0; i < 10; i++) (await signIn(visitor, "guessed", `guess ${i}`)).is(422);
    const answer = await signIn(visitor, "GUESSED", "guess 11");
    answer.is(429).has("Too many tries", "Wait a few minutes");
    const wait = Number(answer.headers["retry-after"]);
    assert.ok(wait >= 1 && wait <= 300, `${wait}`);
    visitor.close();
  });
});

describe("being signed in", async () => {
  const zone = await startZone(); // its own: from one address there are thirty tries in five minutes
  after(() => zone.close());
  const MINUTE = 60_000;
  const SIGN_IN = "/sign-in?next=%2Fme";
  const idOf = (role) =>
    rows(zone.db, `SELECT id FROM account WHERE login = '${loginOf(role)}'`)[0][0];
  // Makes the sessions of a role older, and last used as long ago.
  const older = (role, made, seen) =>
    planted(
      zone.db,
      `UPDATE session SET created_ms = created_ms - ${made}, seen_ms = seen_ms - ${seen} ` +
        `WHERE account_id = ${idOf(role)}`,
    );

  test("half an hour without use ends it", async () => {
    const one = await as(zone, "police");
    older("police", 29 * MINUTE, 29 * MINUTE);
    (await one.get("/me")).is(200);
    const seen = () =>
      Date.now() - rows(zone.db, `SELECT seen_ms FROM session WHERE account_id = ${idOf("police")}`)[0][0];
    for (let i = 0; i < 100 && seen() > MINUTE; i++) await new Promise((done) => setTimeout(done, 20));
    assert.ok(seen() < MINUTE, "use was noted"); // so another half hour begins
    older("police", 0, 29 * MINUTE);
    (await one.get("/me")).is(200);
    for (let i = 0; i < 100 && seen() > MINUTE; i++) await new Promise((done) => setTimeout(done, 20));
    older("police", 0, 31 * MINUTE);
    (await one.get("/me")).to(SIGN_IN);
    const answer = await one.post("/sign-out-everywhere", {}); // nor does it act any more
    answer.is(403).has("You need to sign in");
    one.close();
  });

  test("eight hours in all end it, however much it is used", async () => {
    const one = await as(zone, "police");
    older("police", 8 * 60 * MINUTE - MINUTE, 0);
    (await one.get("/me")).is(200);
    older("police", 2 * MINUTE, 0);
    (await one.get("/me")).to(SIGN_IN);
    one.close();
  });

  test("what is over is not told as a place where one is signed in, and is swept out", async () => {
    const places = async (visitor) =>
      (await visitor.get("/me")).is(200).page.querySelectorAll(".ds-cards li").length;
    const first = await as(zone, "panel");
    const before = await places(first);
    older("panel", 31 * MINUTE, 31 * MINUTE);
    const second = await as(zone, "panel"); // beginning one sweeps
    assert.equal(await places(second), 1);
    assert.ok(before >= 1);
    const kept = rows(zone.db, `SELECT id FROM session WHERE account_id = ${idOf("panel")}`);
    assert.equal(kept.length, 1);
    first.close();
    second.close();
  });

  test("another role holds from the next page on, with no need to sign in again", async () => {
    const one = await as(zone, "evaluator");
    const become = (role) =>
      planted(zone.db, `UPDATE account SET role = '${role}' WHERE login = '${loginOf("evaluator")}'`);
    (await one.get("/team/accounts")).is(403);
    become("coordinator");
    const page = (await one.get("/team/accounts")).is(200);
    become("evaluator");
    (await one.get("/team/accounts")).is(403).hasNot(loginOf("coordinator"));
    const sent = { name: "Mallory", login: "mallory", role: "coordinator", password: "three words and more" };
    (await one.submit(page, "/team/accounts", sent)).is(403).has("Your role does not include this");
    assert.deepEqual(rows(zone.db, "SELECT id FROM account WHERE login = 'mallory'"), []);
    one.close();
  });

  test("every cookie is out of reach for scripts, and for this site’s own pages", async () => {
    await everyCookie(zone, /^(session|visitor|flash)=[^;]*; Path=\/; HttpOnly; SameSite=Lax(; Max-Age=\d+)?$/);
  });
});

describe("behind https", async () => {
  const zone = await startZone({ args: ["--origin", "https://zone.example"] });
  after(() => zone.close());
  const secure = { headers: { origin: "https://zone.example" } };

  test("cookies are __Host- cookies that only travel over https", async () => {
    const visitor = new Visitor(zone.base);
    const page = (await visitor.get("/sign-in")).is(200);
    assert.match(page.headers["set-cookie"].join("\n"), /^__Host-visitor=[^;]+;.*; Secure/m);
    assert.match(page.headers["strict-transport-security"], /max-age=\d{8}/);
    const login = { login: loginOf("coordinator"), password: PASSWORD };
    const answer = (await visitor.submit(page, "/sign-in", login, secure)).to("/team");
    const cookie = answer.headers["set-cookie"].find((line) => line.includes("session="));
    assert.match(cookie, /^__Host-session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure/);
    (await visitor.get("/team")).is(200);
    const bare = new Visitor(zone.base); // a cookie without the prefix is no session
    bare.cookies.set("session", visitor.cookies.get("__Host-session"));
    (await bare.get("/team")).is(303);
    visitor.close();
    bare.close();
  });

  test("so is every cookie, on every page", async () => {
    const rule =
      /^__Host-(session|visitor|flash)=[^;]*; Path=\/; HttpOnly; SameSite=Lax; Secure(; Max-Age=\d+)?$/;
    await everyCookie(zone, rule, secure.headers);
  });

  test("a form from the address behind the proxy is foreign", async () => {
    const visitor = new Visitor(zone.base);
    const page = await visitor.get("/sign-in");
    const headers = { "sec-fetch-site": null, origin: zone.base };
    const login = { login: loginOf("coordinator"), password: PASSWORD };
    (await visitor.submit(page, "/sign-in", login, { headers })).is(403);
    visitor.close();
  });
});
