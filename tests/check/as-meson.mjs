// SPDX-License-Identifier: AGPL-3.0-or-later
// One line of meson's testlog.json for a program that was run by hand (part planted):
//   node tests/check/as-meson.mjs NAME STATUS STDOUT-FILE STDERR-FILE
import { readFileSync } from "node:fs";

const [name, status, stdout, stderr] = process.argv.slice(2);
const returncode = Number(status);
console.log(
  JSON.stringify({
    name,
    returncode,
    result: returncode === 0 ? "OK" : "FAIL",
    stdout: readFileSync(stdout, "utf8"),
    stderr: readFileSync(stderr, "utf8"),
  }),
);
