// SPDX-License-Identifier: AGPL-3.0-or-later
// The first page after signing in, as each role; and the plain pages everybody reads.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { ROLES, Visitor, as, doorstep, must, startZone } from "./lib.mjs";
import { PASSWORD, freshDatabase, loginOf, serve } from "./server.mjs";

describe("in the demonstration town", async () => {
  const zone = await startZone();
  const visitor = await as(zone, "public");
  after(async () => {
    visitor.close();
    await zone.close();
  });

  for (const role of ROLES)
    test(`the team page tells ${role} what they may`, async () => {
      const one = await as(zone, role);
      const page = (await one.get("/team")).is(200).has(`Hello, Test ${role}`, "What you may see and do");
      const leads = page.page.querySelectorAll("main a").map((link) => link.getAttributeValue("href"));
      for (const path of leads) (await one.get(path)).is(200); // no link into a wall
      assert.equal(leads.includes("/team/accounts"), role === "coordinator");
      if (role === "police") page.has("You never see people, what people said, or who knows whom");
      one.close();
    });

  test("the navigation tells the page one is on, and the part it lies in", async () => {
    const one = await as(zone, "coordinator");
    for (const [path, link, current] of [
      ["/team", "/team", "page"],
      ["/team/zone", "/team", "true"],
      ["/team/accounts", "/team", "true"],
      ["/team/partners/1", "/team", "true"],
      ["/partners/1", "/partners", "true"],
      ["/areas", "/areas", "page"],
      ["/", "/", "page"],
      ["/me", null],
      ["/privacy", null],
    ]) {
      const marked = (await one.get(path)).page
        .querySelectorAll(".ds-nav a")
        .filter((a) => a.hasAttribute("aria-current"))
        .map((a) => [a.getAttributeValue("href"), a.getAttributeValue("aria-current")]);
      assert.deepEqual(marked, link ? [[link, current]] : [], path);
    }
    one.close();
  });

  test("everything is done in the demonstration town but what is counted says so", async () => {
    const one = await as(zone, "coordinator");
    (await one.get("/team")).has("6 of 6 steps are done", "Everything is set up", "Areas: 4");
    one.close();
  });

  test("the figures page names every source with its licence", async () => {
    const page = (await visitor.get("/figures")).is(200);
    page.has("English Indices of Deprivation 2025", "CC0", "mid-2020", "Best fit", "Come together");
    const imports = must(zone.db, ["import", "list"]).trim().split("\n").length;
    const rows = page.page.querySelectorAll("tbody tr").length;
    assert.ok(rows > 10 && rows <= imports, `${rows} rows, ${imports} imports`);
  });

  for (const [path, words] of [
    ["/privacy", "It is not stored, not logged"],
    ["/accessibility", "Web Content Accessibility Guidelines 2.2"],
    ["/take-part", "There is nothing to sign up for on these pages yet"],
  ])
    test(`${path} is plain, public, and sets no cookie`, async () => {
      const page = (await visitor.get(path)).is(200).has(words);
      assert.equal(page.headers["set-cookie"], undefined);
    });

  test("robots may read what everybody may", async () => {
    const answer = (await visitor.get("/robots.txt")).is(200);
    assert.match(answer.headers["content-type"], /^text\/plain/);
    assert.match(answer.text, /^User-agent: \*\nDisallow: \/team\n/);
  });
});

describe("in an empty zone", async () => {
  const { db, drop } = freshDatabase();
  must(db, ["init", "--name", "Newtown", "--challenge", "How might we begin?"]);
  must(
    db,
    ["user", "add", "--login", loginOf("coordinator"), "--name", "Cora", "--role", "coordinator", "--password-stdin"],
    { input: `${PASSWORD}\n` },
  );
  const server = await serve(db);
  const cora = await as(server, "coordinator");
  after(async () => {
    cora.close();
    await server.stop();
    drop();
  });

  test("the coordinator is told what to do, in order", async () => {
    const page = (await cora.get("/team")).is(200).has("0 of 6 steps are done", "To do, in this order");
    const steps = page.page.querySelectorAll("ol.ds-cards h3").map((one) => one.textContent.trim());
    assert.deepEqual(steps, [
      "Load borders",
      "Load the Indices of Deprivation",
      "Load the population",
      "Choose the areas of the zone",
      "Name the partners",
      "Invite your team",
    ]);
  });

  test("empty pages say so honestly", async () => {
    (await cora.get("/figures")).is(200).has("No figures have been loaded yet");
    (await cora.get("/partners")).is(200).has("No organisation is listed here yet");
    (await cora.get("/team/zone")).is(200).has("No borders of wards are loaded yet");
    (await cora.get("/team/partners")).is(200).has("No organisation has a role yet");
    (await cora.get("/team/zone/history")).is(200).has("The zone has no areas yet");
    (await cora.get("/take-part")).is(200).has("will be listed soon");
  });

  test("a step that is taken is ticked", async () => {
    const page = await cora.get("/team/partners/new");
    const one = { name: "The Hub", kind: "charity", role: "delivery", starts: "" };
    (await cora.submit(page, "/team/partners", one)).is(303);
    (await cora.get("/team")).has("1 of 6 steps are done", "Organisations: 1");
    (await cora.get("/partners")).has("No dates are noted yet").hasNot("It began");
  });

  test("a page that is not for them yet leads on", async () => {
    const visitor = new Visitor(server.base);
    (await visitor.get("/team")).to("/sign-in?next=%2Fteam");
    (await visitor.get("/")).is(200).has("How might we begin?");
    visitor.close();
    assert.equal(doorstep(db, ["init", "--name", "Again", "--challenge", "?"]).status, 1);
  });
});
