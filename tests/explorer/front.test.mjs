// The front page in a real browser.
import assert from "node:assert/strict";
import { test } from "node:test";

import { PHONE, ask, complaints, needs, visit } from "./browser.mjs";

async function front(path = "/", options = {}) {
  const page = await visit(path, options);
  await settled(page);
  return page;
}

/** The list has been drawn for the present address. */
const settled = (page) => page.waitForSelector(".columns:not([aria-busy]) .card");
const titles = (page) => page.locator(".card h3").allInnerTexts();
const focused = (page, id) => page.waitForFunction((id) => document.activeElement.id === id, id);
const isArticles = (request) => new URL(request.url()).pathname === "/graphql";

/** Follow a link of the list and wait for what it leads to: the page changes its address and is
 * busy from one moment on, so the address alone tells when to begin to wait. */
async function follow(page, link) {
  const address = await link.evaluate((a) => a.href);
  await link.click();
  await page.waitForFunction(
    (address) =>
      location.href === address && !document.querySelector(".columns").hasAttribute("aria-busy"),
    address,
  );
}

/** Hold back the answers to come; returns what lets the oldest of those held go on. */
async function holdAnswers(page) {
  const held = [];
  let come = () => {};
  await page.route("**/graphql", (route) => {
    held.push(route);
    come();
  });
  return async () => {
    while (held.length === 0) await new Promise((resolve) => (come = resolve));
    return held.shift();
  };
}

test("the front page shows the newest articles of the API, in its order", async () => {
  const { articles } = await ask("{ articles(first: 12) { totalCount nodes { title } } }");
  const page = await front();
  assert.deepEqual(
    await titles(page),
    articles.nodes.map(({ title }) => title.replace(/\s+/g, " ").trim()),
  );
  assert.match(await page.locator(".status").innerText(), new RegExp(`^${articles.totalCount} `));
});

test("older and newer page through the list and the back button returns", async () => {
  const page = await front();
  const newest = await titles(page);
  await follow(page, page.getByRole("link", { name: "Older" }));
  const older = await titles(page);
  assert.ok(older.length > 0 && older.every((title, at) => title !== newest[at]));
  await follow(page, page.getByRole("link", { name: "Newer" }));
  assert.deepEqual(await titles(page), newest);
  await page.goBack();
  await page.waitForFunction((title) => document.querySelector("h3").innerText === title, older[0]);
});

test("a search finds, marks what it found, and stands in the address", needs("search"), async () => {
  const { topics } = await ask(
    "{ topics(first: 1, orderBy: [{ field: ARTICLE_COUNT, direction: DESC }]) { nodes { name } } }",
  );
  const word = topics.nodes[0].name;
  const page = await front();
  await page.getByRole("searchbox").fill(word);
  await page.keyboard.press("Enter");
  await page.waitForSelector("mark");
  assert.equal(new URL(page.url()).searchParams.get("q"), word);
  assert.match(await page.locator("#results").innerText(), new RegExp(word));
  await page.reload();
  await page.waitForSelector("mark");
});

test("a search that finds nothing says so and offers the way back", needs("search"), async () => {
  const page = await visit("/?q=xyzzyplugh");
  await page.getByText("0 articles.").waitFor();
  await follow(page, page.getByRole("link", { name: "Show all" }));
  assert.ok((await titles(page)).length > 0);
});

test("what nothing has is said with links to what is nearest", async () => {
  const page = await visit("/?topic=portal");
  await page.waitForSelector(".hint a");
  assert.match(await page.locator(".hint").innerText(), /No article names the topic "portal"/);
  assert.deepEqual(await complaints(page), []);
  await follow(page, page.locator(".hint a", { hasText: "portals" }));
  assert.equal(new URL(page.url()).search, "?topic=portals");
  assert.ok((await titles(page)).length > 0);
});

test("axe finds nothing wrong with what a search found", needs("search"), async () => {
  const page = await front("/?q=portals");
  assert.deepEqual(await complaints(page), []);
});

test("choosing a topic narrows the list to its count and choosing it again undoes it", async () => {
  const page = await front();
  const row = page.locator("aside .facet li").nth(1);
  const [name, count] = (await row.innerText()).split(/\s+(?=[\d,.]+$)/);
  await follow(page, row.getByRole("link"));
  assert.match(await page.locator(".status").innerText(), new RegExp(`^${count} `));
  await follow(page, page.locator("aside").getByRole("link", { name, exact: true }));
  assert.equal(new URL(page.url()).search, "");
});

