// SPDX-License-Identifier: AGPL-3.0-or-later
// Seals a record to the server's public key. The phone cannot read it back. The format, and where
// it comes from, stand in src/field/seal.h; the server's half is src/field/seal.c.
import { utf8 } from "./canon.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };

// `pair`: where the record's point comes from. A fresh one each time, except in a test.
export const seal = async (server, plain, boundTo, pair) => {
  const { subtle } = crypto;
  const own = pair || (await subtle.generateKey(CURVE, false, ["deriveBits"]));
  const point = new Uint8Array(await subtle.exportKey("raw", own.publicKey));
  const to = await subtle.importKey("raw", server, CURVE, false, []);
  const shared = await subtle.deriveBits({ name: "ECDH", public: to }, own.privateKey, 256);
  const salt = new Uint8Array([...point, ...server]);
  const okm = await subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt, info: utf8("doorstep sealed queue v1") },
    await subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]),
    44 * 8,
  );
  const key = await subtle.importKey("raw", okm.slice(0, 32), "AES-GCM", false, ["encrypt"]);
  const way = { name: "AES-GCM", iv: okm.slice(32), additionalData: utf8(boundTo), tagLength: 128 };
  const text = new Uint8Array(await subtle.encrypt(way, key, plain));
  const sealed = new Uint8Array(point.length + text.length);
  sealed.set(point);
  sealed.set(text, point.length);
  return sealed;
};

export const boundTo = (id, device, seq) => `${id}|${device}|${seq}`;
