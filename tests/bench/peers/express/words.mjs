// SPDX-License-Identifier: AGPL-3.0-or-later
// The words of the area page, and what its view needs to write them.
import { bar, column, commas, fixed, level, monthWords } from './format.mjs';

export const MAIN = ['income', 'employment', 'education', 'health', 'crime', 'barriers', 'living_environment'];
export const SHOWN = ['imd', ...MAIN, 'idaci', 'idaopi'];
export const TITLE = {
  coincide: 'How many together',
  imd: 'All together',
  income: 'Income',
  employment: 'Work',
  education: 'Education',
  health: 'Health',
  crime: 'Crime',
  barriers: 'Housing and services',
  living_environment: 'Living environment',
  idaci: 'Children, low income',
  idaopi: 'Older, low income',
  area: 'Small area',
  children: 'Children',
};
export const IN_SENTENCE = {
  income: 'income',
  employment: 'work',
  education: 'education',
  health: 'health',
  crime: 'crime',
  barriers: 'housing and services',
  living_environment: 'living environment',
};
export const VINTAGE = { 2019: 2011, 2025: 2021 };
export const RANKED = { 2019: 32844, 2025: 33755 };
export const bandClass = ['band-none', 'band-1', 'band-2', 'band-3', 'band-4', 'band-5'];
export const KIND = { lad: 'District', county: 'County', region: 'Region', ward: 'Ward' };
export const AGES = [
  ['0 to 4', 0], ['5 to 9', 5], ['10 to 15', 10], ['16 to 24', 16],
  ['25 to 44', 25], ['45 to 64', 45], ['65 to 79', 65], ['80 and over', 80],
];
export const AT = 1, // the threshold shown: 20 %
  PERCENT = [10, 20, 30];

// What the colours mean.
const legend = (key) =>
  [1, 2, 3, 4, 5, 0]
    .map(
      (b) =>
        `<li><svg width="34" height="22" viewBox="0 0 34 22" aria-hidden="true" focusable="false">` +
        `<rect class="${bandClass[b]}" x="0.5" y="0.5" width="33" height="21" rx="3"/></svg> ` +
        `${key[b]}</li>\n`,
    )
    .join('');

export const words = {
  legend, bandClass, MAIN, SHOWN, TITLE, AGES, PERCENT, bar, column, commas, fixed, level, monthWords,
  cell: [null, '10%', '20%', '30%', '50%', null],
  coincideKey: ['Not published', '5 or more', '4', '2 or 3', '1', 'None'],
  domainKey: ['Not published', 'Most deprived 10%', '20%', '30%', '50%', 'Less deprived half'],
  columns: [...MAIN, 'idaci', 'idaopi'],
};
