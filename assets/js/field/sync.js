// SPDX-License-Identifier: AGPL-3.0-or-later
// Sends what the phone keeps. Only a receipt of ours counts: status 201 and our own marker, with
// the id and the hash of the very bytes we have. A record goes when it has its receipt and its
// number stands in what a later answer says the server has.
import { asked, change, devices, keepVoid, rowsOf, state } from "./store.js";

const BATCH_MAX = 50;
const WAIT_MS = 30_000;
const BOOTS_MAX = 1000;

// ---- time --------------------------------------------------------------------------------------

// The phone's clock. A page's run is one "boot" as long as the clock does not jump: it can be put
// wrong, or the phone can sleep, and then another boot begins. off: the difference to the server's
// clock as it was last known; unknown when the clock was put back since.
export const makeClock = (name, known) => {
  let boot = name();
  let start = Date.now() - performance.now();
  const off = known && Date.now() >= known.t ? known.off : undefined;
  let offNow = off;
  return {
    now() {
      const drift = Date.now() - performance.now() - start;
      if (Math.abs(drift) > 5000) {
        if (drift < 0) offNow = undefined;
        boot = name();
        start += drift;
      }
      return { t: Math.round(start + performance.now()), boot, off: offNow };
    },
    learn: (difference) => (offNow = difference),
  };
};

// "1-41,43" → is 42 in it?
export const inRanges = (text) => {
  const ranges = (text || "").split(",").filter(Boolean).map((part) => part.split("-").map(Number));
  return (seq) => ranges.some(([low, high = low]) => low <= seq && seq <= high);
};

// ---- one batch ---------------------------------------------------------------------------------

const post = async (device, body) => {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), WAIT_MS);
  try {
    const answer = await fetch("/sync", {
      method: "POST",
      headers: { authorization: `Bearer ${device.key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: stop.signal,
    });
    const said = answer.status === 201 ? await answer.json() : null;
    if (said?.doorstep !== "receipt/1" || !Number.isSafeInteger(said.now)) throw new Error("no receipt");
    return said;
  } finally {
    clearTimeout(late);
  }
};

// Difference of the clocks, from the middle of the way there and back; the shortest way counts.
const measure = async (db, clock, before, server) => {
  const after = clock.now();
  if (after.boot !== before.boot) return;
  const trip = after.t - before.t;
  const off = Math.round(server - (before.t + after.t) / 2);
  await change(db, "state", async (tx) => {
    const states = tx.objectStore("state");
    const boots = (await asked(states.get("boots"))) || {};
    if (!boots[after.boot] || boots[after.boot].trip > trip) boots[after.boot] = { off, trip };
    clock.learn(boots[after.boot].off);
    const names = Object.keys(boots); // runs of long ago have been sent long since
    for (const name of names.slice(0, -BOOTS_MAX)) delete boots[name];
    await asked(states.put(boots, "boots"));
    await asked(states.put({ off: boots[after.boot].off, t: after.t }, "clock"));
  });
};

// What the answer means for what we keep. `sent`: the rows of this batch.
const settle = (db, sent, said) =>
  change(db, "record", async (tx) => {
    const records = tx.objectStore("record");
    const told = new Set([...said.stored, ...said.quarantine].map(([id, sha]) => `${id} ${sha}`));
    const erased = new Set(said.erased);
    for (const { id } of sent) {
      const row = await asked(records.get(id)); // damaged and untold ones stay as they are
      if (row && erased.has(id)) await asked(records.delete(id));
      else if (row && told.has(`${id} ${row.sha}`)) await asked(records.put({ ...row, receipt: 1 }));
    }
  });

// Deletes what had its receipt before this answer came and stands in it; what is asked for goes again.
const compare = async (db, clock, device, before, said) => {
  const has = inRanges(said.have);
  const wanted = new Set(said.ask);
  await change(db, "record", async (tx) => {
    const records = tx.objectStore("record");
    for (const row of before) {
      if (row.receipt && has(row.seq)) await asked(records.delete(row.id));
      else if (row.receipt) await asked(records.put({ ...row, receipt: 0 }));
      wanted.delete(row.seq);
    }
  });
  const here = new Set((await rowsOf(db, device.id)).map((row) => row.seq));
  for (const seq of wanted) if (seq <= device.seq && !here.has(seq)) await keepVoid(db, clock.now, device, seq);
};

// The differences of the runs these rows come from, as far as they were measured.
const bootsOf = async (db, rows) => {
  const known = (await state(db, "boots")) || {};
  return Object.fromEntries(rows.filter(({ boot }) => known[boot]).map(({ boot }) => [boot, known[boot].off]));
};

const exchange = async (db, clock, device, sent) => {
  const before = await rowsOf(db, device.id);
  const from = clock.now();
  const said = await post(device, {
    doorstep: "batch/1", device: device.id, now: from.t, boots: await bootsOf(db, sent),
    rec: sent.map(({ id, seq, key, sha, sealed }) => ({ id, seq, key, sha, sealed })),
  });
  await measure(db, clock, from, said.now);
  await settle(db, sent, said);
  await compare(db, clock, device, before.filter((row) => row.receipt), said);
};

// ---- everything --------------------------------------------------------------------------------

// An empty batch first: it measures the clocks, and a login page of somebody's Wi-Fi shows itself
// before anything is sent. Then all that waits, then an empty one, after which what arrived may go.
const sendOf = async (db, clock, device) => {
  await exchange(db, clock, device, []);
  let size = BATCH_MAX;
  for (let before = Infinity; ;) {
    const rest = (await rowsOf(db, device.id)).filter((row) => !row.receipt);
    if (rest.length === 0) return exchange(db, clock, device, []);
    if (rest.length >= before) throw new Error("nothing was taken");
    try {
      await exchange(db, clock, device, rest.slice(0, size));
      size = Math.min(BATCH_MAX, size * 2);
      before = rest.length;
    } catch (error) {
      if (size === 1) throw error;
      size = Math.ceil(size / 4); // a bad line carries less at once
    }
  }
};

// Sends for all phones this browser ever was (an account may have changed). One sender at a time,
// over all tabs; false when another one is at it. Throws when there is no line.
export const sendAll = (db, clock) =>
  navigator.locks.request("doorstep-field-send", { ifAvailable: true }, async (lock) => {
    if (!lock) return false;
    const now = await state(db, "device");
    for (const device of await devices(db))
      if (device.id === now || (await rowsOf(db, device.id)).length) await sendOf(db, clock, device);
    return true;
  });
