// SPDX-License-Identifier: AGPL-3.0-or-later
// Which pages the browser walks. Every GET route of the program's own table is walked with the
// sample the table gives for the demonstration town: as the least of those who may see it, and as
// the coordinator where that is somebody else. Here stands only what a table cannot know: states
// of a page that take a query or a few steps to reach, and the pages that say no.
//
//   { path, as, status: 200, name, act: async (page) => … }

// A page that comes back with faults puts the focus on their summary; the walk begins at the top.
const fromTheTop = (page) =>
  page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  });

// What is folded away has to hold as well once it is open.
const unfold = (page) =>
  page.evaluate(() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });

export const STATES = [
  { name: "not found", path: "/no-such-page", as: "public", status: 404 },
  {
    name: "sign-in with a wrong password",
    path: "/sign-in",
    as: "public",
    refusals: true, // a 4xx on the console is what we came for
    act: async (page) => {
      await page.fill("input[name=login]", "nobody");
      await page.fill("input[name=password]", "not this one");
      await page.click("form[action='/sign-in'] button[type=submit]");
      await page.waitForLoadState("load");
    },
  },
  {
    name: "a new password that is too short",
    path: "/me/password",
    as: "resident",
    refusals: true,
    act: async (page) => {
      await page.fill("input[name=old]", "not this one");
      await page.fill("input[name=password]", "short");
      await page.click("form[action='/me/password'] button[type=submit]");
      await page.waitForLoadState("load");
      await fromTheTop(page);
    },
  },
  { name: "a ward by income in 2019", path: "/areas/E05990003?domain=income&edition=2019&within=30&sort=-children", as: "public" },
  { name: "a ward with everything unfolded", path: "/areas/E05990003", as: "public", act: unfold },
  { name: "a small area with everything unfolded", path: "/areas/E01990011", as: "public", act: unfold },
  { name: "a small area that was split", path: "/areas/E01991001", as: "public" },
  { name: "a small area found by postcode", path: "/areas/E01990011?found=position&ward=E05990003", as: "public" },
  { name: "a ward without a small area", path: "/areas/E05990017", as: "public" },
  { name: "a layer of areas", path: "/areas?kind=oa&vintage=2021", as: "public" },
  { name: "a search for areas", path: "/areas?q=millbrook", as: "public" },
  { name: "presenting a small area", path: "/areas/E01990011/present", as: "public" },
  { name: "a small area on paper", path: "/areas/E01990011/print", as: "public" },
  {
    name: "a postcode that leads nowhere",
    path: "/find",
    as: "public",
    refusals: true,
    act: async (page) => {
      await page.fill("input[name=postcode]", "ZZ9 9ZZ");
      await page.click("form[action='/find'] button[type=submit]");
      await page.waitForLoadState("load");
      await fromTheTop(page);
    },
  },
];

const LEAST_FIRST = [
  "public",
  "resident",
  "panel",
  "police",
  "partner",
  "outreach",
  "evaluator",
  "coordinator",
];

// Whom to walk a route as.
export function walkers(who) {
  const least = LEAST_FIRST.find((role) => who.includes(role));
  return who.includes("coordinator") && least !== "coordinator" ? [least, "coordinator"] : [least];
}
