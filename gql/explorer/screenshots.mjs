// `make screenshots`: the pictures of the README, taken of the demo, which this starts and stops.
// Where there is no internet, articles' images are shown as the words that stand in for them.
// Arguments: the folder to write to, then the command that serves.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { chromium } from "playwright-core";

const [folder, ...command] = process.argv.slice(2);
const DESK = { width: 1200, height: 750 };
const PHONE = { width: 390, height: 750 };

/** The demo's process and address, once it says where it is. */
async function started() {
  const environ = { ...process.env, NEWSSTAND_PORT: "0", NEWSSTAND_REQUEST_LOG: "off" };
  const server = spawn(command[0], command.slice(1), {
    env: environ,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  for await (const text of server.stdout) {
    said += text;
    const address = /http:\/\/[\w.:]+/.exec(said);
    if (address) return [server, address[0]];
  }
  throw new Error(`${command.join(" ")} ended without an address: ${said}`);
}

/** Until every image in view has come or has been given up; those further down are not asked for. */
const imagesSettled = (page) =>
  page.waitForFunction(() =>
    [...document.images].every(
      (image) => image.complete || image.getBoundingClientRect().top > innerHeight,
    ),
  );

async function front(page) {
  await page.goto(base);
  await page.waitForSelector(".columns:not([aria-busy]) .card");
  await imagesSettled(page);
}

async function graphiql(page) {
  await page.goto(`${base}/graphiql`);
  await page.waitForSelector(".graphiql-query-editor .view-line");
  await page.waitForSelector(".graphiql-execute-button");
}

async function answered(page) {
  await page.locator(".graphiql-execute-button").click();
  await page.waitForSelector(".result-window .view-line:nth-child(3)");
}

const SHOTS = {
  front: [{ viewport: DESK }, front],
  "front-phone": [{ viewport: PHONE, colorScheme: "dark" }, front],
  graphiql: [
    { viewport: DESK },
    async (page) => {
      await graphiql(page);
      await answered(page);
    },
  ],
  explain: [
    { viewport: DESK, colorScheme: "dark" },
    async (page) => {
      await graphiql(page);
      await page.getByRole("button", { name: /^Explain/ }).click();
      await answered(page);
      await page.waitForSelector(".newsstand-plan, .newsstand-plan-hint");
    },
  ],
};

const [server, base] = await started();
await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const [name, [options, act]] of Object.entries(SHOTS)) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await act(page);
  await page.screenshot({ path: `${folder}/${name}.png`, animations: "disabled" });
  await context.close();
}
await browser.close();
server.kill("SIGTERM");
await once(server, "exit");
