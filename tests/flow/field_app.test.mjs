// SPDX-License-Identifier: AGPL-3.0-or-later
// A phone's way in: it asks for the key, is let in by whoever is signed in, seals with the phone's
// own library and sends; what is wrong is told, what is sent twice is one.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { after, test } from "node:test";
import { base64, canonical, chance, hex, sha256, unbase64, utf8, uuid } from "../../assets/js/field/canon.js";
import { boundTo, seal } from "../../assets/js/field/seal.js";
import { as, startZone } from "./lib.mjs";

globalThis.crypto ??= webcrypto;
const zone = await startZone();
const worker = await as(zone, "outreach");
after(async () => {
  worker.close();
  await zone.close();
});

const newPhone = () => ({
  device: hex(chance(16)),
  key: Buffer.from(chance(32)).toString("base64url"),
  name: "A phone",
});
const pack = async (visitor = worker) => (await visitor.get("/field/pack.json")).is(200).json;
const give = (visitor, phone, form) => visitor.post("/field/device", { token: form, ...phone });

async function sealed(phone, { key, account }, seq, t = Date.now()) {
  const id = uuid(t);
  const body = canonical({ by: account, d: { n: seq }, kind: "void", t });
  const bytes = await seal(unbase64(key.public), utf8(body), boundTo(id, phone.device, seq));
  return { id, seq, key: key.id, sha: await sha256(bytes), sealed: base64(bytes) };
}

async function sync(phone, rec, token = phone.key) {
  const body = JSON.stringify({ doorstep: "batch/1", device: phone.device, now: Date.now(), rec });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return (await worker.send("POST", "/sync", { headers, body })).is(201).json;
}

test("the pack says the key and whose phone it will be, and is kept nowhere", async () => {
  const answer = (await worker.get("/field/pack.json")).is(200);
  const { doorstep, now, key, account } = answer.json;
  assert.equal(doorstep, "pack/1");
  assert.ok(Math.abs(now - Date.now()) < 60_000);
  assert.equal(unbase64(key.public).length, 65);
  assert.ok(account > 0);
  assert.match(answer.headers["cache-control"], /no-store/);
  assert.deepEqual((await pack()).key, key);
});

test("a phone is let in, the same phone again, and its sealed records are opened", async () => {
  const said = await pack();
  const phone = newPhone();
  for (let time = 0; time < 2; time++) {
    const given = (await give(worker, phone, said.form)).is(201).json;
    assert.equal(given.doorstep, "device/1");
    assert.equal(given.device, phone.device);
    assert.ok(given.expires > Date.now() + 13 * 86_400_000);
  }
  const rec = [await sealed(phone, said, 1), await sealed(phone, said, 3)];
  for (let time = 0; time < 2; time++) {
    const receipt = await sync(phone, rec);
    assert.deepEqual(receipt.stored, rec.map(({ id, sha }) => [id, sha]));
    assert.deepEqual([receipt.have, receipt.ask], ["1,3", [2]]);
  }
  const strange = await sync(phone, [await sealed(phone, said, 2)], "another key");
  assert.equal(strange.quarantine[0][2], "wrong-token");
});

test("somebody else's phone, a bad number and a strange form are not let in", async () => {
  const said = await pack();
  const phone = newPhone();
  (await give(worker, phone, said.form)).is(201);
  const other = await as(zone, "coordinator");
  (await give(other, phone, (await pack(other)).form)).is(409);
  other.close();
  (await give(worker, { ...phone, device: `${phone.device.slice(1)}A` }, said.form)).is(422);
  (await give(worker, { ...phone, key: "short" }, said.form)).is(422);
  (await give(worker, newPhone(), "not ours")).is(403);
  const partner = await as(zone, "partner");
  (await partner.get("/field/pack.json")).is(403);
  partner.close();
});
