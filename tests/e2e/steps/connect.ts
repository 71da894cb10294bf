// Connections: the form of a new one.

import { expect, type Page } from "@playwright/test";
import type { Person, World } from "../fixtures";

/** How the app is to log in at the source. */
export type LogIn = Person | { token: string };

export interface NewConnection {
  name: string;
  address: string;
  logIn: LogIn;
  /** Names of the user groups that may run it. */
  groups: string[];
}

/** What the stories connect to. */
export function sourceOf(world: World, name: string): NewConnection {
  return { name, address: world.source, logIn: world.reader, groups: [world.clerks] };
}

/** Fills the form in and sends it. What comes then is the story's. */
export async function fillConnection(page: Page, wanted: NewConnection): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: "Add connection" })).toBeVisible();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(wanted.name);
  await page.getByRole("textbox", { name: "Address" }).fill(wanted.address);
  if ("token" in wanted.logIn) {
    await page.getByLabel(/^Token/).fill(wanted.logIn.token);
  } else {
    await page.getByRole("radio", { name: /^User name and password/ }).check();
    await page.getByRole("textbox", { name: "User name" }).fill(wanted.logIn.username);
    await page.getByLabel(/^Password/).fill(wanted.logIn.password);
  }
  for (const group of wanted.groups) {
    await page.getByRole("group", { name: "User groups that may run it" }).getByLabel(group, { exact: true }).check();
  }
  await page.getByRole("button", { name: "Connect and test" }).click();
}

/** Makes a connection, which works, and ends on its page. */
export async function connect(page: Page, wanted: NewConnection): Promise<void> {
  await fillConnection(page, wanted);
  await expect(page.getByRole("heading", { level: 1, name: wanted.name })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("status").filter({ hasText: "The connection works" })).toBeVisible();
}
