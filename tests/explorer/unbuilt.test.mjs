// The page where GraphiQL is not built, in a browser without internet.
import assert from "node:assert/strict";
import { test } from "node:test";

import { PHONE, newPage } from "./browser.mjs";

for (const [where, options] of [
  ["on a desk", {}],
  ["on a phone", { viewport: PHONE }],
]) {
  test(`where GraphiQL is neither built nor to be had, the page says so ${where}`, async () => {
    const page = await newPage(options);
    await page.goto(`${process.env.NEWSSTAND_UNBUILT_URL}/graphiql`);
    await page.getByText("make explorer").waitFor();
    await page.getByText("this browser cannot reach it").waitFor();
    const inView = await page.getByRole("link").evaluateAll((links) =>
      links.filter((link) => link.getBoundingClientRect().bottom < innerHeight).map((a) => a.href),
    );
    const paths = inView.map((address) => new URL(address).pathname);
    assert.deepEqual(paths, ["/", "/schema.graphql", "/graphql", "/docs"]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= page.viewportSize().width, `${width} pixels wide`);
  });
}
