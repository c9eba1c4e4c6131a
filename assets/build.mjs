// SPDX-License-Identifier: AGPL-3.0-or-later
// Builds what the browser gets: node assets/build.mjs OUTDIR
//
// Writes site.css, the scripts, fonts and pictures into OUTDIR, then
//   manifest.txt    one line per file: name, first 16 hex digits of its SHA-256, content type
//   build-hash.txt  one hash over all of them (sw.js excepted, which carries that hash in itself)
// The same sources give the same bytes. The C build embeds OUTDIR; nothing is fetched.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "sass";

if (process.argv.length !== 3) {
  console.error("usage: node assets/build.mjs OUTDIR");
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = resolve(process.argv[2]);
const require = createRequire(import.meta.url);
const sha = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

const TYPES = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
};
const files = new Map(); // name -> Buffer

// Sass resolves "govuk-frontend/…" from node_modules; esbuild then squeezes what Sass wrote.
const sheet = compile(join(here, "scss/site.scss"), {
  loadPaths: [join(root, "node_modules")],
  style: "compressed",
  charset: false,
});
const bundle = async (options) => {
  const done = await build({
    bundle: true,
    write: false,
    minify: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    absWorkingDir: root,
    target: ["safari14.1", "chrome88", "firefox86"],
    ...options,
  });
  return Buffer.from(done.outputFiles[0].contents);
};
files.set(
  "site.css",
  await bundle({
    stdin: { contents: sheet.css, loader: "css", resolveDir: here },
    external: ["*.woff2", "*.svg"],
  }),
);
for (const name of ["site", "present"])
  files.set(`${name}.js`, await bundle({ entryPoints: [join(here, `js/${name}.js`)], format: "iife" }));

const fonts = join(dirname(require.resolve("@fontsource/atkinson-hyperlegible/package.json")), "files");
for (const weight of [400, 700])
  files.set(
    `atkinson-${weight}.woff2`,
    readFileSync(join(fonts, `atkinson-hyperlegible-latin-${weight}-normal.woff2`)),
  );

for (const name of ["favicon.svg", "ring.svg", "street.svg"])
  files.set(name, Buffer.from(readFileSync(join(here, "img", name), "utf8").trim()));

files.set(
  "site.webmanifest",
  Buffer.from(
    JSON.stringify({
      name: "Doorstep",
      short_name: "Doorstep",
      start_url: "/",
      display: "minimal-ui",
      background_color: "#fbf6ee",
      theme_color: "#2b1a34",
      icons: [{ src: "favicon.svg", sizes: "any", type: "image/svg+xml" }],
    }),
  ),
);

const names = () => [...files.keys()].sort();
const whole = sha(names().map((name) => `${name} ${sha(files.get(name))}\n`).join(""));
files.set(
  "sw.js",
  await bundle({ entryPoints: [join(here, "js/sw.js")], format: "iife", define: { BUILD: JSON.stringify(whole) } }),
);

// Off gov.uk nothing may look official, and nothing may call home.
const css = files.get("site.css").toString();
for (const banned of ["GDS Transport", "govuk-crest", "http:", "https:", "@import"])
  if (css.includes(banned)) throw new Error(`site.css contains ${banned}`);

mkdirSync(out, { recursive: true });
for (const name of names()) writeFileSync(join(out, name), files.get(name));
writeFileSync(
  join(out, "manifest.txt"),
  names().map((name) => `${name} ${sha(files.get(name))} ${TYPES[name.split(".").pop()]}\n`).join(""),
);
writeFileSync(join(out, "build-hash.txt"), `${whole}\n`);
