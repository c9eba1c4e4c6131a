// SPDX-License-Identifier: AGPL-3.0-or-later
// How numbers, months and charts are written: the same spelling as Doorstep's pages.
const months = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
  'November', 'December',
];

export const monthWords = (yyyymm) =>
  `${months[(yyyymm % 100) - 1]} ${Math.trunc(yyyymm / 100)}`;

// 1234 as "1,234".
export function commas(n) {
  const s = String(n);
  return s.length < 4 ? s : s.replace(/\B(?=(\d{3})+$)/g, ',');
}

// Halves up.
export function fixed(v, decimals) {
  const scale = 10 ** decimals,
    u = Math.floor(v * scale + 0.5);
  const whole = commas(Math.floor(u / scale));
  return decimals ? `${whole}.${String(u % scale).padStart(decimals, '0')}` : whole;
}

// The length of a bar.
export function bar(value, most, full) {
  if (!(value > 0) || !(most > 0)) return 0;
  return value >= most ? full : Math.max(1, Math.floor((value / most) * full + 0.5));
}

const TOP = 15,
  GROUND = 180,
  LEFT = 75,
  WHOLE = 1000;

// An axis with at most five lines for values up to `most`.
export function axisFor(most) {
  if (most < 2) return { step: 1, lines: 1 };
  for (let power = 1; ; power *= 10)
    for (const first of [1, 2, 5]) {
      const step = first * power,
        lines = Math.ceil(most / step);
      if (lines <= 5) return { step, lines };
    }
}

export const level = (axis, value) =>
  GROUND - Math.floor((value / (axis.step * axis.lines)) * (GROUND - TOP) + 0.5);

const tenths = (n) => `${Math.trunc(n / 10)}.${n % 10}`;

// Column i of n: where it stands and what is written below it.
export function column(axis, n, i, month) {
  const room = WHOLE - LEFT;
  const from = LEFT + Math.floor((room * i) / n),
    to = LEFT + Math.floor((room * (i + 1)) / n),
    gap = Math.floor((to - from) / 6);
  let y = level(axis, month.n);
  if (month.n > 0 && y === GROUND) y--;
  const every = n <= 7 ? 1 : n <= 14 ? 3 : n <= 24 ? 6 : 12 * Math.ceil(n / 60);
  const named = i % every === 0,
    minor = !named && (n <= 14 || i % (every / 2) === 0);
  let name = '';
  if (named || minor) {
    name = months[(month.month % 100) - 1].slice(0, 3);
    if (named && (i === 0 || month.month % 100 <= every))
      name += ` ${String(Math.trunc(month.month / 100) % 100).padStart(2, '0')}`;
  }
  return {
    x: tenths(from + gap),
    width: tenths(to - from - 2 * gap),
    middle: tenths(Math.floor((from + to) / 2)),
    y,
    height: GROUND - y,
    ground: GROUND - 4,
    name,
    minor,
  };
}

// "income, work and health"
export const listed = (words) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
