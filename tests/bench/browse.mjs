// Measures whether the page blocks while somebody browses a plan of a million values. `cargo xtask
// bench` starts a bare sandbox with the app in it and calls
//   node browse.mjs <address of the DHIS2> <facilities>
// Each facility has 84 values a month, and a year is read: 1 000 facilities are a million values.
// The last line of the output is the result as JSON; see crates/xtask/src/bench/browse.rs.

import { launch } from "./browser.mjs";
import { madeUpSource, setUp } from "./browse-servers.mjs";

const [server, facilities] = [process.argv[2], Number(process.argv[3])];
const admin = { username: "admin", password: "district" };

/** Runs in the page before anything else: notes long tasks, and the time between frames. */
function watch() {
  const told = { tasks: [], frames: [] };
  new PerformanceObserver((list) => told.tasks.push(...list.getEntries().map((task) => task.duration))).observe({
    type: "longtask",
  });
  let last = performance.now();
  const frame = (now) => {
    told.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  globalThis.takeTold = () => {
    const taken = { tasks: told.tasks.splice(0), frames: told.frames.splice(0) };
    return taken;
  };
}

const source = await madeUpSource(server);
await setUp(server, source.address, facilities);
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "en-GB" });
const loggedIn = await context.request.post(`${server}/api/auth/login`, { data: admin });
if (!loggedIn.ok()) throw new Error(`${admin.username} cannot log in: ${loggedIn.status()}`);
const page = await context.newPage();
await page.addInitScript(watch);
await page.goto(`${server}/api/apps/tributary/index.html?redirect=false#/import/exBench0000`);

// The exchange's rule has ticked the last twelve months.
await page.getByRole("tree", { name: "Org units" }).waitFor({ timeout: 120_000 });
const everything = page.getByRole("treeitem").first().getByRole("checkbox");
if ((await everything.count()) && !(await everything.isChecked())) await everything.check();
console.log("  reading");
const began = Date.now();
await page.getByRole("button", { name: "Read figures" }).click();
const table = page.getByRole("table", { name: "Values read at the source" });
await table.waitFor({ timeout: 1_200_000 });
const readingSeconds = (Date.now() - began) / 1000;
await page.getByRole("group", { name: "Values by what happens to them" }).waitFor();

const box = page.getByRole("region", { name: "Values read at the source" });
const rowCount = async () => Number(await table.getAttribute("aria-rowcount")) - 1;
const rowIndexes = async () =>
  (await table.locator("tbody tr[aria-rowindex]").evaluateAll((rows) => rows.map((row) => Number(row.ariaRowIndex)))) ?? [];
const head = (name) => table.getByRole("columnheader", { name, exact: true });

/** Done when the rows on the screen are there, and have words in them. */
async function drawn(condition = () => true) {
  for (let wait = 0; wait < 600; wait += 1) {
    const texts = await table.locator("tbody tr[aria-rowindex]").allInnerTexts();
    const isThere = texts.length > 0 && !texts.some((text) => text.includes("Loading"));
    if (isThere && (await condition())) return;
    await page.waitForTimeout(20);
  }
  throw new Error("the rows did not come");
}

/**
 * The most processor time that one task of the page's own thread took, in milliseconds: what the page
 * does itself, however busy the machine is with something else.
 */
