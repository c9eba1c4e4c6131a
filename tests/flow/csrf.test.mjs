// SPDX-License-Identifier: AGPL-3.0-or-later
// The form token beyond what guards.test.mjs asks of every route: whose it is, how long it is
// good, and that a refused form has changed nothing.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Visitor, as, startZone } from "./lib.mjs";
import { PASSWORD, loginOf } from "./server.mjs";

const zone = await startZone();
const coordinator = await as(zone, "coordinator");
const police = await as(zone, "police");
after(async () => {
  coordinator.close();
  police.close();
  await zone.close();
});

const tokenOn = (answer) => answer.text.match(/name="token" value="([^"]+)"/)[1];
const CHANGE = { name: "Somebody else’s zone", challenge: "Whose?" };

async function unchanged() {
  (await coordinator.get("/team/zone")).is(200).hasNot(CHANGE.name);
}

const REFUSED = {
  "from another site": { headers: { "sec-fetch-site": "cross-site" } },
  "from a neighbour of this site": { headers: { "sec-fetch-site": "same-site" } },
  "with a foreign origin": { headers: { "sec-fetch-site": null, origin: "https://foreign.example" } },
  "with the origin that is no origin": { headers: { "sec-fetch-site": null, origin: "null" } },
  "without a token": { token: undefined },
  "with an empty token": { token: "" },
  "with a token cut short": { cut: true },
};

for (const [what, { headers = {}, cut, ...rest }] of Object.entries(REFUSED))
  test(`a form ${what} changes nothing`, async () => {
    const token = tokenOn(await coordinator.get("/team/zone"));
    const fields = { ...CHANGE, token: cut ? token.slice(0, -4) : token, ...rest };
    if (fields.token === undefined) delete fields.token;
    (await coordinator.post("/team/zone", fields, { headers }))
      .is(403)
      .has("This form is too old", "Nothing was changed");
    await unchanged();
  });

test("one person’s token is no good for another", async () => {
  const token = tokenOn(await police.get("/me"));
  (await coordinator.post("/team/zone", { ...CHANGE, token })).is(403);
  await unchanged();
});

test("a token from before signing in is no good afterwards", async () => {
  const visitor = new Visitor(zone.base);
  const page = await visitor.get("/sign-in");
  const before = tokenOn(page);
  const login = { login: loginOf("coordinator"), password: PASSWORD };
  (await visitor.submit(page, "/sign-in", login)).is(303);
  (await visitor.post("/team/zone", { ...CHANGE, token: before })).is(403);
  await unchanged();
  visitor.close();
});

test("each page masks the token afresh, and each of them is good", async () => {
  const [one, two] = [await coordinator.get("/team/zone"), await coordinator.get("/team/zone")].map(
    tokenOn,
  );
  assert.notEqual(one, two);
  for (const token of [one, two])
    (await coordinator.post("/team/zone", { token, name: "" })).is(422);
});

test("a person who types the address themselves is let in", async () => {
  const token = tokenOn(await coordinator.get("/team/zone"));
  const headers = { "sec-fetch-site": "none" };
  (await coordinator.post("/team/zone", { token, name: "" }, { headers })).is(422);
});

test("an old browser that sends neither header is let in by its token", async () => {
  const token = tokenOn(await coordinator.get("/team/zone"));
  const headers = { "sec-fetch-site": null, origin: null };
  (await coordinator.post("/team/zone", { token, name: "" }, { headers })).is(422);
});
