// The app is installed, starts, and is in order before anything is done with it.

import { expect, expectAccessible, test } from "../fixtures";

test("smoke: a manager opens the app", async ({ openApp, world }) => {
  const page = await openApp(world.manager);

  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page).toHaveTitle(/Tributary/);
  // There is no shell around the page, so the app draws the header bar itself.
  await expect(page.getByRole("banner")).toBeVisible();
  await expectAccessible(page);
});

test("smoke: a reload of a screen stays on it", async ({ openApp, world }) => {
  const page = await openApp(world.manager, "#/connections");
  const heading = page.getByRole("main").getByRole("heading", { level: 1 });
  await expect(heading).toBeVisible();
  const before = await heading.textContent();

  await page.reload();
  await expect(heading).toHaveText(before ?? "");
  expect(new URL(page.url()).hash).toBe("#/connections");
});
