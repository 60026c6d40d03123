// A Chromium in which no host exists but the server under test, and what every test here holds:
// no request for another host (the front page's images aside), no refusal and no error logged.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, afterEach, before } from "node:test";

const require = createRequire(new URL("../../gql/explorer/package.json", import.meta.url));
const { chromium } = require("playwright-core");
export const AXE = require.resolve("axe-core/axe.min.js");

export const BASE = process.env.NEWSSTAND_URL;
export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

let browser;
let contexts = [];
let wrong = [];

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    // As root, as in a container, Chromium has no sandbox of its own.
    args: [
      "--no-sandbox",
      "--no-proxy-server",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
});
after(() => browser.close());

afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  const found = wrong;
  contexts = [];
  wrong = [];
  assert.deepEqual(found, []);
});

/** A new visitor at an address of the server. Options are Playwright's, for the context. */
export async function visit(path, options = {}) {
  const page = await newPage(options);
  watch(page);
  await page.goto(BASE + path);
  return page;
}

/** A page of a visitor that nobody has been to yet, and whose errors nobody counts. */
export async function newPage(options = {}) {
  const context = await browser.newContext({
    viewport: DESK,
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  context.setDefaultTimeout(30_000);
  contexts.push(context);
  return context.newPage();
}

function watch(page) {
  page.on("request", (request) => {
    const away = !request.url().startsWith(`${BASE}/`) && !request.url().startsWith("data:");
    if (away && request.resourceType() !== "image") wrong.push(`asked for ${request.url()}`);
  });
  page.on("pageerror", (error) => wrong.push(`threw ${error.message}`));
  page.on("console", (message) => {
    // An image that does not come is logged by the browser; everything else there is ours.
    const image = message.text().includes("ERR_NAME_NOT_RESOLVED");
    if (message.type() === "error" && !image) wrong.push(`logged ${message.text()}`);
  });
}

const sdl = await (await fetch(`${BASE}/schema.graphql`)).text();

/** Options for a test that needs these fields of the schema: skipped where one is not served. */
export function needs(...fields) {
  const absent = fields.filter((field) => !new RegExp(`^  ${field}\\b`, "m").test(sdl));
  return { skip: absent.length > 0 && `the schema does not serve ${absent.join(" and ")}` };
}

/** Options for a test of explain: skipped where an answer brings no plan. */
export async function needsExplain() {
  const response = await fetch(`${BASE}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query: "{ __typename }", extensions: { explain: true } }),
  });
  const { extensions } = await response.json();
  return { skip: !extensions?.explain && "the server does not explain" };
}

/** The data of an operation, asked without a browser. */
export async function ask(query, variables) {
  const response = await fetch(`${BASE}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  return data;
}

/** What axe finds wrong with a page: the rule and the elements. */
export async function complaints(page) {
  await page.evaluate(require("node:fs").readFileSync(AXE, "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target).join(" ")}`);
}
