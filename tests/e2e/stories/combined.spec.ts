// Two facilities of the source are one here: a manager says by which rules their values are made
// one, a clerk sees in the plan what each is made of, and what arrives is what the rules say.

import { expect, expectAccessible, test } from "../fixtures";
import { CONNECTION } from "../steps/configure";
import { confirmImport, planCounts, readFigures, readReport } from "../steps/import";
import { openPart, row, save, search } from "../steps/map";
import { importsWithAMiddle } from "../steps/middle";

const beginning = importsWithAMiddle({ canFail: false });
const KEPT = "Northern 1-1 Health Centre";
const MERGED = "Northern 1-2 District Hospital";

test("two facilities in one, each data element by its rule", async ({ openApp, world }) => {
  test.slow();
  let page = await openApp(world.manager, "#/connections");
  await page.getByRole("link", { name: CONNECTION, exact: true }).click();
  await page.getByRole("main").getByRole("link", { name: /Organisation units/ }).click();
  await openPart(page, "Organisation units");
  await search(page, MERGED);
  await row(page, MERGED).getByRole("button", { name: /^(Choose|Change)…/ }).click();
  await page.getByRole("combobox", { name: "Goes to" }).fill("Northern 1-1");
  await page.getByRole("listbox").getByRole("option", { name: KEPT }).click();
  const title = page.getByRole("heading", { name: "Where several values belong in one place" });
  const rules = page.locator("section").filter({ has: title });
  await expect(rules).toContainText("1 organisation unit here receives the values of several of the source");
  await rules.getByRole("combobox", { name: "For everything without a rule of its own" }).selectOption("Sum");
  await rules.getByRole("combobox", { name: "A rule of its own for another data element" }).fill("OPD");
  await page.getByRole("listbox").getByRole("option", { name: "OPD visits" }).click();
  const own = rules.getByRole("combobox", { name: "Rule for OPD visits" });
  await expect(own).toHaveValue("sum");
  await own.selectOption("Largest");
  await expectAccessible(page);
  await save(page);

  page = await openApp(world.clerk);
  await beginning.choose(page);
  await readFigures(page);
  await expect(page.getByText(/ of them share rows with others, by the rules of the mapping/)).toBeVisible();
  const counts = await planCounts(page);
  const table = page.getByRole("table", { name: "Values read at the source" });
  const shared = table.getByRole("row").filter({ hasText: KEPT });
  const nets = shared.filter({ hasText: "Nets given" });
  await expect(nets).toContainText("40");
  await expect(shared.filter({ hasText: "OPD visits" }).filter({ hasText: "311" })).toContainText("Largest, 2 of 2");
  await nets.getByRole("button", { name: "Sum, 2 of 2" }).click();
  const made = page.getByRole("dialog", { name: "What this value is made of" });
  for (const part of [/Northern 1-1.*17.*Taken/, /Northern 1-2.*23.*Taken/]) {
    await expect(made.getByRole("row").filter({ hasText: part })).toHaveCount(1);
  }
  await expectAccessible(page);
  await made.getByRole("button", { name: "Close" }).last().click();

  const before = await beginning.differences.destinationNow();
  await confirmImport(page, counts.new + counts.changed);
  const outcomes = await readReport(page);
  expect(outcomes["Arrived"]).toBe(counts.new + counts.changed);
  await expectAccessible(page);
  const after = await beginning.differences.destinationNow();
  const arrived = Object.entries(after).filter(([cell, value]) => before[cell] !== value);
  const month = beginning.differences.months[0];
  const values = arrived
    .filter(([cell]) => cell.includes(`-${month}-ouFacA10001-`))
    .map(([cell, value]) => `${cell.split("-")[0]} ${value}`);
  expect(values.sort()).toEqual(["deIntZeroP1 311", "dePartner01 40"]);
  expect(arrived.filter(([cell]) => cell.includes("-ouFacA10002-"))).toEqual([]);
});
