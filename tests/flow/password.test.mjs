// SPDX-License-Identifier: AGPL-3.0-or-later
// Changing one's own password, and opening a closed account again: who may, what it takes, what it
// ends, and what the trail says about it.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { rows } from "../kill/dump.mjs";
import { Visitor, as, doorstep, must, startZone } from "./lib.mjs";
import { PASSWORD, freshDatabase, loginOf, serve } from "./server.mjs";

const NEW = "seven quiet herons wading";

async function signIn(zone, login, password) {
  const visitor = new Visitor(zone.base);
  const page = await visitor.get("/sign-in");
  return { visitor, answer: await visitor.submit(page, "/sign-in", { login, password }) };
}

async function may(zone, login, password) {
  const { visitor, answer } = await signIn(zone, login, password);
  visitor.close();
  if (answer.status === 422) answer.has("do not fit together");
  else answer.to("/team");
  return answer.status === 303;
}

const trail = (zone, action) =>
  rows(zone.db, `SELECT actor, action, subject, purpose FROM audit WHERE action = '${action}' ORDER BY seq`);
const accountOf = (zone, login) => rows(zone.db, `SELECT id FROM account WHERE login = '${login}'`)[0][0];

// A zone for each part: from one address there are thirty tries in five minutes.
describe("changing one’s own password", async () => {
  const zone = await startZone();
  after(() => zone.close());
  const change = async (visitor, values) =>
    visitor.submit(await visitor.get("/me/password"), "/me/password", values);

  test("one finds it on the page of one’s account", async () => {
    for (const role of ["coordinator", "resident"]) {
      const one = await as(zone, role);
      const page = (await one.get("/me")).is(200).has("Change your password");
      assert.ok(page.text.includes('href="/me/password"'), role);
      (await one.get("/me/password")).is(200).has("You stay signed in here");
      one.close();
    }
  });

  test("what is wrong is said at its field, and no password comes back", async () => {
    const one = await as(zone, "panel");
    for (const [values, field, says] of [
      [{ old: "", password: NEW, again: NEW }, "old", "Enter your password"],
      [{ old: PASSWORD, password: "short", again: "short" }, "password", "Use at least 12 characters"],
      [{ old: PASSWORD, password: "password12345", again: "password12345" }, "password", "people guess first"],
      [{ old: PASSWORD, password: "x".repeat(20), again: "x".repeat(20) }, "password", "one character again"],
      [{ old: PASSWORD, password: `so ${loginOf("panel")} 1`, again: `so ${loginOf("panel")} 1` }, "password", "Leave your own name out"],
      [{ old: PASSWORD, password: PASSWORD, again: PASSWORD }, "password", "the password you have now"],
      [{ old: PASSWORD, password: NEW, again: `${NEW}s` }, "again", "The two new passwords are not the same"],
      [{ old: PASSWORD, password: NEW, again: "" }, "again", "Enter the new password again"],
      [{ old: "not this one", password: NEW, again: NEW }, "old", "This is not your password"],
    ]) {
      const answer = (await change(one, values)).is(422).has("There is 1 thing to put right");
      const place = answer.page.querySelector(`#${field}-error`);
      assert.ok(place?.textContent.includes(says), `${says}: ${answer.said()}`);
      for (const password of Object.values(values))
        if (password) answer.hasNot(password.replaceAll("<", "&lt;"));
    }
    one.close();
    assert.ok(await may(zone, loginOf("panel"), PASSWORD)); // nothing of it was kept
    assert.ok(!(await may(zone, loginOf("panel"), NEW)));
    assert.deepEqual(trail(zone, "password changed"), []);
  });

  test("the new one is good, the old one is not, and every other device is signed out", async () => {
    const phone = await as(zone, "evaluator");
    const desk = await as(zone, "evaluator");
    const other = await as(zone, "outreach");
    const copied = new Visitor(zone.base); // somebody has a copy of the cookie
    copied.cookies = new Map(desk.cookies);
    (await copied.get("/me")).is(200);
    const before = desk.cookies.get("session");
    (await change(desk, { old: PASSWORD, password: NEW, again: NEW })).to("/me");
    assert.notEqual(desk.cookies.get("session"), before);
    (await desk.get("/me")).is(200).has("Your password is changed", "Where you are signed in");
    (await desk.get("/me")).is(200).hasNot("Your password is changed"); // told once
    for (const gone of [phone, copied]) (await gone.get("/me")).to("/sign-in?next=%2Fme");
    (await other.get("/me")).is(200);
    assert.ok(!(await may(zone, loginOf("evaluator"), PASSWORD)));
    assert.ok(await may(zone, loginOf("evaluator"), NEW));
    const id = accountOf(zone, loginOf("evaluator"));
    const told = trail(zone, "password changed");
    assert.equal(told.length, 1);
    assert.deepEqual(told[0].slice(1), ["password changed", `account:${id}`, ""]);
    assert.ok(told[0][0].endsWith(`:${id}`), told[0][0]); // by themselves
    for (const one of [phone, desk, other, copied]) one.close();
  });

  test("it is guarded against guesses as signing in is, and both count together", async () => {
    const thief = await as(zone, "resident"); // who found a browser that was left open
    for (let i = 0; i < 6; i++)
      (await change(thief, { old: `guess ${i}`, password: NEW, again: NEW })).is(422);
    for (let i = 6; i < 10; i++) assert.ok(!(await may(zone, loginOf("resident"), `guess ${i}`)));
    const answer = await change(thief, { old: PASSWORD, password: NEW, again: NEW });
    answer.is(429).has("Too many tries", "Wait a few minutes");
    const wait = Number(answer.headers["retry-after"]);
    assert.ok(wait >= 1 && wait <= 300, `${wait}`);
    const { visitor, answer: shut } = await signIn(zone, loginOf("resident"), PASSWORD);
    shut.is(429);
    visitor.close();
    thief.close();
  });

  test("nobody changes anybody else’s", async () => {
    const visitor = new Visitor(zone.base);
    (await visitor.get("/me/password")).to("/sign-in?next=%2Fme%2Fpassword");
    const page = await visitor.get("/sign-in");
    const { fields } = page.form("/sign-in");
    const token = fields.find(([name]) => name === "token")[1];
    const values = { token, old: PASSWORD, password: NEW, again: NEW, login: loginOf("police") };
    (await visitor.post("/me/password", values)).is(403).has("You need to sign in");
    visitor.close();
    assert.ok(await may(zone, loginOf("police"), PASSWORD));
  });
});

