// SPDX-License-Identifier: AGPL-3.0-or-later
// What the phone keeps: sealed records that wait to be sent, the phone's own number and key, and
// notes for the screen. A record and its number are stored in one transaction, or neither is.
//
//   record   {id, seq, device, key, sha, boot, sealed, receipt}   receipt: told "stored"
//   device   {id, key, seq, account, expires, server: {id, public}}
//   state    [name] → value: "device" (the one in use), "boots", and notes for the screen
import { base64, canonical, chance, hex, sha256, unbase64, utf8, uuid } from "./canon.js";
import { boundTo, seal } from "./seal.js";

const NAME = "doorstep-field";

export const asked = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

export const openStore = async () => {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    const records = opening.result.createObjectStore("record", { keyPath: "id" });
    records.createIndex("order", ["device", "seq"]);
    opening.result.createObjectStore("device", { keyPath: "id" });
    opening.result.createObjectStore("state");
  };
  const db = await asked(opening);
  db.onversionchange = () => db.close(); // a newer page takes over
  return db;
};

// Runs fn(tx) and waits until what it wrote is on the disk. fn may await requests of tx only.
export const change = async (db, stores, fn) => {
  const tx = db.transaction(stores, "readwrite", { durability: "strict" });
  const over = new Promise((done, failed) => {
    tx.oncomplete = done;
    tx.onabort = () => failed(tx.error || new Error("not stored"));
  });
  over.catch(() => {});
  try {
    const result = await fn(tx);
    await over;
    return result;
  } catch (error) {
    try {
      tx.abort();
    } catch { /* it is over already */ }
    throw error;
  }
};

export const state = (db, name) => asked(db.transaction("state").objectStore("state").get(name));

export const deviceNow = async (db) => {
  const id = await state(db, "device");
  return id && asked(db.transaction("device").objectStore("device").get(id));
};

// Makes the phone's number and key, before the server is asked to let them in.
export const makeDevice = (db, pack) => {
  const key = base64(chance(32)).replace(/[+/=]/g, (letter) => ({ "+": "-", "/": "_", "=": "" })[letter]);
  const device = { id: hex(chance(16)), key, seq: 0, account: pack.account, expires: 0, server: pack.key };
  return change(db, ["device", "state"], async (tx) => {
    await asked(tx.objectStore("device").add(device));
    await asked(tx.objectStore("state").put(device.id, "device"));
    return device;
  });
};

export const renewDevice = (db, id, what) =>
  change(db, "device", async (tx) => {
    const devices = tx.objectStore("device");
    await asked(devices.put({ ...(await asked(devices.get(id))), ...what }));
  });

// Tries to store the record under the number it was sealed for; false when another tab took it.
const keepAs = (db, row, note) =>
  change(db, ["record", "device", "state"], async (tx) => {
    const devices = tx.objectStore("device");
    const device = await asked(devices.get(row.device));
    if (device.seq >= row.seq) return false;
    await asked(devices.put({ ...device, seq: row.seq }));
    await asked(tx.objectStore("record").add(row));
    if (note) {
      const notes = tx.objectStore("state");
      await asked(notes.put(note.change(await asked(notes.get(note.name))), note.name));
    }
    return true;
  });

const sealedRow = async (device, clock, kind, data, seq) => {
  const { t, boot, off } = clock();
  const id = uuid(t);
  const body = canonical({ boot, by: device.account, d: data, kind, off, t });
  const bytes = await seal(unbase64(device.server.public), utf8(body), boundTo(id, device.id, seq));
  return {
    id, seq, device: device.id, key: device.server.id, sha: await sha256(bytes), boot,
    sealed: base64(bytes), receipt: 0,
  };
};

// Keeps a record for good; it is on the disk when this returns its id. `note` {name, change}: what
// the screen shows, changed in the same transaction (no words and no names belong there).
// Throws when there is no device yet, or no room.
export const keep = async (db, clock, kind, data, note) => {
  const said = clock(); // the time of the tap, however long sealing takes
  const now = () => said;
  for (;;) {
    const device = await deviceNow(db);
    if (!device) throw new Error("no device");
    const row = await sealedRow(device, now, kind, data, device.seq + 1);
    if (await keepAs(db, row, note)) return row.id;
  }
};

// Answers for a number that never became a record, or is here no more.
export const keepVoid = async (db, clock, device, seq) => {
  const row = await sealedRow(device, clock, "void", {}, seq);
  await change(db, "record", (tx) => asked(tx.objectStore("record").add(row)));
};

const rangeOf = (device) => IDBKeyRange.bound([device, 0], [device, Number.MAX_SAFE_INTEGER]);
export const rowsOf = (db, device) =>
  asked(db.transaction("record").objectStore("record").index("order").getAll(rangeOf(device)));
export const devices = (db) => asked(db.transaction("device").objectStore("device").getAll());
// How many records have no receipt yet.
export const unsent = async (db) =>
  (await asked(db.transaction("record").objectStore("record").getAll())).filter((row) => !row.receipt).length;
