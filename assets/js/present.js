// SPDX-License-Identifier: AGPL-3.0-or-later
// Presenting mode: keys, buttons, swipe, progress, and staying there when the network goes.
const steps = [...document.querySelectorAll(".ds-step")];
const body = document.body;
const words = body.dataset; // data-word-back, -next, -leave, -full, -of: the page brings its own language
const home = words.home || "/";
let at = Math.max(0, steps.findIndex((step) => `#${step.id}` === location.hash));

const make = (tag, text, attributes = {}) => {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};
const bar = make("nav", "", { class: "ds-steer", "aria-label": words.wordSteer || "Steps" });
const leave = make("a", words.wordLeave || "Leave", { href: home });
const back = make("button", words.wordBack || "Back", { type: "button" });
const next = make("button", words.wordNext || "Next", { type: "button" });
const full = make("button", words.wordFull || "Full screen", { type: "button" });
const line = make("progress", "", { max: steps.length, "aria-label": words.wordProgress || "Progress" });
const count = make("span", "", { "aria-live": "polite" });
bar.append(leave, back, next, line, count, full);
if (!document.documentElement.requestFullscreen) full.remove();

const show = () => {
  line.value = at + 1;
  count.textContent = `${at + 1} ${words.wordOf || "of"} ${steps.length}`;
  // not "disabled": a button that vanishes from under the keyboard takes the focus with it
  back.setAttribute("aria-disabled", at === 0);
  next.setAttribute("aria-disabled", at === steps.length - 1);
};
const go = (to) => {
  const target = Math.min(steps.length - 1, Math.max(0, to));
  if (target === at) return;
  at = target;
  moving = Date.now();
  steps[at].scrollIntoView();
  steps[at].focus({ preventScroll: true });
  history.replaceState(null, "", `#${steps[at].id}`);
  show();
};
const screenful = () =>
  document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.();
let moving = 0;

for (const step of steps) step.tabIndex = -1;
document.documentElement.classList.add("js-steps");
body.append(bar);
show();
back.addEventListener("click", () => go(at - 1));
next.addEventListener("click", () => go(at + 1));
full.addEventListener("click", screenful);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const control = event.target.closest?.("a, button, input, select, textarea, summary");
  if (control && (event.key === " " || event.key === "Enter")) return;
  const forward = document.documentElement.dir === "rtl" ? -1 : 1;
  const moves = {
    ArrowRight: at + forward, ArrowLeft: at - forward, ArrowDown: at + 1, ArrowUp: at - 1,
    PageDown: at + 1, PageUp: at - 1, " ": at + (event.shiftKey ? -1 : 1), Home: 0, End: steps.length - 1,
  };
  if (event.key in moves) go(moves[event.key]);
  else if (event.key === "Escape" && !document.fullscreenElement) location.assign(home);
  else if (event.key === "f") screenful();
  else return;
  event.preventDefault();
});

// A link to a step, or the browser's own way back.
window.addEventListener("hashchange", () => {
  const to = steps.findIndex((step) => `#${step.id}` === location.hash);
  if (to < 0) return;
  at = to;
  show();
});

// A sideways swipe turns the page; up and down scroll as always.
let from = null;
document.addEventListener("touchstart", ({ touches }) => {
  from = touches.length === 1 ? [touches[0].clientX, touches[0].clientY] : null;
}, { passive: true });
document.addEventListener("touchend", ({ changedTouches: [touch] }) => {
  if (!from) return;
  const [dx, dy] = [touch.clientX - from[0], touch.clientY - from[1]];
  if (Math.abs(dx) > 60 && Math.abs(dx) > 2 * Math.abs(dy))
    go(at + (dx < 0 ? 1 : -1) * (document.documentElement.dir === "rtl" ? -1 : 1));
}, { passive: true });

// Who scrolls by hand moves the counter too.
if ("IntersectionObserver" in window) {
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries)
      if (entry.isIntersecting && Date.now() - moving > 900) {
        at = steps.indexOf(entry.target);
        show();
      }
  }, { rootMargin: "-45% 0px -45% 0px" });
  steps.forEach((step) => watch.observe(step));
}

// Once opened, it works without a network: the worker keeps the public form of this page.
if ("serviceWorker" in navigator && location.protocol !== "file:")
  navigator.serviceWorker.register("/sw.js")
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => active.postMessage({ keep: location.pathname + location.search }))
    .catch(() => {});
