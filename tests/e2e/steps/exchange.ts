// The form of an exchange.

import { expect, type Page } from "@playwright/test";

export interface NewExchange {
  name: string;
  connection: string;
  dataSets: string[];
  /** How many completed periods are ticked beforehand. */
  lastPeriods: number;
}

/** Fills the form in and saves it; ends on the list. */
export async function makeExchange(page: Page, wanted: NewExchange): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: "Add exchange" })).toBeVisible();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(wanted.name);
  await page.getByRole("combobox", { name: "Connection" }).selectOption({ label: wanted.connection });
  const sets = page.getByRole("group", { name: "Data sets" });
  for (const box of await sets.getByRole("checkbox").all()) await box.uncheck();
  for (const set of wanted.dataSets) await sets.getByLabel(set, { exact: true }).check();
  await page.getByRole("radio", { name: /^Last periods/ }).check();
  await page.getByLabel(/^Number of periods/).fill(String(wanted.lastPeriods));
  await page.getByRole("button", { name: "Save exchange" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Exchanges" })).toBeVisible();
  await expect(page.getByRole("link", { name: wanted.name, exact: true })).toBeVisible();
}