describe("opening a closed account again", async () => {
  const zone = await startZone();
  const cora = await as(zone, "coordinator");
  after(async () => {
    cora.close();
    await zone.close();
  });
  const login = loginOf("partner");
  const submit = async (action, values) => cora.submit(await cora.get("/team/accounts"), action, values);
  const tokenNow = async () =>
    (await cora.get("/me/password")).form("/me/password").fields.find(([name]) => name === "token")[1];

  test("there is nothing to open while nobody is closed", async () => {
    const page = (await cora.get("/team/accounts")).is(200);
    page.hasNot("Open a closed account again", "/team/accounts/reopen");
  });

  test("it takes a new password, and says what is wrong with it", async () => {
    const token = await tokenNow();
    (await cora.post("/team/accounts/close", { token, login })).to("/team/accounts");
    (await cora.get("/team/accounts")).has("closed", "Open a closed account again", `Test partner (${login})`);
    for (const [values, says] of [
      [{ closed: login, new_password: "" }, "Enter a new password"],
      [{ closed: login, new_password: "too short" }, "Use at least 12 characters"],
      [{ closed: login, new_password: "test partner and more" }, "Leave your own name out of it"],
      [{ closed: "", new_password: NEW }, "Enter the account to open again"],
    ])
      (await submit("/team/accounts/reopen", values)).is(422).has("There is 1 thing to put right", says);
    assert.ok(!(await may(zone, login, PASSWORD)));
  });

  test("then they sign in with the new password, in their old role; the old password stays dead", async () => {
    (await submit("/team/accounts/reopen", { closed: login, new_password: NEW })).to("/team/accounts");
    (await cora.get("/team/accounts")).has("The account is open again").hasNot("Open a closed account again");
    assert.ok(!(await may(zone, login, PASSWORD)));
    const { visitor, answer } = await signIn(zone, login, NEW);
    answer.to("/team");
    (await visitor.get("/me")).is(200).has("Test partner, partner professional");
    visitor.close();
    assert.deepEqual(
      trail(zone, "account opened again").map(([, action, subject]) => [action, subject]),
      [["account opened again", `account:${accountOf(zone, login)}`]],
    );
  });

  test("not one that is open, not one that is not there, and never one’s own", async () => {
    const reopen = async (closed) =>
      cora.post("/team/accounts/reopen", { token: await tokenNow(), closed, new_password: NEW });
    (await reopen(login)).is(409).has("is open already");
    (await reopen("nobody at all")).is(404).has("There is no account called nobody at all");
    (await reopen(loginOf("coordinator"))).is(409).has("You cannot open your own account again");
    assert.ok(await may(zone, loginOf("coordinator"), PASSWORD));
    assert.equal(trail(zone, "account opened again").length, 1);
  });
});

test("on the command line an account is opened with a password made there, or one typed in", async () => {
  const { db, drop } = freshDatabase();
  const login = loginOf("coordinator"); // the last one there is: this is the way back in
  const typed = (password) => ({ input: `${password}\n` });
  const person = ["--login", login, "--name", "Cora", "--role", "coordinator"];
  must(db, ["init", "--name", "Newtown", "--challenge", "How might we begin?"]);
  must(db, ["user", "add", ...person, "--password-stdin"], typed(PASSWORD));
  const open = doorstep(db, ["user", "reopen", login]);
  assert.equal(open.status, 1);
  assert.match(open.stderr, /is open already/);
  must(db, ["user", "disable", login]);
  const weak = doorstep(db, ["user", "reopen", login, "--password-stdin"], typed("short"));
  assert.equal(weak.status, 1, weak.stderr);
  assert.match(weak.stderr, /at least 12 characters/);
  const made = must(db, ["user", "reopen", login]).match(/is (\S{16,})\n/)[1];
  let server = await serve(db);
  assert.ok(await may(server, login, made));
  assert.ok(!(await may(server, login, PASSWORD)));
  await server.stop();
  must(db, ["user", "disable", login]);
  must(db, ["user", "reopen", login, "--password-stdin"], typed(NEW));
  server = await serve(db);
  assert.ok(await may(server, login, NEW));
  assert.ok(!(await may(server, login, made)));
  await server.stop();
  assert.deepEqual(
    trail({ db }, "account opened again").map((row) => row[3]),
    ["command line", "command line"],
  );
  drop();
});
