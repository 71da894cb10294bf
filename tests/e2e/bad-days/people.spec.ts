// People who lack something, and people who read French.

import { Api, expect, expectAccessible, test } from "../fixtures";
import { removeTraces } from "../steps/set-up";

test.beforeAll(async ({ world }) => {
  await removeTraces(world);
});

test("a person without the right to enter data is told what is missing", async ({ openApp }) => {
  const page = await openApp({ username: "lecteur", password: "Lecteur1!" });
  await expect(page.getByText("You cannot import yet")).toBeVisible();
  await expect(page.getByText("F_DATAVALUE_ADD")).toBeVisible();
  await expect(page.getByText("A DHIS2 administrator can give it to you")).toBeVisible();
  await expectAccessible(page);
});

test("nothing is set up yet: a clerk is told whom to ask", async ({ openApp, world }) => {
  const page = await openApp(world.clerk);
  await expect(page.getByText("Nothing to bring in yet")).toBeVisible();
  await expect(page.getByText("Ask the DHIS2 administrator")).toBeVisible();
  await expectAccessible(page);
});

test("an address that no screen has", async ({ openApp, world }) => {
  const page = await openApp(world.clerk, "#/there/is/no/such/screen");
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("main").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "Import data" })).toBeVisible();
});

test("a person whose DHIS2 is French sees French", async ({ openApp, world }) => {
  const clerk = new Api(world.destination, world.clerk);
  await clerk.ask("POST", "userSettings/keyUiLocale?value=fr");
  try {
    const page = await openApp(world.clerk);
    await expect(page.getByRole("heading", { level: 1, name: "Importer des données" })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "fr");
    await expect(page).toHaveTitle(/Importer des données/);
    await expectAccessible(page);
    // The next visit begins in French, before the server has said so.
    await page.reload();
    await expect(page.locator("html")).toHaveAttribute("lang", "fr");
    await expect(page.getByRole("heading", { level: 1, name: "Importer des données" })).toBeVisible();
  } finally {
    await clerk.ask("POST", "userSettings/keyUiLocale?value=en");
  }
});

test("a part of the app cannot be loaded, then it can", async ({ openApp, world, complaints }) => {
  const page = await openApp(world.manager);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  complaints.expect(/net::ERR_|could not be loaded|did not work|failed to load/i);
  await page.route(/\/split_setup\./, (route) => route.abort());
  await page.getByRole("link", { name: "Connections" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "A part of Tributary could not be loaded" })).toBeVisible();
  await expectAccessible(page);
  await page.unroute(/\/split_setup\./);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Connections" })).toBeVisible();
});
