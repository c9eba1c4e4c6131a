// SPDX-License-Identifier: AGPL-3.0-or-later
// A reporter for node:test that speaks the lines of ./check: every leaf one case, a suite only
// where it failed by itself (a hook), a file that holds no test as a failure.
import { basename } from "node:path";

const indent = (text) => String(text).replace(/^/gm, "    ").trimEnd() + "\n";

function why(error) {
  const cause = error?.cause ?? error;
  return indent(cause?.stack ?? cause?.message ?? cause);
}

export default async function* reporter(source) {
  const names = []; // names[n]: the test that is open at depth n
  const hasChild = []; // hasChild[n]: the test open at depth n has told of a child
  for await (const { type, data } of source) {
    if (type === "test:stdout" || type === "test:stderr") yield indent(data.message);
    if (type === "test:start") names[data.nesting] = data.name;
    if (type !== "test:pass" && type !== "test:fail") continue;

    const { name, nesting, details, skip } = data;
    const parent = hasChild[nesting];
    hasChild[nesting] = false;
    if (nesting > 0) hasChild[nesting - 1] = true;
    const failed = type === "test:fail";
    const isFile = name.endsWith(".mjs");
    const path = [...names.slice(0, nesting), name].map((n) =>
      n.endsWith(".mjs") ? basename(n) : n,
    );
    const title = path.join(" › ");

    if (skip !== undefined && skip !== false) {
      yield `skipped: ${title} (${skip === true || skip === "" ? "no reason given" : skip})\n`;
    } else if (failed && !(parent && details.error?.failureType === "subtestsFailed")) {
      yield `not ok - ${title}\n${why(details.error)}`;
    } else if (!failed && !parent) {
      yield isFile || details.type === "suite"
        ? `not ok - ${title}: holds no test\n`
        : `ok - ${title}\n`;
    }
  }
}
