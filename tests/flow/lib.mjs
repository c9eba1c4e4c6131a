// SPDX-License-Identifier: AGPL-3.0-or-later
// A visitor for flows over HTTP: keeps cookies, fills in forms as they stand on the page (so the
// form token comes along by itself), and checks what came back. Redirects are shown, not followed.
//
//   const zone = await startZone();                       // flow/server.mjs
//   const amina = await as(zone, "coordinator");
//   const page = (await amina.get("/zone/edit")).is(200).has("Name of the zone");
//   const done = (await amina.submit(page, "/zone/edit", { name: "Leys" })).to("/zone");
import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { HtmlValidate, Parser } from "html-validate";
import { PASSWORD, loginOf } from "./server.mjs";

export { startZone, routes, filled, must, doorstep, ROLES } from "./server.mjs";

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", nbsp: "\u00a0" };
export const decoded = (text) => text.replace(/&(#?\w+);/g, (all, name) => ENTITIES[name] ?? all);

const config = new HtmlValidate({ extends: ["html-validate:recommended"] }).getConfigForSync(
  "page.html",
);

// One answer of the server; the expectations return it, so that they can be written in a row.
export class Answer {
  constructor({ method, path, status, headers, body }) {
    Object.assign(this, { what: `${method} ${path}`, status, headers, body });
  }

  get text() {
    return this.body.toString("utf8");
  }

  get json() {
    return JSON.parse(this.text);
  }

  // The page as a tree: html-validate's own, with querySelector and querySelectorAll.
  get page() {
    return (this.tree ??= new Parser(config).parseHtml(this.text));
  }

  is(status) {
    assert.equal(
      this.status,
      status,
      `${this.what}: ${this.status}, not ${status}\n${this.said()}`,
    );
    return this;
  }

  to(path) {
    this.is(303);
    assert.equal(this.headers.location, path, `${this.what}: sent to ${this.headers.location}`);
    return this;
  }

  has(...words) {
    const said = this.said();
    for (const word of words)
      assert.ok(said.includes(word), `${this.what}: the page does not say “${word}”\n${said}`);
    return this;
  }

  hasNot(...words) {
    for (const word of words)
      assert.ok(!this.text.includes(word), `${this.what}: the page gives away “${word}”`);
    return this;
  }

  // What a person reads: no tags, single spaces.
  said() {
    return decoded(this.text.replace(/<(script|style)\b.*?<\/\1>/gs, "").replace(/<[^>]*>/g, " "))
      .replace(/\s+/g, " ")
      .trim();
  }

  // The form that goes to `action`: { action, method, fields }, the fields as they stand there.
  form(action) {
    const forms = this.page.querySelectorAll("form");
    const form = forms.find((one) => decoded(one.getAttributeValue("action") ?? "") === action);
    assert.ok(form, `${this.what}: no form goes to ${action}`);
    const fields = [];
    for (const one of form.querySelectorAll("input, select, textarea"))
      for (const value of valuesOf(one))
        fields.push([decoded(one.getAttributeValue("name")), decoded(value)]);
    return { action, method: (form.getAttributeValue("method") ?? "get").toUpperCase(), fields };
  }
}

// What a browser would send of a field nobody touched.
function valuesOf(field) {
  if (!field.getAttributeValue("name") || field.hasAttribute("disabled")) return [];
  const own = field.getAttributeValue("value");
  if (field.tagName === "textarea") return [field.textContent];
  if (field.tagName === "select") {
    const options = field.querySelectorAll("option");
    const chosen = options.filter((one) => one.hasAttribute("selected"));
    const sent = chosen.length > 0 || field.hasAttribute("multiple") ? chosen : options.slice(0, 1);
    return sent.map((one) => one.getAttributeValue("value") ?? one.textContent);
  }
  switch (field.getAttributeValue("type")) {
    case "checkbox":
    case "radio":
      return field.hasAttribute("checked") ? [own ?? "on"] : [];
    case "submit":
    case "button":
    case "image":
    case "file":
      return [];
    default:
      return [own ?? ""];
  }
}

// multipart/form-data for fields of which some are files: { name, type, bytes }.
function multipart(fields) {
  const edge = `edge-${process.pid}-${Date.now()}`;
  const pieces = [];
  for (const [name, value] of fields) {
    const file = typeof value === "object";
    pieces.push(
      `--${edge}\r\nContent-Disposition: form-data; name="${name}"`,
      file
        ? `; filename="${value.name}"\r\nContent-Type: ${value.type ?? "application/octet-stream"}`
        : "",
      "\r\n\r\n",
      file ? value.bytes : value,
      "\r\n",
    );
  }
  pieces.push(`--${edge}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${edge}`,
    body: Buffer.concat(pieces.map((p) => Buffer.from(p))),
  };
}

export class Visitor {
  constructor(base) {
    this.base = new URL(base);
    this.cookies = new Map();
    this.agent = new Agent({ keepAlive: true, maxSockets: 4 });
  }

  // One request. A header given as null is not sent.
  send(method, path, { headers = {}, body } = {}) {
    const all = { host: this.base.host, ...headers };
    if (this.cookies.size > 0 && !("cookie" in headers))
      all.cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (body !== undefined) all["content-length"] = Buffer.byteLength(body);
    for (const name of Object.keys(all)) if (all[name] === null) delete all[name];
    return new Promise((done, failed) => {
      const { hostname: host, port } = this.base;
      const out = request({
        host,
        port,
        method,
        path,
        headers: all,
        agent: this.agent,
        timeout: 60_000,
      });
      out.on("timeout", () => out.destroy(new Error(`${method} ${path}: no answer within 60 s`)));
      out.on("error", failed);
      out.on("response", (answer) => {
        const pieces = [];
        answer.on("data", (piece) => pieces.push(piece));
        answer.on("error", failed);
        answer.on("end", () => {
          this.keep(answer.headers["set-cookie"] ?? []);
          const { statusCode: status, headers: got } = answer;
          done(new Answer({ method, path, status, headers: got, body: Buffer.concat(pieces) }));
        });
      });
      out.end(body);
    });
  }

  keep(lines) {
    for (const line of lines) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (/;\s*max-age=0\b/i.test(line) || value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  get(path, options) {
    return this.send("GET", path, options);
  }

  // A POST as our own page would send it; `fields` is an object or a list of pairs. Headers for
  // the foreign ones: { headers: { "sec-fetch-site": "cross-site" } }, or null to leave one out.
  post(path, fields = {}, { headers = {} } = {}) {
    const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
    const { type, body } = pairs.some(([, value]) => typeof value === "object")
      ? multipart(pairs)
      : { type: "application/x-www-form-urlencoded", body: new URLSearchParams(pairs).toString() };
    const own = { origin: this.base.origin, "sec-fetch-site": "same-origin", "content-type": type };
    return this.send("POST", path, { headers: { ...own, ...headers }, body });
  }

  // Fills in the form on `answer` that goes to `action` and sends it. A list as value stands for
  // several; undefined takes the field out.
  submit(answer, action, values = {}, options) {
    const { method, fields } = answer.form(action);
    const kept = fields.filter(([name]) => !(name in values));
    const given = Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [].concat(value).map((one) => [name, one]),
    );
    const all = [...kept, ...given];
    if (method === "POST") return this.post(action, all, options);
    return this.get(`${action}?${new URLSearchParams(all)}`, options);
  }

  async follow(answer) {
    assert.equal(
      answer.status,
      303,
      `${answer.what}: ${answer.status} is no redirect\n${answer.said()}`,
    );
    return this.get(answer.headers.location);
  }

  close() {
    this.agent.destroy();
  }
}

// Someone at the zone's pages; signed in unless the role is "public".
export async function as(zone, role) {
  const visitor = new Visitor(zone.base);
  if (role !== "public") {
    const page = (await visitor.get("/sign-in")).is(200);
    (await visitor.submit(page, "/sign-in", { login: loginOf(role), password: PASSWORD })).is(303);
  }
  return visitor;
}
