// GraphiQL in a real browser.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import { BASE, PHONE, ask, complaints, needs, needsExplain, visit } from "./browser.mjs";

const run = promisify(execFile);
const EDITOR = ".graphiql-query-editor .view-lines";
const VARIABLES = ".graphiql-editor-tool .view-lines";
const RESULT = ".result-window .view-lines";

async function graphiql(fragment = "", options = {}) {
  const page = await visit(`/graphiql${fragment}`, options);
  await page.waitForSelector(EDITOR);
  return page;
}

const button = (page, name) => page.getByRole("button", { name });

const isAnswer = (response) =>
  response.url() === `${BASE}/graphql` &&
  response.request().postData()?.includes("IntrospectionQuery") === false;

const execute = (page) => page.locator(".graphiql-execute-button").click();

/** Run the operation of the tab; returns the answer once the result pane shows it, and it alone.
 * The pane's text is its model's: Monaco draws only the lines in view. */
async function answer(page, start = () => execute(page)) {
  const [response] = await Promise.all([page.waitForResponse(isAnswer), start()]);
  const sent = await response.json();
  await page.waitForFunction((sent) => {
    const models = globalThis.__MONACO.editor.getModels();
    const text = models.find((model) => model.uri.path.includes("response")).getValue();
    return text.trim().startsWith("{") && JSON.stringify(JSON.parse(text)) === sent;
  }, JSON.stringify(sent));
  await page.waitForSelector(`${RESULT} .view-line:nth-child(2)`);
  return sent;
}

/** Until an editor shows this: it draws a frame or two after the page has put it there. */
const shows = (page, editor, hasText) => page.locator(editor, { hasText }).first().waitFor();

/** Until completion knows the schema: the docs pane shows it from the same moment on. */
async function schemaThere(page) {
  await button(page, "Show Documentation Explorer").click();
  await page.locator(".graphiql-doc-explorer").getByRole("link", { name: "Query" }).waitFor();
  await button(page, "Hide Documentation Explorer").click();
}

/** What moves on its way in has arrived. */
const still = (page) =>
  page.evaluate(() => {
    const ends = (one) => one.effect.getComputedTiming().endTime < Infinity;
    return Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
  });

const tabs = (page) => page.locator(".graphiql-tab-button").allInnerTexts();

test("an operation typed with completion runs and its answer is shown", async () => {
  const page = await graphiql();
  await schemaThere(page);
  await page.locator(".graphiql-tab-add").click();
  await page.locator(EDITOR).click();
  const suggestion = (name) => page.locator(".suggest-widget .monaco-list-row", { hasText: name });
  await page.keyboard.type("query Typed { arti");
  await suggestion("articles").first().click();
  await page.keyboard.type("(first: 1) { nodes { tit");
  await suggestion("title").first().click();
  const { data, errors } = await answer(page, () => page.keyboard.press("Control+Enter"));
  assert.equal(errors, undefined);
  assert.equal(typeof data.articles.nodes[0].title, "string");
});

test("a first visit has a tab for each example, and each runs without an error", async () => {
  const page = await graphiql();
  const names = await tabs(page);
  const all = ["FrontPage", "Article", "TopicPage", "Search", "Related"];
  const absent = needs("search").skip;
  assert.deepEqual(names, all.filter((name) => name !== "Search" || !absent));
  for (const name of names) {
    await page.locator(".graphiql-tab-button", { hasText: name }).click();
    await shows(page, EDITOR, name);
    const { data, errors } = await answer(page);
    assert.equal(errors, undefined, name);
    assert.ok(Object.values(data).every((value) => value !== null), name);
  }
});

test("the examples pane opens an example with its variables in a new tab", async () => {
  const page = await graphiql();
  await button(page, "Show Examples").click();
  const before = (await tabs(page)).length;
  await button(page, "A topic page").click();
  await page.locator(".graphiql-tab-button").nth(before).waitFor();
  assert.equal((await tabs(page)).length, before + 1);
  await shows(page, EDITOR, "TopicPage");
  await shows(page, VARIABLES, "slug");
});

test("the docs pane shows the description of a type and of its fields", async () => {
  const { __type } = await ask('{ __type(name: "Article") { fields { name description } } }');
  const described = __type.fields.find(({ name }) => name === "contentHtml").description;
  const page = await graphiql();
  await button(page, "Show Documentation Explorer").click();
  const docs = page.locator(".graphiql-doc-explorer");
  await docs.getByRole("link", { name: "Article", exact: true }).click();
  await docs.getByText(described.split("\n")[0]).first().waitFor();
});

test("workers and fonts come from this server and none is a blob", async () => {
  const page = await graphiql();
  await page.locator(EDITOR).click();
  await page.waitForFunction(() => document.fonts.status === "loaded");
  assert.ok(await page.evaluate(() => document.fonts.check("16px Roboto")));
  const named = (worker) => worker.url().endsWith("graphql.worker.js");
  if (!page.workers().some(named)) await page.waitForEvent("worker", named);
  const addresses = page.workers().map((worker) => worker.url());
  assert.ok(addresses.every((address) => address.startsWith(`${BASE}/static/graphiql/`)));
});

test("a link carries operation and variables to another visitor and runs nothing", async () => {
  const page = await graphiql();
  await page.locator(".graphiql-tab-button", { hasText: "TopicPage" }).click();
  await button(page, "Copy a link to this operation").click();
  await page.getByText("Link copied").waitFor();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(link.search, "");
  const other = await graphiql(link.hash);
  assert.equal((await tabs(other))[0], "TopicPage");
  await shows(other, EDITOR, "TopicPage");
  await shows(other, VARIABLES, "slug");
  assert.equal(await other.locator(`${RESULT} .view-line`).innerText(), "");
});

