// From nothing to the report: a manager connects a source, maps it, makes an exchange and imports
// with it, by mouse and by keyboard; a clerk imports for the own region, at a desk and on a phone.
//
// Any two DHIS2 servers that hold the set-up of the recordings can tell these stories. They bring
// about what they need by API, as the administrator, and leave nothing behind.

import type { Page } from "@playwright/test";
import { Api, expect, expectAccessible, expectNoSidewaysScroll, test } from "../fixtures";
import { monthName } from "../fixtures/periods";
import { chooseRows, jumpInRows, showAllKinds, sortRows } from "../steps/browse";
import { connect, sourceOf } from "../steps/connect";
import { DATA_SET, Differences, LEFT_OUT, OTHER_REGION, REGION } from "../steps/differences";
import { makeExchange } from "../steps/exchange";
import {
  chooseExchange,
  chooseMonths,
  confirmImport,
  expectChoices,
  expectPlan,
  planCounts,
  readFigures,
  readReport,
} from "../steps/import";
import { pressOn, tabTo } from "../steps/keyboard";
import { acceptAll, expectDecided, leaveOut, openPart, row, save, search } from "../steps/map";
import { letClerkUseTheApp, removeTraces } from "../steps/set-up";

test.describe.configure({ mode: "serial" });

const CONNECTION = "Malaria programme";
const EXCHANGE = "Monthly figures";
let differences: Differences;

test.beforeAll(async ({ world }) => {
  test.setTimeout(600_000);
  await removeTraces(world);
  await letClerkUseTheApp(new Api(world.destination, world.admin));
  differences = await Differences.begin(world);
});

test.beforeEach(async () => {
  await differences.make();
});

test.afterAll(async ({ world }) => {
  await differences?.end();
  await removeTraces(world);
});

test("a manager connects a source, maps it, and makes an exchange", async ({ openApp, world }) => {
  const page = await openApp(world.manager);
  await expect(page.getByText("Nothing to bring in yet")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Connections", exact: true }).click();
  await expect(page.getByText("No connections yet")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Add connection" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Add connection" })).toBeVisible();
  await expectAccessible(page);
  await connect(page, sourceOf(world, CONNECTION));
  await expectAccessible(page);

  // The secret has gone to the own server and is nowhere in the browser.
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
  expect(kept).not.toContain(world.reader.password);

  await page.getByRole("link", { name: "Map data sets" }).click();
  await openPart(page, "Data sets");
  await expectAccessible(page);
  await leaveOut(page, "Strict monthly");
  await acceptAll(page);

  await openPart(page, "Data elements");
  await expectAccessible(page);
  await search(page, "OPD visits");
  await chooseByKeyboard(page, "OPD visits");
  await leaveOut(page, LEFT_OUT.name);
  await acceptAll(page);

  await openPart(page, "Attribute option combinations");
  await acceptAll(page);
  await expectAccessible(page);
  await openPart(page, "Organisation units");
  await acceptAll(page);
  await save(page);
  await expectAccessible(page);

  await page.getByRole("link", { name: "Make an exchange" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Add exchange" })).toBeVisible();
  await expectAccessible(page);
  await makeExchange(page, { name: EXCHANGE, connection: CONNECTION, dataSets: [DATA_SET.name], lastPeriods: 2 });
  await expectAccessible(page);
});

test("a manager lets colleagues change a connection", async ({ openApp, world }) => {
  const page = await openApp(world.manager, "#/connections");
  await page.getByRole("link", { name: CONNECTION, exact: true }).click();
  await expect(page.getByText("Only the person who made it and superusers can change this connection")).toBeVisible();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Who may change it" });
  await dialog.getByRole("checkbox", { name: "Clerks" }).check();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("the members of 1 user group can change this connection")).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByText("the members of 1 user group can change this connection")).toBeVisible();
});

