// SPDX-License-Identifier: AGPL-3.0-or-later
// The phone's own sealing, by the vector another implementation opens (src/field/seal.h), and the
// one form a record is written in.
import assert from "node:assert/strict";
import { createECDH, createHash, webcrypto } from "node:crypto";
import { test } from "node:test";
import { canonical, hex, utf8, uuid } from "../../assets/js/field/canon.js";
import { boundTo, seal } from "../../assets/js/field/seal.js";

globalThis.crypto ??= webcrypto;
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const RECORD =
  "049252afb068a89166159d17ccdd307e9a16d940f5c3fdb4dde1b4366db03909c2fdd1350696ed7bcea4d6bf3c192261" +
  "0e62b93b86f04480c3719ba26ea210290372f50fb051489f25cb2f74d1704667e1ed00577e48ace7149a5b383f547977" +
  "1b30";

// A pair whose private half is the SHA-256 of some words.
async function pairOf(words) {
  const half = createECDH("prime256v1");
  half.setPrivateKey(createHash("sha256").update(words).digest());
  const point = half.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString("base64url"));
  const jwk = { kty: "EC", crv: "P-256", x, y };
  const d = half.getPrivateKey().toString("base64url");
  return {
    point: new Uint8Array(point),
    publicKey: await crypto.subtle.importKey("jwk", jwk, CURVE, true, []),
    privateKey: await crypto.subtle.importKey("jwk", { ...jwk, d }, CURVE, false, ["deriveBits"]),
  };
}

test("the vector comes out byte for byte", async () => {
  const server = await pairOf("doorstep test server key");
  const own = await pairOf("doorstep test ephemeral key");
  const to = boundTo("018f0000-0000-7000-8000-000000000001", "device-7", 42);
  assert.equal(hex(await seal(server.point, utf8('{"outcome":"110"}'), to, own)), RECORD);
});

test("the same record is never sealed to the same bytes twice", async () => {
  const { point } = await pairOf("doorstep test server key");
  const once = await seal(point, utf8("{}"), "a|b|1");
  const twice = await seal(point, utf8("{}"), "a|b|1");
  assert.equal(once.length, 2 + 81);
  assert.notEqual(hex(once), hex(twice));
});

test("a record has one form only", () => {
  const value = { b: [1, null, true], a: { d: "e\u0301", c: undefined }, "": 'x"\n' };
  assert.equal(canonical(value), '{"":"x\\"\\n","a":{"d":"\u00e9"},"b":[1,null,true]}');
  for (const bad of [0.5, NaN, 2 ** 53, undefined, () => 1]) assert.throws(() => canonical([bad]), TypeError);
});

test("ids are UUIDs that sort by time", () => {
  const ids = [0, 1, 1764000000000, 2 ** 45].map(uuid);
  assert.deepEqual([...ids].sort(), ids);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