test("the link that skips to the articles moves the focus and asks for nothing", async () => {
  const page = await front();
  let asked = 0;
  // Images further down are asked for as they come into view.
  page.on("request", (request) => (asked += isArticles(request)));
  // The last of what a browser tells of a move within a page; the page listens to one before.
  await page.evaluate(() => addEventListener("hashchange", () => (document.title = "moved")));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await focused(page, "results");
  await page.waitForFunction(() => document.title === "moved");
  assert.equal(asked, 0);
});

test("the keyboard alone reaches the articles, and paging moves the focus to their heading", async () => {
  const page = await front();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.innerText), "Skip to the articles");
  await page.keyboard.press("Enter");
  await focused(page, "results");
  await page.getByRole("link", { name: "Older" }).focus();
  await page.keyboard.press("Enter");
  await focused(page, "results");
});

test("who has moved on while an answer was under way keeps the focus and what they type", async () => {
  const page = await front();
  const next = await holdAnswers(page);
  await page.getByRole("link", { name: "Older" }).click();
  const route = await next();
  await page.getByRole("searchbox").fill("typed meanwhile");
  await route.continue();
  await settled(page);
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  assert.equal(await page.getByRole("searchbox").inputValue(), "typed meanwhile");
});

test("of two choices the last is shown, whichever answer comes first", async () => {
  const page = await front();
  const next = await holdAnswers(page);
  const [first, second] = await page.locator("aside .facet a").all();
  await first.click();
  const early = await next();
  await second.click();
  const late = await next();
  const { search } = new URL(page.url());
  await late.continue();
  await settled(page);
  const shown = await titles(page);
  const ended = new Promise((resolve) => {
    for (const end of ["requestfinished", "requestfailed"])
      page.on(end, (request) => request === early.request() && resolve());
  });
  const givenUp = early.request().failure() !== null;
  await early.continue().catch(() => {});
  if (!givenUp) await ended;
  await page.evaluate(() => new Promise(requestAnimationFrame));
  assert.deepEqual(await titles(page), shown);
  assert.equal(new URL(page.url()).search, search);
  assert.equal(await page.locator("aside [aria-current]").count(), 1);
});

test("markup in a title is text", async () => {
  const page = await front();
  assert.ok((await titles(page)).some((title) => title.startsWith("<img src=x onerror=")));
});

test("an image that does not come is replaced by words", async () => {
  const page = await front();
  await page.locator(".cards").evaluate((cards) => {
    for (const image of cards.querySelectorAll("img")) image.loading = "eager";
  });
  await page.waitForFunction(() => !document.querySelector(".picture img"));
  const words = await page.locator(".picture").allInnerTexts();
  assert.ok(words.length > 0 && words.every((text) => text.trim() !== ""));
});

test("an API that fails is said in a sentence, with a way to try again", async () => {
  const page = await front();
  await page.route("**/graphql", (route) =>
    route.fulfill({ json: { errors: [{ message: "The store is away." }] } }),
  );
  await page.getByRole("link", { name: "Older" }).click();
  await page.getByText("The articles did not come: The store is away.").waitFor();
  await page.unroute("**/graphql");
  await page.getByRole("button", { name: "Try again" }).click();
  await settled(page);
  await focused(page, "results");
});

test("related items open under their article", async () => {
  const page = await front();
  const related = page.locator(".card details").first();
  await related.locator("summary").click();
  assert.match(await related.locator("li a").first().getAttribute("href"), /^https?:/);
});

for (const [what, options] of [
  ["in the light", {}],
  ["in the dark", { colorScheme: "dark" }],
  ["on a phone", { viewport: PHONE }],
]) {
  test(`axe finds nothing wrong with the front page ${what}`, async () => {
    const page = await front("/", options);
    await page.locator("details summary").first().click();
    assert.deepEqual(await complaints(page), []);
  });
}

test("axe finds nothing wrong with the docs", async () => {
  const page = await visit("/docs/explorer.md");
  assert.deepEqual(await complaints(page), []);
});

test("the front page fits a phone", async () => {
  const page = await front("/", { viewport: PHONE });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= PHONE.width, `${width} pixels wide`);
});

test("without JavaScript the front page still says what is loaded and where to read it", async () => {
  const page = await visit("/", { javaScriptEnabled: false });
  assert.match(await page.locator(".figures").innerText(), /\d/);
  await page.getByRole("link", { name: "stand at this address" }).click();
  await page.waitForURL("**/graphql?query=*");
  assert.ok(JSON.parse(await page.locator("body").innerText()).data.articles.nodes.length > 0);
});