/** Picks the target of a row from the list without a mouse, with the pick list's own search. */
async function chooseByKeyboard(page: Page, name: string): Promise<void> {
  await pressOn(page, row(page, name).getByRole("button", { name: /^Choose…/ }));
  const goesTo = page.getByRole("combobox", { name: "Goes to" });
  await expect(goesTo).toBeFocused();
  await page.keyboard.type(name.toLowerCase());
  const option = page.getByRole("listbox", { name: "Goes to" }).getByRole("option", { name });
  await expect(option).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(goesTo).toHaveAttribute("aria-activedescendant", (await option.getAttribute("id"))!);
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expectDecided(page, name);
}

test("a manager imports, and the second time there is nothing to import", async ({ openApp, world }) => {
  const expected = await differences.expected(false);
  const afterwards = await differences.destinationAfterwards(false);
  const page = await openApp(world.manager);
  await expect(page.getByRole("link", { name: EXCHANGE })).toBeVisible();
  await expectAccessible(page);
  await chooseExchange(page, EXCHANGE);
  // The exchange's rule has ticked the last two months.
  for (const month of differences.months) {
    await expect(page.getByRole("checkbox", { name: monthName(month), exact: true })).toBeChecked();
  }
  await expectAccessible(page);

  await readFigures(page);
  expect(await planCounts(page)).toEqual(expected);
  await expectAccessible(page);
  // The one value that differs, with both sides.
  const table = page.getByRole("table", { name: "Values read at the source" });
  await page.getByRole("button", { name: /Different here/ }).click();
  await page.getByRole("button", { name: /New/ }).click();
  await page.getByRole("searchbox", { name: /^Search org unit/ }).fill("1-2 District Hospital");
  const differing = table.getByRole("row").filter({ hasText: "Northern 1-2 District Hospital" });
  await page.getByRole("button", { name: /Different here/ }).click();
  await expect(differing.first()).toContainText("172");
  await expect(differing.first()).toContainText("127");
  await page.getByRole("button", { name: "Show all again" }).click();
  await showAllKinds(page);
  await sortRows(page);
  await chooseRows(page, "Northern 1-2 District Hospital");
  await jumpInRows(page, "Northern 1-2 District Hospital");

  await confirmImport(page, expected.new + expected.changed);
  const outcomes = await readReport(page);
  expect(outcomes["Arrived"]).toBe(expected.new + expected.changed);
  expect(outcomes["Left out"] ?? 0).toBe(expected.excluded);
  await expectAccessible(page);
  expect(await differences.destinationNow()).toEqual(afterwards);

  const writes: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("/api/dataValueSets")) writes.push(request.url());
  });
  await page.getByRole("button", { name: "Import again" }).click();
  await expectPlan(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Everything is up to date. Nothing to import.");
  await expect(page.getByRole("button", { name: /^Import .* value/ })).toHaveCount(0);
  await expectAccessible(page);
  expect(writes).toEqual([]);
});

