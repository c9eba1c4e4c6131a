// SPDX-License-Identifier: AGPL-3.0-or-later
// Wrong files (faults.mjs) handed in through the browser, one of each kind and fault: the page says
// what is wrong in the same words as the command line, there is nothing to load, and nothing is.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { as } from "../flow/lib.mjs";
import { PASSWORD, freshDatabase, loginOf, must, serve } from "../flow/server.mjs";
import { dump } from "../kill/dump.mjs";
import { faults } from "./faults.mjs";

const TAKEN = [
  ["areas", "cut off at 62 %"],
  ["areas", "latitude and longitude swapped"],
  ["areas", "a border that crosses itself beyond repair"],
  ["topojson", "an arc that is not there"],
  ["names", "the same twice"],
  ["iod2019", "rank 0"],
  ["iod2025", "UTF-16"],
  ["population", "ages that do not sum"],
  ["census", "categories that miss the total"],
  ["census_bulk", "the last row is cut off"],
  ["lookup", "an unknown change"],
  ["postcodes", "NE4 8X"],
  ["crime", "month 13"],
  ["crime", "a NUL byte"],
  ["anything", "a zip"],
  ["anything", "a picture"],
  ["anything", "headings nobody knows"],
];

const state = mkdtempSync(join(process.env.CHECK_TMP ?? tmpdir(), "uploads-"));
const { db, drop } = freshDatabase();
must(db, ["init", "--name", "Testing", "--challenge", "How might we?"]);
must(
  db,
  ["user", "add", "--login", loginOf("coordinator"), "--name", "Amina"].concat([
    "--role",
    "coordinator",
    "--password-stdin",
  ]),
  { input: `${PASSWORD}\n` },
);
const zone = await serve(db, { args: ["--state", state] });
const amina = await as(zone, "coordinator");
after(async () => {
  amina.close();
  await zone.stop();
  drop();
  rmSync(state, { recursive: true, force: true });
});

// All but the files that wait, and who did what.
function held() {
  const { upload, audit, ...rest } = dump(db);
  return rest;
}
const before = held();

// The page that says what is wrong: the form again, or the preview of the file.
async function handIn({ name, bytes }) {
  const form = (await amina.get("/team/imports/new")).is(200);
  const file = { name, type: "application/octet-stream", bytes };
  const answer = await amina.submit(form, "/team/imports/new", { file });
  if (answer.status !== 303) return { page: answer.is(422) };
  const path = answer.headers.location;
  return { path, page: (await amina.get(path)).is(200) };
}

const all = [...faults()];
for (const [family, fault] of TAKEN)
  test(`${family}: ${fault}`, async () => {
    const wrong = all.find((one) => one.family === family && one.fault === fault);
    assert.ok(wrong, "there is no such fault");
    const { path, page } = await handIn(wrong);
    assert.match(page.said(), wrong.says);
    if (path) {
      assert.throws(() => page.form(`${path}/load`), /no form/, "there is a button to load it");
      const token = page.form(`${path}/drop`).fields.find(([name]) => name === "token")[1];
      const pressed = await amina.post(`${path}/load`, { token }); // by an old page
      assert.ok(pressed.status === 303 || pressed.status === 422, `${pressed.status}`);
    }
    assert.deepEqual(held(), before);
  });