function mostWork(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const isPage = (event) => event.name === "thread_name" && event.args.name === "CrRendererMain";
  const threads = new Set(traceEvents.filter(isPage).map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(
    ({ name, pid, tid, tdur }) => name.endsWith("RunTask") && tdur !== undefined && threads.has(`${pid} ${tid}`),
  );
  if (tasks.length === 0) throw new Error("the trace has no tasks");
  return Math.max(...tasks.map(({ tdur }) => tdur)) / 1000;
}

const steps = [];
/** Does something as a person would, and notes what the page's thread had to do for it. */
async function step(name, act) {
  await page.waitForTimeout(300);
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  await page.evaluate("takeTold()");
  const begin = Date.now();
  await act();
  const millis = Date.now() - begin;
  await page.waitForTimeout(300);
  const { tasks, frames } = await page.evaluate("takeTold()");
  const work = mostWork(await browser.stopTracing());
  const most = Math.max(0, ...frames);
  steps.push({ name, millis, mostWork: work, longTasks: tasks.length, longestFrame: most });
  console.log(`  ${name}: ${millis} ms, at most ${work.toFixed(0)} ms of work at once, ${tasks.length} long tasks, longest frame ${most.toFixed(0)} ms`);
}

// From here on all kinds are looked at.
for (const pressed of await page.getByRole("group", { name: /^Values by/ }).locator("button[aria-pressed=true]").all()) {
  await pressed.click();
}
await drawn();
const rows = await rowCount();
await step("scroll with the wheel", async () => {
  await box.hover();
  for (let turn = 0; turn < 40; turn += 1) {
    await page.mouse.wheel(0, 120);
    await page.waitForTimeout(30);
  }
  await drawn();
});
await step("drag the scrollbar through the list", async () => {
  for (let part = 1; part <= 30; part += 1) {
    await box.evaluate((node, share) => node.scrollTo(0, node.scrollHeight * share), part / 30);
    await page.waitForTimeout(40);
  }
  await drawn(async () => (await rowIndexes()).at(-1) === rows + 1);
});
await step("Home, End, Page Down", async () => {
  await box.focus();
  await page.keyboard.press("Home");
  for (let press = 0; press < 20; press += 1) await page.keyboard.press("PageDown");
  await page.keyboard.press("End");
  await drawn(async () => (await rowIndexes()).at(-1) === rows + 1);
  await page.keyboard.press("Home");
  await drawn(async () => (await rowIndexes())[0] === 2);
});
for (const name of ["Org unit", "Period", "Data element", "Value at the source", "What happens"]) {
  const column = (await table.getByRole("columnheader").allInnerTexts()).find((text) => text.startsWith(name)) ?? name;
  await step(`sort by "${column}"`, async () => {
    await head(column).getByRole("button").click();
    await drawn(async () => (await head(column).getAttribute("aria-sort")) === "ascending");
  });
  await step(`sort by "${column}", from the end`, async () => {
    await head(column).getByRole("button").click();
    await drawn(async () => (await head(column).getAttribute("aria-sort")) === "descending");
  });
}
await step("press a head ten times at once", async () => {
  for (let press = 0; press < 10; press += 1) await head("Org unit").getByRole("button").click({ noWaitAfter: true });
  await drawn();
});
const jump = page.getByRole("textbox", { name: /^Go to row/ });
await step("jump to the middle", async () => {
  const middle = Math.floor(rows / 2);
  await jump.fill(String(middle));
  await drawn(async () => (await rowIndexes()).includes(middle + 1));
});
await step("jump to an org unit", async () => {
  await jump.fill(`health facility ${String(facilities - 1).padStart(6, "0")}`);
  await page.locator("tr[aria-current=true]").waitFor();
  await drawn();
});
await step("search, letter by letter", async () => {
  await page.getByRole("searchbox", { name: /^Search/ }).pressSequentially("disease 07", { delay: 120 });
  await drawn(async () => (await rowCount()) < rows);
});
await step("choose an org unit", async () => {
  const list = page.getByRole("combobox", { name: "Only this org unit" });
  await list.click();
  await list.pressSequentially("facility 0000", { delay: 60 });
  await page.getByRole("option").first().click();
  await drawn(async () => (await rowCount()) < 200);
});
await step("show all again", async () => {
  await page.getByRole("button", { name: "Show all again" }).click();
  await drawn(async () => (await rowCount()) === rows);
});
await step("only one kind", async () => {
  await page.getByRole("group", { name: /^Values by/ }).getByRole("button", { name: /Not mapped/ }).click();
  await drawn(async () => (await rowCount()) < rows);
});

const chromium = browser.version();
await browser.close();
source.close();
console.log(JSON.stringify({ chromium, rows, readingSeconds, steps }));
