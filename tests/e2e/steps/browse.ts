// Finding one's way in the rows of a plan: sorting, choosing, jumping, with the mouse and without.

import { expect, type Locator, type Page } from "@playwright/test";
import { expectAccessible } from "../fixtures/accessibility";
import { pressOn } from "./keyboard";

/** The order of the engine: without regard to capitals, letter by letter. */
function byName(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a < b ? -1 : Number(a > b);
}

function table(page: Page): Locator {
  return page.getByRole("table", { name: "Values read at the source" });
}

/** How many rows there are in all, drawn or not. */
async function rowCount(page: Page): Promise<number> {
  return Number(await table(page).getAttribute("aria-rowcount")) - 1;
}

/** The org units of the rows that are drawn, from the top. */
async function orgUnits(page: Page): Promise<string[]> {
  await expect(table(page)).not.toContainText("Loading");
  return table(page).getByRole("rowheader").allInnerTexts();
}

/** Shows rows of all kinds. */
export async function showAllKinds(page: Page): Promise<void> {
  const pressed = page.getByRole("group", { name: "Values by what happens to them" }).locator("[aria-pressed=true]");
  while ((await pressed.count()) > 0) await pressed.first().click();
}

/** Sorts with the heads, and back to the order of reading. */
export async function sortRows(page: Page): Promise<void> {
  const head = table(page).getByRole("columnheader", { name: "Org unit" });
  await expect(head).toHaveAttribute("aria-sort", "none");
  await pressOn(page, head.getByRole("button"));
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  const up = await orgUnits(page);
  expect(up).toEqual([...up].sort(byName));
  await pressOn(page, head.getByRole("button"), "Space");
  await expect(head).toHaveAttribute("aria-sort", "descending");
  await expect
    .poll(async () => (await orgUnits(page))[0], { message: "the last org unit comes first" })
    .not.toBe(up[0]);
  const down = await orgUnits(page);
  expect(down).toEqual([...down].sort(byName).reverse());
  await expectAccessible(page);
  const other = table(page).getByRole("columnheader", { name: "Value at the source" });
  await other.getByRole("button").click();
  await expect(other).toHaveAttribute("aria-sort", "ascending");
  await expect(head).toHaveAttribute("aria-sort", "none");
  await other.getByRole("button").click();
  await other.getByRole("button").click();
  await expect(other).toHaveAttribute("aria-sort", "none");
}

/** Chooses the rows of one org unit and one data element, and shows all again. */
export async function chooseRows(page: Page, orgUnit: string): Promise<void> {
  const all = await rowCount(page);
  const units = page.getByRole("combobox", { name: "Only this org unit" });
  await units.fill(orgUnit);
  await page.getByRole("option", { name: orgUnit }).first().click();
  await expect.poll(() => rowCount(page)).toBeLessThan(all);
  const ofUnit = await rowCount(page);
  expect(new Set(await orgUnits(page))).toEqual(new Set([orgUnit]));
  const elements = page.getByRole("combobox", { name: "Only this data element" });
  await elements.click();
  await expectAccessible(page);
  const option = page.getByRole("option").first();
  const element = await option.locator("span").first().innerText();
  await option.click();
  await expect(elements).toHaveValue(element);
  await expect.poll(() => rowCount(page)).toBeLessThanOrEqual(ofUnit);
  await expect(table(page).getByRole("row").filter({ hasText: element })).toHaveCount(await rowCount(page));
  await page.getByRole("button", { name: "Show all again" }).click();
  await expect.poll(() => rowCount(page)).toBe(all);
  await expect(units).toHaveValue("");
}

/** Goes to rows by number and by org unit, and through the table with keys. */
export async function jumpInRows(page: Page, orgUnit: string): Promise<void> {
  const all = await rowCount(page);
  const jump = page.getByRole("textbox", { name: "Go to row number or org unit" });
  const current = table(page).locator("tr[aria-current=true]");
  await jump.fill(String(all));
  await expect(current).toHaveAttribute("aria-rowindex", String(all + 1));
  await expect(current).toBeInViewport();
  const count = all.toLocaleString("en");
  await expect(page.getByText(`Row ${count} of ${count}`)).toBeVisible();
  await jump.fill(orgUnit.slice(0, -2).toUpperCase());
  await expect(current).toContainText(orgUnit);
  await jump.fill("nowhere at all");
  await expect(page.getByText("None of these rows has an org unit of that name.")).toBeVisible();
  await jump.fill("");
  await expect(current).toHaveCount(0);
  const first = table(page).locator('tr[aria-rowindex="2"]');
  const last = table(page).locator(`tr[aria-rowindex="${all + 1}"]`);
  const box = page.getByRole("region", { name: "Values read at the source" });
  await box.focus();
  await page.keyboard.press("End");
  await expect(last).toBeInViewport();
  await page.keyboard.press("Home");
  await expect(first).toBeInViewport();
}
