// SPDX-License-Identifier: AGPL-3.0-or-later
// The queue, as a page of the field uses it:
//
//   const queue = await openQueue(({ unsent, trouble }) => …);   // told after every change
//   await queue.record("tally", { gathering: 12, cell: "adult", delta: 1 });
//
// record() returns when the record is sealed and on the disk. Sending goes by itself: on opening,
// when the line comes back, and by a timer that doubles from one minute to one hour.
import { chance, hex } from "./canon.js";
import { deviceNow, keep, makeDevice, openStore, renewDevice, state, unsent } from "./store.js";
import { makeClock, sendAll } from "./sync.js";

const WAIT_MIN = 60_000;
const WAIT_MAX = 3_600_000;
const RENEW_BEFORE = 7 * 86_400_000;

const marked = async (answer, marker) => {
  const said = await answer.json();
  if (said?.doorstep !== marker) throw new Error(`not ${marker}`);
  return said;
};

// Makes this browser a phone of whoever is signed in; nothing when it is already. Throws when
// nobody is signed in, or there is no line.
const join = async (db, name) => {
  const pack = await marked(await fetch("/field/pack.json", { cache: "no-store" }), "pack/1");
  let device = await deviceNow(db);
  if (!device || device.account !== pack.account) device = await makeDevice(db, pack);
  if (device.expires > pack.now + RENEW_BEFORE && device.server.id === pack.key.id) return;
  const form = new URLSearchParams({ token: pack.form, device: device.id, key: device.key, name });
  const given = await marked(await fetch("/field/device", { method: "POST", body: form }), "device/1");
  await renewDevice(db, device.id, { expires: given.expires, server: pack.key });
};

export const openQueue = async (tell = () => {}) => {
  const db = await openStore();
  const clock = makeClock(() => hex(chance(8)), await state(db, "clock"));
  let wait = WAIT_MIN;
  let timer;
  const report = async (trouble) => tell({ unsent: await unsent(db), trouble });
  const send = async () => {
    clearTimeout(timer);
    try {
      if (await sendAll(db, clock)) wait = WAIT_MIN;
      await report(null);
    } catch (error) {
      wait = Math.min(WAIT_MAX, wait * 2);
      await report(error);
    }
    timer = setTimeout(send, wait);
  };
  addEventListener("online", () => {
    wait = WAIT_MIN;
    send();
  });
  return {
    send,
    join: (name) => join(db, name),
    unsent: () => unsent(db),
    note: (name) => state(db, name),
    // Asks the browser not to throw the queue away; false when it will not promise.
    persist: async () => Boolean(await navigator.storage?.persist?.()),
    async record(kind, data, note) {
      const id = await keep(db, clock.now, kind, data, note);
      await report(null);
      return id;
    },
  };
};
