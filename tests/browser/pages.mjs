// SPDX-License-Identifier: AGPL-3.0-or-later
// Which pages the browser walks. Every GET route of the program's own table is walked with the
// sample the table gives for the demonstration town: as the least of those who may see it, and as
// the coordinator where that is somebody else. Here stands only what a table cannot know: states
// of a page that take a query or a few steps to reach, and the pages that say no.
//
//   { path, as, status: 200, name, act: async (page) => … }

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
