// The mapping of a connection: its four parts.

import { expect, type Locator, type Page } from "@playwright/test";
import { numberIn, PATIENT } from "./import";

export type Part = "Data sets" | "Data elements" | "Attribute option combinations" | "Organisation units";

/** Goes to a part and waits for its rows. Opening reads both sides, which may take long. */
export async function openPart(page: Page, part: Part): Promise<void> {
  const parts = page.getByRole("navigation", { name: "Parts of the mapping" });
  await parts.getByRole("link", { name: part }).click(PATIENT);
  const titles = {
    "Data sets": "Map data sets",
    "Data elements": "Map data elements",
    "Attribute option combinations": "Map attribute option combinations",
    "Organisation units": "Map organisation units",
  };
  await expect(page.getByRole("heading", { level: 1, name: titles[part] })).toBeVisible();
  await expect(rows(page)).not.toHaveAttribute("aria-busy", "true", { timeout: 120_000 });
}

/** The box with the table. */
export function rows(page: Page): Locator {
  return page.getByRole("main").getByRole("region").filter({ has: page.getByRole("table") });
}

/** The row of something at the source. */
export function row(page: Page, name: string): Locator {
  return rows(page).getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
}

/**
 * Shows only rows with this text in name or code, because the table draws no more than what is on
 * the screen; all of them for an empty text. Done when the table has followed. Typed again when the
 * focus was on its way to a row that has just been decided.
 */
export async function search(page: Page, text: string): Promise<void> {
  const box = page.getByRole("searchbox", { name: "Search by name or code" });
  const table = rows(page).getByRole("table");
  const all = page.getByRole("group", { name: "Rows to show" }).getByText(/^All /);
  await expect(async () => {
    await box.fill(text);
    await expect(box).toHaveValue(text, { timeout: 1_000 });
    if (text) {
      const isFound = async () => {
        const names = await table.getByRole("rowheader").allInnerTexts();
        return names.length > 0 && names.every((name) => name.toLowerCase().includes(text.toLowerCase()));
      };
      await expect.poll(isFound, { message: `only rows with "${text}"`, timeout: 5_000 }).toBe(true);
    } else {
      const count = numberIn(await all.textContent());
      await expect(table).toHaveAttribute("aria-rowcount", String(count + 1), { timeout: 5_000 });
    }
  }).toPass({ timeout: 30_000 });
}

/** Leaves something out on purpose. */
export async function leaveOut(page: Page, name: string): Promise<void> {
  await search(page, name);
  await row(page, name).getByRole("button", { name: /^Leave out/ }).click();
  await expect(row(page, name).getByText("Left out", { exact: true })).toBeVisible();
  await search(page, "");
}

/** The only row shown is decided in the panel, which then closes. */
export async function expectDecided(page: Page, name: string): Promise<void> {
  await expect(row(page, name).getByText("Mapped", { exact: true })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Goes to" })).toBeHidden();
  // The focus has come back to the row: whoever works by keyboard goes on from there.
  await expect(row(page, name).locator(":focus")).toHaveCount(1);
}

/** Accepts all proposals of the part, if there are any. */
export async function acceptAll(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: /^Accept / }).and(page.getByRole("button", { name: /proposal/ }));
  if ((await button.getAttribute("aria-disabled")) === "true") return;
  await button.click();
  await expect(button).toHaveAttribute("aria-disabled", "true");
}

/** Saves, and waits until it is done. */
export async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save mapping" }).click();
  await expect(page.getByText("All changes saved")).toBeVisible();
}
