// SPDX-License-Identifier: AGPL-3.0-or-later
// Prints the compiler and flags a tree compiles its sources with, without what belongs to one file:
//   node tests/check/command.mjs build-gcc/compile_commands.json
import { readFileSync } from "node:fs";

const all = JSON.parse(readFileSync(process.argv[2], "utf8"));
const own = all.find(({ file }) => /src\/base\/[a-z0-9]+\.c$/.test(file)) ?? all[0];
const words = own.command.split(" ");
const kept = [];
for (let i = 0; i < words.length; i++) {
  if (["-o", "-MF", "-MQ", "-c"].includes(words[i])) i++;
  else if (words[i] !== "-MD" && !words[i].includes("DOORSTEP_VERSION")) kept.push(words[i]);
}
console.log(kept.join(" "));
