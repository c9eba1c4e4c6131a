// SPDX-License-Identifier: AGPL-3.0-or-later
// Reads the theme's colours and checks every pair we put together: node assets/contrast.mjs
import { readFileSync } from "node:fs";

const theme = readFileSync(new URL("scss/_settings.scss", import.meta.url), "utf8");
const colour = Object.fromEntries(
  [...theme.matchAll(/^\$([\w-]+): (#[0-9a-f]{6});/gm)].map(([, name, value]) => [name, value]));
colour.white = "#ffffff";
const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
const light = (hex) => {
  const [r, g, b] = rgb(hex).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (a, b) => {
  const [dark, bright] = [light(a), light(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dark + 0.05);
};
const pairs = [ // front, back, what is needed
  ["ink", "paper", 4.5], ["ink", "sand", 4.5], ["ink", "peach", 4.5], ["ink", "gold", 4.5],
  ["ink-soft", "paper", 4.5], ["ink-soft", "sand", 4.5], ["ink-soft", "card", 4.5],
  ["teal", "paper", 4.5], ["teal", "sand", 4.5], ["teal", "card", 4.5], ["white", "teal", 4.5],
  ["teal-deep", "teal-mist", 4.5], ["terra", "paper", 4.5], ["terra-deep", "paper", 4.5],
  ["terra-deep", "peach", 4.5], ["white", "ink", 4.5], ["gold", "ink", 4.5],
  ["error", "paper", 4.5], ["error", "card", 4.5], ["white", "error", 4.5], ["success", "paper", 3],
  ["edge", "paper", 3], ["edge", "white", 3], ["edge", "sand", 3],
  ["white", "band-1", 4.5], ["white", "band-2", 4.5], ["ink", "band-3", 4.5], ["ink", "band-4", 4.5],
  ["ink-soft", "band-5", 4.5], ["ink-soft", "band-none", 4.5],
];
let weak = 0;
for (const [front, back, need] of pairs) {
  const value = ratio(colour[front], colour[back]);
  if (!(value >= need)) weak++;
  console.log(`${front} on ${back} ${value.toFixed(1)}${value >= need ? "" : ` TOO WEAK, needs ${need}`}`);
}
// The bands must also keep their order in grey, each step clearly lighter than the one before.
const steps = [1, 2, 3, 4, 5].map((n) => light(colour[`band-${n}`]));
steps.forEach((step, at) => {
  if (at > 0 && (step + 0.05) / (steps[at - 1] + 0.05) < 1.15) {
    weak++;
    console.log(`band-${at + 1} is too close to band-${at}`);
  }
});
process.exit(weak ? 1 : 0);
