// Imports that are interrupted by the person or by fate, and two people at once: whoever comes back
// finds what was left, nothing is written twice, and nobody does what somebody else is doing.

import type { Page } from "@playwright/test";
import { Api, appAddress, expect, expectAccessible, logIn, test } from "../fixtures";
import { calm, order } from "../fixtures/faults";
import { EXCHANGE } from "../steps/configure";
import {
  chooseExchange,
  chooseMonths,
  confirmImport,
  planCounts,
  readFigures,
  readReport,
  expectPlan,
  PATIENT,
  type Kinds,
} from "../steps/import";
import { importsWithAMiddle } from "../steps/middle";

const middle = importsWithAMiddle({ canFail: true });

const WRITE = { path: "/api/dataValueSets", method: "POST" } as const;
const toSend = (kinds: Kinds) => kinds.new + kinds.changed;

/** Waits for the request that writes values, the `number`-th from now on. */
async function writeBegan(page: Page, number: number): Promise<void> {
  let seen = 0;
  await page.waitForRequest((request) => {
    const isWrite = request.method() === "POST" && new URL(request.url()).pathname.endsWith("/api/dataValueSets");
    if (isWrite) seen += 1;
    return seen === number;
  }, PATIENT);
}

/** The cells of all values that a page sends, as often as it does. */
function watchCells(page: Page): string[] {
  const cells: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "POST" || !new URL(request.url()).pathname.endsWith("/api/dataValueSets")) return;
    const { dataValues } = request.postDataJSON();
    for (const value of dataValues) cells.push(`${value.dataElement} ${value.orgUnit} ${value.period}`);
  });
  return cells;
}

test("the tab is closed in the middle of sending", async ({ openApp, world, complaints }) => {
  complaints.expect(/ERR_|Failed to load resource/);
  test.slow();
  const afterwards = await middle.differences.destinationAfterwards(true);
  const page = await openApp(world.clerk);
  await middle.choose(page);
  await readFigures(page);
  const counts = await planCounts(page);
  // The first part gets through; the second is on its way when the tab goes, and never arrives.
  await order(world.destination, { ...WRITE, after: 1, delayMillis: 60_000, drop: "before" });
  const second = writeBegan(page, 2);
  await confirmImport(page, toSend(counts));
  await second;
  // A sign of life later it is known that the first part is done.
  await page.waitForResponse(
    (answer) => answer.request().method() === "PUT" && answer.url().includes("/dataStore/tributary/running-"),
    PATIENT,
  );
  await page.close({ runBeforeUnload: false });
  await calm(world.destination);

  const back = await page.context().newPage();
  await complaints.listenTo(back);
  await back.goto(appAddress(world, "#/"));
  await expect(back.getByRole("link", { name: EXCHANGE })).toContainText("Your import was not finished");
  await expectAccessible(back);
  await chooseExchange(back, EXCHANGE);
  const notice = back.getByRole("alert").filter({ hasText: "You are importing with this exchange in another tab" });
  await expect(notice).toContainText("2 of 3 parts are done, 1 uncertain, 0 not begun.");
  await expectAccessible(back);
  const cells = watchCells(back);
  await notice.getByRole("button", { name: "Go on" }).click();
  await expectPlan(back);
  const rest = await planCounts(back);
  expect(toSend(rest)).toBeGreaterThan(0);
  expect(toSend(rest)).toBeLessThan(toSend(counts));
  expect(rest.editedHere).toBe(0);
  await confirmImport(back, toSend(rest));
  const outcomes = await readReport(back);
  expect(outcomes["Arrived"]).toBe(toSend(rest));
  const written = toSend(counts) - toSend(rest);
  await expect(back.getByText(`Before the interruption at least ${written} value`)).toBeVisible();
  await expectAccessible(back);
  expect(cells, "only what was left is sent").toHaveLength(toSend(rest));
  expect(await middle.differences.destinationNow()).toEqual(afterwards);

  // Nothing is left over, and nothing looks edited.
  await back.getByRole("button", { name: "Import again" }).click();
  await expect(back.getByRole("heading", { level: 1 })).toHaveText(/^Everything is up to date/, PATIENT);
  const keys: string[] = await new Api(world.destination, world.admin).get("dataStore/tributary");
  expect(keys.filter((key) => key.startsWith("running-"))).toEqual([]);
});

