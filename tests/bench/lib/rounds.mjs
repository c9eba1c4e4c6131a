// SPDX-License-Identifier: AGPL-3.0-or-later
// Alternating rounds. Machines drift (other work, clock speed), so nothing is compared across
// time: in every round each subject is measured once, and only the ratios inside a round count.
import { measure } from './load.mjs';

export function median(v) {
  const s = [...v].sort((a, b) => a - b),
    mid = s.length >> 1;
  return s.length % 2 ? s[mid] : (s[mid - 1] + s[mid]) / 2;
}

export function spread(v) {
  return { median: median(v), min: Math.min(...v), max: Math.max(...v), n: v.length };
}

export const digits = (x) => (x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2));

function roundLine(i, subjects, m) {
  const cells = subjects.map(({ name }, k) => {
    const beside = k ? ` (${digits(m[name].us / m[subjects[0].name].us)}×)` : '';
    const { us, req_per_s, p99_ms } = m[name];
    return `${name} ${digits(us)} µs${beside}, ${req_per_s.toFixed(0)}/s, p99 ${digits(p99_ms)} ms`;
  });
  const noisy = subjects.filter(({ name }) => m[name].noisy).map(({ name }) => name);
  const marked = noisy.length ? `  [noisy: ${noisy.join(', ')}]` : '';
  return `  round ${i}: ${cells.join(' · ')}${marked}`;
}

// subjects: [{ name, server, load }], ours first. Runs b.rounds rounds, rotating who begins.
// Resolves with { rounds: [{ NAME: measurement }], ratio: { NAME: spread of NAME's µs ÷ ours } }.
export async function alternate(b, subjects) {
  const rounds = [];
  for (let i = 0; i < b.rounds; i++) {
    const m = {};
    for (let k = 0; k < subjects.length; k++) {
      const s = subjects[(i + k) % subjects.length];
      m[s.name] = await measure(b, s.server, s.load);
    }
    rounds.push(m);
    b.say(roundLine(i + 1, subjects, m));
  }
  const ours = subjects[0].name,
    ratio = {};
  for (const { name } of subjects.slice(1))
    ratio[name] = spread(rounds.map((m) => m[name].us / m[ours].us));
  return { rounds, ratio };
}

// The figures of one subject over all rounds, into the books.
export function bookSubject(b, scenario, name, rounds) {
  const noisy = rounds.filter((m) => m[name].noisy).length;
  const put = (measure, unit, key) =>
    b.book({
      scenario,
      measure: `${name} ${measure}`,
      unit,
      ...spread(rounds.map((m) => m[name][key])),
      noisy,
    });
  put('cpu per request', 'us', 'us');
  put('requests per second', '1/s', 'req_per_s');
  put('p50', 'ms', 'p50_ms');
  put('p99', 'ms', 'p99_ms');
}