// The newest article's title is one that shells and strings trip over (served.py).
const NASTY = (await ask("{ articles(first: 1) { nodes { title } } }")).articles.nodes[0].title;
const QUERY = `query Copied($title: String!) {
  articles(filter: { title: { eq: $title } }) { totalCount }
}`;
const variables = JSON.stringify({ title: NASTY });
const shared = `#${new URLSearchParams({ query: QUERY, variables })}`;
const PROGRAMS = {
  curl: (text) => run("sh", ["-c", text]),
  fetch: (text) => run("node", ["--input-type=module", "--eval", text]),
  Python: (text) => run("python3", ["-c", text]),
};

for (const [language, start] of Object.entries(PROGRAMS)) {
  test(`an operation copied as ${language} runs as it stands, whatever its variables hold`, async () => {
    const page = await graphiql(shared);
    await button(page, "Copy as curl, fetch or Python").click();
    await page.getByRole("menuitem", { name: `Copy as ${language}` }).click();
    await page.getByText(`Copied as ${language}.`).waitFor();
    const { stdout } = await start(await page.evaluate(() => navigator.clipboard.readText()));
    assert.deepEqual(JSON.parse(stdout), { data: { articles: { totalCount: 1 } } });
  });
}

test("explain, switched on, shows the plan under the result and stays on", await needsExplain(), async () => {
  const page = await graphiql();
  await button(page, /^Explain/).click();
  await execute(page);
  await page.locator(".newsstand-plan").waitFor();
  const card = page.locator(".newsstand-plan");
  assert.match(await card.innerText(), /round trip/);
  assert.match(await card.locator(".newsstand-commands").innerText(), /articles/);
  await page.reload();
  await page.getByText("Explain is on").waitFor();
});

test("a command of the plan opens to what was sent to Mongo", await needsExplain(), async () => {
  const page = await graphiql();
  await button(page, /^Explain/).click();
  await execute(page);
  await button(page, "find articles").click();
  assert.match(await page.locator(".newsstand-commands pre").innerText(), /^where: {"_index.visible":true}/);
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing wrong with GraphiQL in the ${colorScheme}, whichever pane is open`, async () => {
    const page = await graphiql("", { colorScheme });
    await answer(page);
    for (const pane of ["Show Documentation Explorer", "Show Examples", "Show History", "Open settings dialog"]) {
      await button(page, pane).click();
      await still(page);
      assert.deepEqual(await complaints(page), [], pane);
    }
  });
}

test("axe finds nothing wrong with the plan", await needsExplain(), async () => {
  const page = await graphiql();
  await button(page, /^Explain/).click();
  await execute(page);
  await page.locator(".newsstand-commands button").first().click();
  assert.deepEqual(await complaints(page), []);
});

test("history keeps what was run, and prettify sets it in order", async () => {
  const page = await graphiql(`#${new URLSearchParams({ query: "{articles(first:1){totalCount}}" })}`);
  await button(page, /^Prettify/).click();
  await page.waitForFunction(
    (editor) => document.querySelector(editor).querySelectorAll(".view-line").length > 3,
    EDITOR,
  );
  await answer(page);
  await button(page, "Show History").click();
  await page.locator(".graphiql-history-item", { hasText: "totalCount" }).first().waitFor();
});

test("headers typed in are sent", async () => {
  const page = await graphiql();
  await page.locator(".graphiql-editor-tools button", { hasText: "Headers" }).click();
  await page.locator(`.graphiql-editor-tool >> nth=0`).locator(".monaco-editor:visible").click();
  await page.keyboard.insertText('{"X-Request-Id": "from-the-explorer"}');
  const sent = page.waitForRequest((r) => r.headers()["x-request-id"] === "from-the-explorer");
  await Promise.all([sent, answer(page)]);
});

test("the dark theme can be chosen and is kept", async () => {
  const page = await graphiql();
  await button(page, "Open settings dialog").click();
  await button(page, "Dark").click();
  await page.reload();
  await page.waitForSelector("body.graphiql-dark");
});

test("on a phone GraphiQL needs no sideways scrolling and still runs", async () => {
  const page = await graphiql("", { viewport: PHONE });
  assert.equal((await answer(page)).errors, undefined);
  await page.locator(".graphiql-response").scrollIntoViewIfNeeded();
  const scrolled = await page.evaluate(() => {
    const container = document.querySelector(".graphiql-container");
    container.scrollTo(0, container.scrollHeight);
    const top = (selector) => document.querySelector(selector).getBoundingClientRect().top;
    return [top(".graphiql-query-editor .monaco-editor"), top(".graphiql-query-editor")];
  });
  assert.ok(scrolled[0] >= scrolled[1] && scrolled[1] < 0, `the editor stays behind: ${scrolled}`);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= PHONE.width, `${width} pixels wide`);
});

test("an operation runs by its own name as soon as its tab is open, whatever ran before", async () => {
  // The first one's name stands in the second one's text.
  const query = "query Second { articles(first: 1, filter: { slug: { ne: \"First\" } }) { totalCount } }";
  const page = await graphiql(`#${new URLSearchParams({ query: "query First { __typename }" })}`);
  await answer(page);
  await page.locator(".graphiql-tab-add").click();
  await page.locator(EDITOR).click();
  await page.keyboard.insertText(query);
  const { errors } = await answer(page, () => page.keyboard.press("Control+Enter"));
  assert.equal(errors, undefined);
});
