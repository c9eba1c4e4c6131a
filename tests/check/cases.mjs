// SPDX-License-Identifier: AGPL-3.0-or-later
// Reads meson's testlog.json (one object a line) and tells every case in the lines of ./check.
// A program speaks TAP, as cmocka does, or is one case by its status.
//   node tests/check/cases.mjs [PREFIX] <testlog.json
import { readFileSync } from "node:fs";

const prefix = process.argv[2] ?? "";

// The cases of one program: [{ name, state: "ok" | "not ok" | "skipped", why }]
function casesOf({ stdout = "" }) {
  const cases = [];
  // A test says why it could not look: `skipped: NAME (why)`, before cmocka counts the skip.
  let reason = "no reason given";
  for (const line of stdout.split("\n")) {
    const said = line.match(/^skipped: .*\((.*)\)\s*$/);
    if (said) reason = said[1];
    const tap = line.match(/^(ok|not ok) \d+(?: - | )(.*)$/);
    if (!tap) continue;
    const skip = tap[2].match(/^(.*?) ?# SKIP ?(.*)$/i);
    if (skip) {
      cases.push({ name: skip[1] || skip[2], state: "skipped", why: reason });
      reason = "no reason given";
    } else cases.push({ name: tap[2], state: tap[1] });
  }
  return cases;
}

// Fewer cases than the plans `1..N` of its groups, a signal, a sanitizer's report: the program itself failed. Its
// own status is asked, since meson takes cmocka's `not ok 3 # SKIP` for a failure.
function faultOf({ stdout = "", result, returncode }, cases) {
  const plans = [...stdout.matchAll(/^1\.\.(\d+)/gm)].map((plan) => Number(plan[1]));
  const plan = plans.reduce((sum, n) => sum + n, 0);
  const missing = plan - cases.length;
  if (missing > 0) return `${missing} of ${plan} cases never ran (status ${returncode})`;
  const skipped = returncode === 77 && cases.length === 0;
  const died = result === "TIMEOUT" || (returncode !== 0 && !skipped);
  if (died && cases.every((one) => one.state !== "not ok"))
    return `${result} (status ${returncode})`;
  return undefined;
}

const indent = (text) => text.replace(/^/gm, "    ").trimEnd();

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const run = JSON.parse(line);
  const program = run.name.replace(/^.* \/ /, "");
  const cases = casesOf(run);
  const fault = faultOf(run, cases);
  if (cases.length === 0 && fault === undefined)
    cases.push(
      run.returncode === 77
        ? { name: "whole", state: "skipped", why: "status 77" }
        : { name: "whole", state: "ok" },
    );
  for (const { name, state, why } of cases)
    console.log(
      state === "skipped"
        ? `skipped: ${prefix}${program}: ${name} (${why})`
        : `${state} - ${prefix}${program}: ${name}`,
    );
  if (fault !== undefined) console.log(`not ok - ${prefix}${program}: ${fault}`);
  if (fault !== undefined || cases.some((one) => one.state === "not ok"))
    console.log(indent(`${run.stdout ?? ""}\n${run.stderr ?? ""}`));
}
