// SPDX-License-Identifier: AGPL-3.0-or-later
// The checker is checked: pages with planted faults, each of which has to be found, and one clean
// page in which nothing may be found.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import {
  axeFaults,
  headerFaults,
  htmlFaults,
  keyboardFaults,
  openBrowser,
  openWindow,
  reflowFaults,
  visit,
} from "./lib.mjs";

const page = (body, style = "") => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page</title>
<link rel="stylesheet" href="/style.css${style}">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;

const PAGES = {
  "/clean": page(`<h1>A street</h1>
<p><a href="/clean">Here</a> and <a href="/clean#name">there</a>.</p>
<form method="post" action="/clean">
<p><label for="name">Your name</label>
<input id="name" name="name" type="text" autocomplete="name"></p>
<fieldset><legend>Which day?</legend>
<label><input type="radio" name="day" value="1"> Monday</label>
<label><input type="radio" name="day" value="2"> Friday</label></fieldset>
<p><button type="submit">Send</button></p>
</form>
<details><summary>More</summary><p><a href="/clean">Hidden until opened</a></p></details>`),
  "/axe": page(`<h1>Five faults</h1>
<p><img src="/dot.svg"></p>
<p><input type="text" name="a"></p>
<p><a href="/clean"></a></p>
<p class="pale">Pale words on white</p>
<p><button type="button"></button></p>`),
  "/html": page(`<h1>One fault</h1>
<p>One <b>unclosed</p>`),
  "/trap": page(`<h1>A trap</h1>
<p><a href="/clean">First</a> <button type="button" id="trap">Stay</button>
<a href="/clean">Never</a></p>
<script src="/trap.js"></script>`),
  "/blind": page(`<h1>No mark</h1>
<p><a href="/clean">Seen</a> <a class="blind" href="/clean">Not seen</a>
<a href="/clean">Seen</a></p>`),
  "/wide": page(`<h1>Too wide</h1>
<p class="wide">This sticks out</p>`),
  "/noisy": page(`<h1>An error</h1>
<script>document.title = "inline";</script>
<script src="/throws.js"></script>`),
  "/covered": page(`<h1>Under a bar</h1>
<div class="bar">A bar</div>
<p><a href="/clean">One</a></p>
<p class="tall">Far</p>
<p><a href="/clean">Two</a></p>`),
};
const FILES = {
  "/style.css": [
    "text/css",
    `:focus { outline: 3px solid #000 } .pale { color: #ccc; background: #fff }
    a, button { display: inline-block; padding: 8px; margin: 8px } a { color: #006 }
    .blind:focus { outline: none } .wide { width: 900px }
    .bar { position: fixed; bottom: 0; left: 0; right: 0; height: 300px; background: #eee }
    .tall { height: 3000px }`,
  ],
  "/dot.svg": ["image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`],
  "/trap.js": [
    "text/javascript",
    `document.getElementById("trap").addEventListener("keydown",
    (e) => { if (e.key === "Tab") e.preventDefault(); });`,
  ],
  "/throws.js": ["text/javascript", `throw new Error("planted");`],
};
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

let server, base, browser;
before(async () => {
  server = createServer((question, answer) => {
    const path = question.url;
    if (PAGES[path])
      answer
        .writeHead(200, { ...HEADERS, "content-type": "text/html; charset=utf-8" })
        .end(PAGES[path]);
    else if (FILES[path])
      answer.writeHead(200, { "content-type": FILES[path][0] }).end(FILES[path][1]);
    else answer.writeHead(path === "/favicon.ico" ? 204 : 404).end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

// Opens a page at 320 px and hands it to `look`, with JavaScript or without.
async function at(path, look, javascript = true) {
  const window = await openWindow(browser, { width: 320, javascript, base });
  try {
    return await look(await visit(window, base, path));
  } finally {
    await window.close();
  }
}
const some = (faults, words) =>
  assert.ok(
    faults.some((one) => one.includes(words)),
    `no “${words}” in:\n${faults.join("\n")}`,
  );

for (const javascript of [true, false])
  test(`the clean page holds ${javascript ? "with" : "without"} JavaScript`, async () => {
    const found = await at(
      "/clean",
      async ({ page, answer, faults }) => [
        ...faults,
        ...headerFaults(answer.headers()),
        ...(await htmlFaults(await answer.text(), "clean")),
        ...(await reflowFaults(page)),
        ...(await keyboardFaults(page)),
        ...(await axeFaults(page, { javascript })),
      ],
      javascript,
    );
    assert.deepEqual(found, []);
  });

for (const javascript of [true, false])
  test(`axe finds five planted faults ${javascript ? "with" : "without"} JavaScript`, async () => {
    const found = await at("/axe", ({ page }) => axeFaults(page, { javascript }), javascript);
    for (const rule of ["image-alt", "label", "link-name", "color-contrast", "button-name"])
      some(found, `axe ${rule}:`);
  });

test("html-validate finds an element that is not closed", async () => {
  some(
    await at("/html", async ({ answer }) => htmlFaults(await answer.text(), "html")),
    "html close-order",
  );
});

test("the keyboard walk finds a trap, and what lies behind it", async () => {
  const found = await at("/trap", ({ page }) => keyboardFaults(page));
  some(found, "a trap");
  some(found, 'Tab never reaches <a href="/clean"');
});

test("the keyboard walk finds a link without a mark of focus, and only that", async () => {
  const found = await at("/blind", ({ page }) => keyboardFaults(page));
  assert.equal(found.length, 1, found.join("\n"));
  some(found, 'nothing shows the focus on <a class="blind"');
});

test("the keyboard walk finds what lies under a bar", async () => {
  some(await at("/covered", ({ page }) => keyboardFaults(page)), "something lies over");
});

test("a page that scrolls sideways is found", async () => {
  some(await at("/wide", ({ page }) => reflowFaults(page)), "scrolls sideways");
});

test("an exception and a report of the CSP are found", async () => {
  const found = await at("/noisy", async ({ faults }) => faults);
  some(found, "exception: planted");
  some(found, "Content Security Policy");
});

test("missing headers and a CSP that lets something in are found", () => {
  some(
    headerFaults({ "content-type": "text/html; charset=utf-8" }),
    "the CSP does not say: default-src 'none'",
  );
  some(
    headerFaults({
      ...HEADERS,
      "content-security-policy": HEADERS["content-security-policy"].replace(
        "style-src 'self'",
        "style-src 'unsafe-inline'",
      ),
    }),
    "unsafe-inline",
  );
});
