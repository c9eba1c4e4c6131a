// SPDX-License-Identifier: AGPL-3.0-or-later
// A comparison is worth nothing when the two do not do the same work: before any timing the pages
// of both have to be the same, byte for byte, but for what has to differ.

// What any page of ours holds at the very least, in bytes.
export const PAGE_LEAST = 2000;

// What two servers may spell differently: white space at the end, how a quotation mark is escaped,
// and what is new in every answer or build: tokens, and the hash in the address of a style sheet.
export function normalise(body) {
  return body
    .trimEnd()
    .replaceAll('&#039;', '&#39;')
    .replaceAll('&#x27;', '&#39;')
    .replaceAll('&#34;', '&quot;')
    .replace(/\/assets\/[0-9a-f]{16}\//g, '/assets/-/')
    .replace(/(name="csrf" value=")[^"]*/g, '$1-')
    .replace(/(nonce=")[^"]*/g, '$1-');
}

// Where two texts part, with what stands there in each; null when they are equal.
export function difference(a, b) {
  if (a === b) return null;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const around = (s) => JSON.stringify(s.slice(Math.max(0, at - 40), at + 60));
  return `byte ${at} of ${a.length} and ${b.length}: ${around(a)} against ${around(b)}`;
}

// headers: as the load tool takes them, "Name: value".
async function page(server, path, headers) {
  const r = await fetch(server.url + path, {
    redirect: 'manual',
    headers: headers.map((h) => h.split(': ')),
  });
  if (!r.ok) throw new Error(`${server.name} answers ${path} with ${r.status}`);
  return normalise(await r.text());
}

// Throws, naming the page and the place, unless both servers give the same for all paths.
export async function sameBodies(ours, peer, paths, headers = []) {
  for (const path of paths) {
    const where = difference(await page(ours, path, headers), await page(peer, path, headers));
    if (where) throw new Error(`${path} differs between ${ours.name} and ${peer.name} at ${where}`);
  }
}

// A whole page of HTML, or an error: figures for an empty answer would look wonderful.
export async function fullPage(server, path) {
  const r = await fetch(server.url + path, { redirect: 'manual' });
  const bytes = (await r.text()).length;
  if (!r.ok || !/^text\/html/.test(r.headers.get('content-type')) || bytes < PAGE_LEAST)
    throw new Error(`${server.name} gives no page at ${path} (status ${r.status}, ${bytes} bytes)`);
}
