// SPDX-License-Identifier: AGPL-3.0-or-later
// What the area page says in sentences.
import { commas, fixed, listed, monthWords } from './format.mjs';
import { AT, IN_SENTENCE, MAIN, PERCENT } from './words.mjs';

export function headline(area, heat, smalls) {
  if (!smalls.length) return `There are no figures from small areas for ${area.name}.`;
  if (heat.rows.length === 1) {
    const r = heat.rows[0];
    const words = MAIN.filter((d) => r.reading[d]?.band >= 1 && r.reading[d].band <= AT + 1).map(
      (d) => IN_SENTENCE[d],
    );
    if (!words.length)
      return `In ${area.name}, none of ${r.judged} kinds of deprivation is among the most deprived ${PERCENT[AT]}% in England.`;
    return words.length === 1
      ? `In ${area.name}, 1 of ${r.judged} kinds of deprivation is high: ${words[0]}.`
      : `In ${area.name}, ${words.length} of ${r.judged} kinds of deprivation come together: ${listed(words)}.`;
  }
  if (!heat.twoOrMore)
    return `In ${area.name}, none of ${heat.judged} small areas has two or more kinds of deprivation at once.`;
  return heat.twoOrMore === 1
    ? `In ${area.name}, 1 of ${heat.judged} small areas has two or more kinds of deprivation at once.`
    : `In ${area.name}, ${heat.twoOrMore} of ${heat.judged} small areas have two or more kinds of deprivation at once.`;
}

export function childrenSentence(heat, people) {
  if (!people) return '';
  if (heat.rows.length === 1) {
    const n = heat.rows[0].area.children;
    return `${commas(n)} children under 16 live here (${people.period}).`;
  }
  if (!heat.twoOrMore || !heat.childrenThere) return '';
  return `${commas(heat.childrenThere)} children under 16 live there (${people.period}).`;
}

export function whereSentence(heat) {
  if (heat.rows.length < 2 || !heat.judged) return '';
  const leading = (but) =>
    MAIN.reduce(
      (best, d) =>
        d !== but && heat.of[d] > 0 && (!best || heat.of[d] > heat.of[best]) ? d : best,
      null,
    );
  const first = leading(null),
    second = first && leading(first);
  let s = '';
  if (second)
    s = `What shows most is ${IN_SENTENCE[first]} (${heat.of[first]} areas) and ${IN_SENTENCE[second]} (${heat.of[second]} areas).`;
  else if (first)
    s = `What shows is ${IN_SENTENCE[first]}: in ${heat.of[first]} of ${heat.judged} areas.`;
  if (heat.mostArea && heat.most >= 2)
    s +=
      heat.nMost === 1
        ? ` Most comes together in ${heat.mostArea.name}: ${heat.most} of 7 kinds.`
        : ` In ${heat.nMost} areas ${heat.most} of 7 kinds come together.`;
  return s;
}

export function movedSentence(smalls, then, now) {
  const m = { redrawn: 0, unknown: 0, deeper: 0, lighter: 0, same: 0 };
  for (const s of smalls) {
    const a = s.reading[then]?.imd?.band,
      b = s.reading[now]?.imd?.band;
    if (s.relation === 'S' || s.relation === 'M' || s.relation === 'X') m.redrawn++;
    else if (!a || !b) m.unknown++;
    else if (b < a) m.deeper++;
    else if (b > a) m.lighter++;
    else m.same++;
  }
  const n = m.deeper + m.lighter + m.same;
  let s;
  if (!n) s = `No small area can be compared between ${then} and ${now}.`;
  else if (!m.deeper && !m.lighter)
    s =
      n === 1
        ? `The area is in the same band in ${then} and ${now}.`
        : `All ${n} small areas are in the same band in ${then} and ${now}.`;
  else if (n === 1)
    s = `Between ${then} and ${now} the area moved to a ${m.deeper ? 'more' : 'less'} deprived band.`;
  else
    s = `Of ${n} small areas, ${m.deeper} moved to a more deprived band between ${then} and ${now}, ${m.lighter} to a less deprived band, and ${m.same} stayed.`;
  if (m.redrawn)
    s +=
      m.redrawn === 1
        ? ' For 1 the border was redrawn, so it is not counted.'
        : ` For ${m.redrawn} the borders were redrawn, so they are not counted.`;
  if (m.unknown)
    s +=
      m.unknown === 1
        ? ' For 1 there is no figure for both years.'
        : ` For ${m.unknown} there are no figures for both years.`;
  return s;
}

