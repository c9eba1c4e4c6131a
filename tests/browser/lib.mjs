// SPDX-License-Identifier: AGPL-3.0-or-later
// What a page has to hold in a real browser. Each check returns the faults it found, as sentences;
// an empty list is a page that holds. The walk gathers them, the planted faults prove them.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

export const WIDTHS = [320, 768, 1280];
const OUT = join(process.env.CHECK_OUT ?? "artifacts", "browser");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function openBrowser() {
  mkdirSync(OUT, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

// A window of one width; `cookies` are those of someone signed in. Service workers stay out of the
// walk: they would answer for the server.
export async function openWindow(browser, { width, javascript = true, base, cookies = [] }) {
  const context = await browser.newContext({
    viewport: { width, height: width === 320 ? 640 : 900 },
    javaScriptEnabled: javascript,
    serviceWorkers: "block",
    reducedMotion: "reduce",
    locale: "en-GB",
  });
  await context.addCookies(cookies.map(([name, value]) => ({ name, value, url: base })));
  return context;
}

// Opens a page and listens: { page, answer, faults }. The faults are what the browser itself says:
// errors on the console (CSP reports among them), exceptions, requests to strangers, failed ones.
export async function visit(context, base, path, { status = 200 } = {}) {
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    const own = status !== 200 && message.location().url === base + path; // “status of 404”
    if (message.type() === "error" && !own) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("dialog", async (dialog) => {
    faults.push(`a dialog opened: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base + "/") && !url.startsWith("data:"))
      faults.push(`a stranger was asked: ${url}`);
  });
  page.on("requestfailed", (request) => faults.push(`not loaded: ${request.url()}`));
  const answer = await page.goto(base + path, { waitUntil: "load" });
  if (answer.status() !== status) faults.push(`status ${answer.status()}, not ${status}`);
  return { page, answer, faults };
}

export async function screenshot(page, name) {
  const file = name.replace(/[^a-z0-9.-]+/gi, "_").replace(/^_+|_+$/g, "");
  await page.screenshot({ path: join(OUT, `${file}.png`), fullPage: true });
}

// The headers of every HTML answer.
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];
const HEADERS = {
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /^(no-referrer|same-origin|strict-origin-when-cross-origin)$/,
  "cross-origin-opener-policy": /^same-origin$/,
  "content-type": /^text\/html; ?charset=utf-8$/i,
};

export function headerFaults(headers) {
  const faults = Object.entries(HEADERS)
    .filter(([name, rule]) => !rule.test(headers[name] ?? ""))
    .map(([name]) => `header ${name}: ${headers[name] ?? "missing"}`);
  const csp = (headers["content-security-policy"] ?? "").split(/; */);
  for (const one of CSP) if (!csp.includes(one)) faults.push(`the CSP does not say: ${one}`);
  for (const one of csp)
    if (/unsafe|\*|https?:/.test(one)) faults.push(`the CSP lets something in: ${one}`);
  return faults;
}

const validator = new HtmlValidate({
  extends: ["html-validate:standard"],
  rules: {
    // Our templates keep white space as written; these say nothing about whether a page works.
    "no-trailing-whitespace": "off",
    "doctype-style": "off",
    "void-style": "off",
    "long-title": "off",
  },
});

export async function htmlFaults(text, name) {
  const report = await validator.validateString(text, name);
  return report.results.flatMap(({ messages }) =>
    messages
      .filter((m) => m.severity === 2)
      .map((m) => `html ${m.ruleId} in line ${m.line}: ${m.message}`),
  );
}

// axe-core, every rule of WCAG 2.2 A and AA and its best practices. Put in by evaluate, which the
// CSP does not see. axe waits on timers, and a window without JavaScript has none: there a promise
// stands in for them. So this comes last.
export async function axeFaults(page, { javascript = true } = {}) {
  if (!javascript)
    await page.evaluate(() => {
      globalThis.setTimeout = (then, ms, ...args) => (
        Promise.resolve().then(() => then(...args)),
        1
      );
    });
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `axe ${id}: ${help}: ${node.target.join(" ")}`),
  );
}

// Nothing sticks out to the right. Tables and maps may scroll in a box of their own.
export async function reflowFaults(page) {
  const { wide, seen } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    seen: document.documentElement.clientWidth,
  }));
  return wide > seen ? [`scrolls sideways: ${wide} px of content in ${seen} px`] : [];
}

// Numbers everything Tab should reach, in the page: what a person can act on and see. Of a group
// of radio buttons only one takes the focus; of a scrolling box, the browser decides.
function numberFocusables() {
  const selector =
    "a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, iframe, " +
    "[tabindex], [contenteditable=true], audio[controls], video[controls]";
  const seen = (one) => {
    if (one.disabled || one.tabIndex < 0 || one.closest("[inert], fieldset:disabled")) return false;
    const closed = one.closest("details:not([open])");
    if (closed && !(one.tagName === "SUMMARY" && one.parentElement === closed)) return false;
    return one.checkVisibility({ checkVisibilityCSS: true }) && one.getClientRects().length > 0;
  };
  const all = [...document.querySelectorAll(selector)].filter((one) => {
    if (!seen(one)) return false;
    if (one.type !== "radio" || !one.name) return true;
    const members = [...document.getElementsByName(one.name)].filter((m) => m.form === one.form);
    const chosen = members.find((m) => m.checked) ?? members[0];
    return one === chosen;
  });
  all.forEach((one, i) => one.setAttribute("data-walk", i));
  return all.map((one) => one.outerHTML.slice(0, 90));
}

// How the element with the focus looks and lies or, asked for all, how every numbered one looks
// without it: { number: looks }.
function look(all) {
  const style = (element, pseudo) => {
    const s = getComputedStyle(element, pseudo);
    return [
      s.outlineStyle,
      s.outlineWidth,
      s.outlineColor,
      s.boxShadow,
      s.backgroundColor,
      s.color,
      s.borderColor,
      s.borderWidth,
      s.textDecorationLine,
      s.textDecorationThickness,
      s.stroke,
      s.strokeWidth,
      s.fill,
      s.filter,
    ].join("|");
  };
  // The mark may be on what is inside the link (a shape of a map), or on the label of a tick box.
  const looks = (one) => {
    const marked = [one, ...one.querySelectorAll("*")].slice(0, 8).map((element) => style(element));
    const label = one.labels?.[0];
    if (label) marked.push(style(label, "::before"), style(label));
    return marked.join("/");
  };
  if (all) {
    document.activeElement?.blur();
    const numbered = [...document.querySelectorAll("[data-walk]")];
    return Object.fromEntries(numbered.map((one) => [one.getAttribute("data-walk"), looks(one)]));
  }
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const within = (at, end) => Math.min(Math.max(at, 1), end - 1);
  const above = document.elementFromPoint(
    within(box.left + box.width / 2, innerWidth),
    within(box.top + box.height / 2, innerHeight),
  );
  let cover = above; // a bar that sticks to an edge hides what is under it
  while (cover && !["fixed", "sticky"].includes(getComputedStyle(cover).position))
    cover = cover.parentElement;
  const flows = getComputedStyle(one).overflowX + getComputedStyle(one).overflowY;
  return {
    number: one.getAttribute("data-walk"),
    tag: one.outerHTML.slice(0, 90),
    scrolls: /auto|scroll/.test(flows),
    looks: looks(one),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: cover !== null && !cover.contains(one),
  };
}

// Tab through the whole page: everything reached once, seen where it is, and out again at the end.
export async function keyboardFaults(page) {
  const faults = [];
  const expected = await page.evaluate(numberFocusables);
  const reached = new Map(); // number -> how it looked with the focus
  let out = false;
  for (let step = 0; step < expected.length + 20 && !out; step++) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(look, false);
    // After the last comes the browser's own frame, or in a window without one the first again.
    if (now === null || (reached.size > 1 && now.number === reached.keys().next().value)) {
      out = true;
    } else if (now.number === null) {
      // A box that scrolls takes the focus so that its content can be read by keyboard.
      if (!now.scrolls) faults.push(`keyboard: the focus is on what is no control: ${now.tag}`);
    } else if (reached.has(now.number)) {
      break;
    } else {
      if (!now.inView) faults.push(`keyboard: the focus is out of sight on ${now.tag}`);
      if (now.covered) faults.push(`keyboard: something lies over ${now.tag}`);
      reached.set(now.number, now);
    }
  }
  if (!out && expected.length > 1)
    faults.push("keyboard: a trap, Tab does not lead out of the page");
  expected.forEach((tag, i) => {
    if (!reached.has(String(i))) faults.push(`keyboard: Tab never reaches ${tag}`);
  });
  const plain = await page.evaluate(look, true);
  for (const [number, focused] of reached) {
    if (plain[number] === focused.looks)
      faults.push(`keyboard: nothing shows the focus on ${focused.tag}`);
  }
  return faults;
}
