// SPDX-License-Identifier: AGPL-3.0-or-later
// A comparison is worth nothing when the two do not do the same work: before any timing the pages
// of both have to be the same, byte for byte, but for what has to differ.

// What two servers may spell differently: white space at the end, the apostrophe's escape, and
// tokens that are new in every answer.
export function normalise(body) {
  return body
    .trimEnd()
    .replaceAll('&#039;', '&#39;')
    .replaceAll('&#x27;', '&#39;')
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

async function page(server, path) {
  const r = await fetch(server.url + path);
  if (!r.ok) throw new Error(`${server.name} answers ${path} with ${r.status}`);
  return normalise(await r.text());
}

// Throws, naming the page and the place, unless both servers give the same for all paths.
export async function sameBodies(ours, peer, paths) {
  for (const path of paths) {
    const where = difference(await page(ours, path), await page(peer, path));
    if (where) throw new Error(`${path} differs between ${ours.name} and ${peer.name} at ${where}`);
  }
}