export function crimeSentence(months) {
  const n = months.map((m) => m.n);
  return `Between ${commas(Math.min(...n))} and ${commas(Math.max(...n))} crimes a month were recorded here from ${monthWords(months[0].month)} to ${monthWords(months.at(-1).month)}.`;
}

const percent = (s) => fixed((100 * s.in[AT]) / s.n, 0);

export function compareSentence(area, here, district, edition) {
  const s = here[edition]?.imd,
    d = district?.shares[edition]?.imd;
  if (!s || s.n < 2) return '';
  let text = `In ${area.name}, ${s.in[AT]} of ${s.n} small areas (${percent(s)}%) are among the most deprived ${PERCENT[AT]}% of England in ${edition}.`;
  if (d?.n)
    text += ` In ${district.name} as a whole it is ${d.in[AT]} of ${d.n} (${percent(d)}%).`;
  return text;
}

export function changeWords(s, then, now, before) {
  if (s.relation === 'S')
    return `Split off from ${before.get(s.before[0]).name}, so no line is drawn`;
  if (s.relation === 'M') return `Made of ${s.before.length} areas of before, so no line is drawn`;
  if (s.relation === 'X') return 'Its border changed, so the years cannot be compared';
  if (!then || !now) return 'No band for both years';
  return now < then
    ? 'Moved to a more deprived band'
    : now > then
      ? 'Moved to a less deprived band'
      : 'Same band';
}

// What is good to know, in the order Doorstep tells it: about borders (`change`, beside then and
// now) and about the rest (with its topic).
export function notesOf(area, smalls, editions) {
  const codes = (which) => smalls.filter(which).map((s) => s.code);
  const notes = [];
  const add = (text, list, more) =>
    list.length &&
    notes.push(
      list.length > 8
        ? { text, codes: list.join(', '), n: list.length, ...more }
        : { text: `${text} (${list.join(', ')})`, ...more },
    );
  if (smalls.some((s) => s.link === 'best_fit'))
    notes.push({
      text: "The small areas (LSOAs) were matched to this place by best fit: each counts whole for the ward most of its people live in, so their outline is not quite the ward's.",
      topic: 'matched by best fit',
    });
  add(
    'These small areas were split or merged between the two censuses, so their earlier figures are those of the areas they were made from.',
    codes((s) => s.relation === 'S' || s.relation === 'M'),
    { change: true },
  );
  add(
    'The borders of these small areas changed irregularly between the two censuses, so nothing is carried over from before.',
    codes((s) => s.relation === 'X'),
    { change: true },
  );
  add(
    'Some figures of these small areas are not published. That is not the same as 0.',
    codes((s) =>
      Object.values(s.reading).some((of) => Object.values(of).some((r) => r.suppressed)),
    ),
    { topic: 'figures not published' },
  );
  if (!smalls.length)
    notes.push({
      text: 'No small area (LSOA) has this ward as its best fit, so there are no figures from small areas for it. That is not the same as 0.',
      topic: 'no small area fits best',
    });
  if (editions.length > 1)
    notes.push({
      text: 'The two editions of the Indices rank different numbers of areas and measure some things differently. Read the bands side by side; a rank of one year cannot be taken away from a rank of another.',
      topic: 'two editions',
    });
  return notes;
}