test("a manager imports by keyboard alone", async ({ openApp, world }) => {
  const afterwards = await differences.destinationAfterwards(true);
  const expected = await differences.expected(true);
  const page = await openApp(world.manager);
  await pressOn(page, page.getByRole("link", { name: EXCHANGE }));
  await expectChoices(page);
  // A new screen puts the focus on its heading, so that a reader says where one is.
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();

  const months = page.getByRole("group", { name: "Months" });
  const month = (period: string) => months.getByRole("checkbox", { name: monthName(period), exact: true });
  await tabTo(page, months.getByRole("checkbox").first());
  for (const period of differences.months) {
    if (await month(period).isChecked()) continue;
    await pressOn(page, month(period), "Space");
  }
  await tabTo(page, page.getByRole("tree", { name: "Org units" }));
  const item = (name: string) => page.getByRole("treeitem", { name, exact: true });
  await expect(item("Sanaland")).toHaveAttribute("aria-checked", "true");
  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  await expect(item("Sanaland")).toHaveAttribute("aria-checked", "false");
  const names = await page.getByRole("treeitem").allInnerTexts();
  const steps = names.findIndex((name) => name.trim() === REGION.name);
  for (let step = 0; step < steps; step += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await expect(item(REGION.name)).toHaveAttribute("aria-checked", "true");
  await expect(item(OTHER_REGION.name)).toHaveAttribute("aria-checked", "false");
  await page.keyboard.press("ArrowRight");
  await expect(item("Northern District 1")).toHaveAttribute("aria-checked", "true");

  await pressOn(page, page.getByRole("button", { name: "Read figures" }));
  await expectPlan(page);
  expect(await planCounts(page)).toEqual(expected);
  await pressOn(page, page.getByRole("button", { name: /^Import .* values?…$/ }));
  const dialog = page.getByRole("dialog", { name: "Import values" });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  // Escape closes it and gives the focus back; nothing is sent.
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: /^Import .* values?…$/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await pressOn(page, dialog.getByRole("button", { name: "Yes, import" }));
  const outcomes = await readReport(page);
  expect(outcomes["Arrived"]).toBe(expected.new + expected.changed);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  expect(await differences.destinationNow()).toEqual(afterwards);

  await pressOn(page, page.getByRole("button", { name: "Import again" }));
  await expectPlan(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Everything is up to date. Nothing to import.");
});

test("a clerk sees only the import and only the own region", async ({ openApp, world }) => {
  const expected = await differences.expected(true);
  const afterwards = await differences.destinationAfterwards(true);
  const page = await openApp(world.clerk);
  await expect(page.getByRole("link", { name: EXCHANGE })).toBeVisible();
  // One section only, so there is no navigation between sections.
  await expect(page.getByRole("navigation", { name: "Sections" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Connections" })).toHaveCount(0);
  await expectAccessible(page);

  await chooseExchange(page, EXCHANGE);
  await expect(page.getByRole("treeitem").first()).toHaveAccessibleName(REGION.name);
  await expect(page.getByRole("treeitem", { name: OTHER_REGION.name })).toHaveCount(0);
  await expect(page.getByRole("treeitem", { name: "Sanaland" })).toHaveCount(0);
  await chooseMonths(page, differences.months);
  await expectAccessible(page);
  await readFigures(page);
  expect(await planCounts(page)).toEqual(expected);
  await confirmImport(page, expected.new + expected.changed);
  const outcomes = await readReport(page);
  expect(outcomes["Arrived"]).toBe(expected.new + expected.changed);
  await expectAccessible(page);
  // The values are there, and outside the own region nothing has changed.
  expect(await differences.destinationNow()).toEqual(afterwards);
  const file = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Download .*rows? \(CSV\)$/ }).click();
  expect((await file).suggestedFilename()).toMatch(/^tributary-monthly-figures-\d{4}-\d\d-\d\d\.csv$/);
});

/** The clerk imports everything there is, so that what differs afterwards was done since. */
async function importOnce(page: Page): Promise<void> {
  const expected = await differences.expected(true);
  await chooseExchange(page, EXCHANGE);
  await chooseMonths(page, differences.months);
  await readFigures(page);
  await confirmImport(page, expected.new + expected.changed);
  await readReport(page);
}

test("a value that was edited here is kept, and overwritten only with leave", async ({ openApp, world }) => {
  const page = await openApp(world.clerk);
  await importOnce(page);
  const afterwards = await differences.destinationNow();

  await differences.editHere("ouFacA10001", "999");
  const edited = await differences.destinationNow();
  const importAgain = async () => {
    await page.getByRole("button", { name: "Import again" }).click();
    await expectPlan(page);
    expect(await planCounts(page)).toMatchObject({ new: 0, changed: 0, editedHere: 1 });
  };
  await importAgain();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nothing new, but values were edited here");
  await expect(page.getByText("1 value was edited here since the last import")).toBeVisible();
  const row = page.getByRole("table", { name: "Values read at the source" }).getByRole("row").filter({ hasText: "999" });
  await expect(row).toContainText("311");
  await expect(row).toContainText(world.admin.username);
  await expect(row).toContainText("Edited here");
  await expectAccessible(page);

  // Without leave nothing is sent.
  await page.getByRole("button", { name: "Overwrite 1 value…" }).click();
  const dialog = page.getByRole("dialog", { name: "Import values" });
  const leave = dialog.getByRole("checkbox", { name: "Also overwrite 1 value that was edited here" });
  await expect(leave).not.toBeChecked();
  await expect(dialog.getByRole("button", { name: "Yes, import" })).toHaveAttribute("aria-disabled", "true");
  await expectAccessible(page);
  expect(await differences.destinationNow()).toEqual(edited);

  await leave.check();
  await dialog.getByRole("button", { name: "Yes, import" }).click();
  const outcomes = await readReport(page);
  expect(outcomes["Arrived"]).toBe(1);
  await expectAccessible(page);
  expect(await differences.destinationNow()).toEqual(afterwards);
});

test("a value that was deleted at the source is deleted here only with leave", async ({ openApp, world }) => {
  const page = await openApp(world.clerk);
  await importOnce(page);
  const before = await differences.destinationNow();

  await differences.deleteAtSource("ouFacA10001");
  await page.getByRole("button", { name: "Import again" }).click();
  await expectPlan(page);
  expect(await planCounts(page)).toMatchObject({ new: 0, changed: 0, editedHere: 0 });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "Nothing new, but values were deleted at the source",
  );
  await expect(page.getByText("1 value here was deleted at the source")).toBeVisible();
  const row = page
    .getByRole("table", { name: "Values read at the source" })
    .getByRole("row")
    .filter({ hasText: "Deleted at the source" });
  await expect(row).toContainText("311");
  await expectAccessible(page);

  // Without leave nothing is deleted.
  await page.getByRole("button", { name: "Delete 1 value…" }).click();
  const dialog = page.getByRole("dialog", { name: "Import values" });
  const leave = dialog.getByRole("checkbox", { name: "Also delete 1 value here that was deleted at the source" });
  await expect(leave).not.toBeChecked();
  await expect(dialog.getByRole("button", { name: "Yes, import" })).toHaveAttribute("aria-disabled", "true");
  await expectAccessible(page);
  expect(await differences.destinationNow()).toEqual(before);

  await leave.check();
  await dialog.getByRole("button", { name: "Yes, import" }).click();
  const outcomes = await readReport(page, "All values arrived", 1);
  expect(outcomes["Arrived"]).toBe(1);
  await expectAccessible(page);
  await expect(page.getByRole("row").filter({ hasText: "311" })).toContainText("Deleted here");
  await expect(page.getByRole("button", { name: /^Download all 7 rows/ })).toBeVisible();
  const after = await differences.destinationNow();
  const gone = Object.keys(before).filter((key) => !(key in after));
  expect(gone).toHaveLength(1);
  expect(gone[0]).toContain("ouFacA10001");
  for (const [key, value] of Object.entries(after)) expect(before[key]).toBe(value);
});

test("screens for administrators tell a clerk what is missing", async ({ openApp, world }) => {
  const page = await openApp(world.clerk, "#/connections");
  await expect(page.getByText("Setting this up needs a right that your account does not have yet")).toBeVisible();
  await expect(page.getByText("F_TRIBUTARY_MANAGE")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Go to Import data" }).click();
  await expect(page.getByRole("link", { name: EXCHANGE })).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 412, height: 915 }, hasTouch: true });

  test("a clerk imports", async ({ openApp, world }) => {
    const expected = await differences.expected(true);
    const afterwards = await differences.destinationAfterwards(true);
    const page = await openApp(world.clerk);
    const inOrder = async () => {
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    };
    await expect(page.getByRole("link", { name: EXCHANGE })).toBeVisible();
    await inOrder();
    await chooseExchange(page, EXCHANGE);
    await chooseMonths(page, differences.months);
    await inOrder();
    await readFigures(page);
    expect(await planCounts(page)).toEqual(expected);
    await inOrder();
    await confirmImport(page, expected.new + expected.changed);
    const outcomes = await readReport(page);
    expect(outcomes["Arrived"]).toBe(expected.new + expected.changed);
    await inOrder();
    expect(await differences.destinationNow()).toEqual(afterwards);
  });
});