test("an interrupted import is left as it is", async ({ openApp, world, complaints }) => {
  complaints.expect(/ERR_|Failed to load resource/);
  const page = await openApp(world.clerk);
  await middle.choose(page);
  await readFigures(page);
  const counts = await planCounts(page);
  await order(world.destination, { ...WRITE, after: 1, delayMillis: 60_000, drop: "before" });
  const second = writeBegan(page, 2);
  await confirmImport(page, toSend(counts));
  await second;
  await page.close({ runBeforeUnload: false });
  await calm(world.destination);

  const back = await page.context().newPage();
  await complaints.listenTo(back);
  await back.goto(appAddress(world, "#/"));
  await chooseExchange(back, EXCHANGE);
  await back.getByRole("button", { name: "Leave it" }).click();
  await expect(back.getByText("The interrupted import was left as it is.")).toBeVisible();
  await expect(back.getByRole("button", { name: "Leave it" })).toHaveCount(0);
  // What it wrote is nobody's edit.
  await chooseMonths(back, middle.differences.months);
  await readFigures(back);
  expect((await planCounts(back)).editedHere).toBe(0);
});

test("two people import the same at once", async ({ openApp, browser, world }) => {
  const afterwards = await middle.differences.destinationAfterwards(false);
  const page = await openApp(world.clerk);
  await middle.choose(page);
  await readFigures(page);
  const counts = await planCounts(page);

  const elsewhere = await browser.newContext();
  await logIn(elsewhere, world.destination, world.manager);
  const other = await elsewhere.newPage();
  await other.goto(appAddress(world, "#/"));
  await middle.choose(other);
  await readFigures(other);
  const wanted = toSend(await planCounts(other));

  await order(world.destination, { ...WRITE, delayMillis: 15_000 });
  const first = writeBegan(page, 1);
  await confirmImport(page, toSend(counts));
  await first;
  const cells = watchCells(other);
  await confirmImport(other, wanted);
  const refused = other.getByRole("alert").filter({ hasText: "is importing the same right now" });
  await expect(refused).toBeVisible(PATIENT);
  await expect(other.getByText("Last sign of life:")).toBeVisible();
  await expect(other.getByRole("button", { name: "Leave it" })).toHaveCount(0);
  await expectAccessible(other);
  expect(cells).toEqual([]);

  // The first one ends, and it is the second one's turn: what came in meanwhile is not sent again.
  const outcomes = await readReport(page);
  expect(outcomes["Arrived"]).toBe(toSend(counts));
  await other.getByRole("button", { name: "Continue" }).click();
  const theirs = await readReport(other);
  expect(theirs["Arrived"]).toBe(wanted);
  expect(cells).toHaveLength(wanted - toSend(counts));
  const now = await middle.differences.destinationNow();
  expect(now).toEqual(afterwards);
  await elsewhere.close();
});

test("a pause, and going on", async ({ openApp, world }) => {
  const afterwards = await middle.differences.destinationAfterwards(true);
  const page = await openApp(world.clerk);
  await middle.choose(page);
  await readFigures(page);
  const counts = await planCounts(page);
  const cells = watchCells(page);
  await order(world.destination, { ...WRITE, delayMillis: 4_000 });
  const first = writeBegan(page, 1);
  await confirmImport(page, toSend(counts));
  await first;
  await page.getByRole("button", { name: "Pause" }).press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Paused." })).toHaveCount(1, PATIENT);
  await expectAccessible(page);
  const sent = cells.length;
  expect(sent).toBeLessThan(toSend(counts));
  await page.getByRole("button", { name: "Go on" }).press("Enter");
  const outcomes = await readReport(page);
  expect(outcomes["Arrived"]).toBe(toSend(counts));
  expect(cells).toHaveLength(toSend(counts));
  expect(await middle.differences.destinationNow()).toEqual(afterwards);
});
