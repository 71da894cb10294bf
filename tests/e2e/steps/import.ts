// An import: choose, read, look, confirm, report.

import { expect, type Locator, type Page } from "@playwright/test";
import { monthName } from "../fixtures/periods";

/** Reading and sending go through Routes, of which 2.43.1 lets some hang until they are sent again. */
export const PATIENT = { timeout: 180_000 };

/** Kinds of values in a plan, as people read them. */
export interface Kinds {
  new: number;
  changed: number;
  editedHere: number;
  same: number;
  blocked: number;
  unmapped: number;
  excluded: number;
}

const KIND_NAMES: Record<keyof Kinds, string> = {
  new: "New",
  changed: "Different here",
  editedHere: "Edited here",
  same: "Same here",
  blocked: "Cannot be sent",
  unmapped: "Not mapped",
  excluded: "Left out",
};

/** Opens an exchange from the list. */
export async function chooseExchange(page: Page, name: string): Promise<void> {
  await page.getByRole("main").getByRole("listitem").getByRole("link", { name }).click();
  await expectChoices(page);
}

/** The choices of periods and org units are there. */
export async function expectChoices(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: "Choose periods and org units" })).toBeVisible();
  await expect(page.getByRole("tree", { name: "Org units" })).toBeVisible(PATIENT);
}

/** Ticks exactly these months. */
export async function chooseMonths(page: Page, periods: string[]): Promise<void> {
  const months = page.getByRole("group", { name: "Months" });
  await months.getByRole("button", { name: "Choose none" }).click();
  for (const period of periods) await months.getByRole("checkbox", { name: monthName(period), exact: true }).check();
}

/** Reads both sides and waits for the plan. */
export async function readFigures(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Read figures" }).click();
  await expectPlan(page);
}

/** Something was read, and it is said what it comes to. */
export async function expectPlan(page: Page): Promise<void> {
  await expect(
    page.getByRole("heading", {
      level: 1,
      name: /^(Review before importing|Everything is up to date|Nothing new, but|Nothing can be imported|The source has no figures)/,
    }),
  ).toBeVisible(PATIENT);
}

/** The number in a text such as "1,204". */
export function numberIn(text: string | null): number {
  const digits = (text ?? "").replace(/[^0-9]/g, "");
  if (!digits) throw new Error(`no number in "${text}"`);
  return Number(digits);
}

/** The counts of a plan, as the boxes show them. They have to make up what was read. */
export async function planCounts(page: Page): Promise<Kinds> {
  const boxes = page.getByRole("group", { name: "Values by what happens to them" });
  const counts = {} as Kinds;
  for (const [kind, name] of Object.entries(KIND_NAMES)) {
    const box = boxes.getByRole("listitem").filter({ hasText: name });
    counts[kind as keyof Kinds] = numberIn(await box.textContent());
  }
  const sentence = await page.getByText(/ values? (was|were) read at the source for /).textContent();
  const read = numberIn(sentence!.split(" value")[0]);
  const sum = Object.values(counts).reduce((one, other) => one + other, 0);
  expect(sum + (await combined(page.getByRole("main"))), "the kinds make up what was read").toBe(read);
  return counts;
}

/** How many of the values that were read share a row with another and are not counted again. */
async function combined(place: Locator): Promise<number> {
  const line = place.getByText(/ of them shares? (a row with another|rows with others), by the rules of the mapping/);
  if ((await line.count()) === 0) return 0;
  return numberIn(/([0-9,]+) of them share/.exec(await line.innerText())?.[1] ?? null);
}

/** Confirms the import of so many values, and waits for the report. */
export async function confirmImport(page: Page, values: number): Promise<void> {
  await page.getByRole("button", { name: `Import ${values.toLocaleString("en")} value` }).click();
  const dialog = page.getByRole("dialog", { name: "Import values" });
  await expect(dialog).toContainText(`${values.toLocaleString("en")} value`);
  await dialog.getByRole("button", { name: "Yes, import" }).click();
}

/** What a report says became of the values, by its words. */
export type Outcomes = Record<string, number>;

const HEADLINES =
  /^(All values arrived|Some values were refused|The import was interrupted|The import was stopped|Of some values|The import is finished)/;

/** Waits for the report and reads its sum, which has to come out even. */
export async function readReport(
  page: Page,
  headline: RegExp | string = "All values arrived",
  deletions = 0,
): Promise<Outcomes> {
  await expect(page.getByRole("heading", { level: 1, name: HEADLINES })).toBeVisible(PATIENT);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(headline);
  const section = page.getByRole("region", { name: /became of (it|them)$/ });
  const outcomes: Outcomes = {};
  for (const box of await section.getByRole("listitem").all()) {
    const [number, ...words] = (await box.innerText()).split("\n");
    outcomes[words.join(" ").trim()] = numberIn(number);
  }
  const read = numberIn(await section.getByRole("heading", { level: 2 }).textContent());
  const sum = Object.values(outcomes).reduce((one, other) => one + other, 0);
  // What is deleted here was not read at the source, which is said.
  expect(sum + (await combined(section)), "the report adds up").toBe(read + deletions);
  await expect(section.getByText(`The boxes count ${deletions} more: `)).toHaveCount(deletions > 0 ? 1 : 0);
  return outcomes;
}
