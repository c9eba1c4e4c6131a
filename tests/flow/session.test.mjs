// SPDX-License-Identifier: AGPL-3.0-or-later
// Setting up by the one-time link, signing in and out, cookies, and what slows down guessing. How
// long a session lasts is a unit test (tests/unit/people/session_test.c): a test of the running
// program would need a switch for its clock, and the program has none.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { Visitor, as, startZone } from "./lib.mjs";
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

  test("a form from the address behind the proxy is foreign", async () => {
    const visitor = new Visitor(zone.base);
    const page = await visitor.get("/sign-in");
    const headers = { "sec-fetch-site": null, origin: zone.base };
    const login = { login: loginOf("coordinator"), password: PASSWORD };
    (await visitor.submit(page, "/sign-in", login, { headers })).is(403);
    visitor.close();
  });
});
