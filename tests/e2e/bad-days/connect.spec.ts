// Connecting when something is wrong with the address or the log-in. Each says what, and on which
// side; nothing is left behind, and what was typed stays.

import type { Page } from "@playwright/test";
import { Api, expect, expectAccessible, test, type World } from "../fixtures";
import { calm, order } from "../fixtures/faults";
import { fillConnection, sourceOf } from "../steps/connect";
import { removeTraces } from "../steps/set-up";

test.beforeEach(async ({ world }) => {
  await calm(world.destination, world.source);
  await removeTraces(world);
});

test.afterEach(async ({ world }) => {
  await calm(world.destination, world.source);
});

/** The app's Routes and connections at the destination. */
async function leftBehind(world: World): Promise<string[]> {
  const admin = new Api(world.destination, world.admin);
  const { routes } = await admin.get("routes?fields=code&paging=false");
  const codes = routes.map((route: { code?: string }) => route.code ?? "");
  const keys = await admin.send("GET", "dataStore/tributary");
  return [...codes.filter((code: string) => code.startsWith("tributary-")), ...(keys.ok ? await keys.json() : [])];
}

/** The message is there, the form keeps what was typed, nothing is left at the server. */
async function expectRefused(page: Page, world: World, message: string, advice?: string): Promise<void> {
  const notice = page.getByRole("alert").filter({ hasText: message });
  await expect(notice).toBeVisible({ timeout: 90_000 });
  if (advice) await expect(notice).toContainText(advice);
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Malaria programme");
  await expectAccessible(page);
  expect(await leftBehind(world)).toEqual([]);
}

test("a wrong password, then the right one", async ({ openApp, world }) => {
  const page = await openApp(world.manager, "#/connections/new");
  const logIn = { username: world.reader.username, password: "Wrong-1234!" };
  await fillConnection(page, { ...sourceOf(world, "Malaria programme"), logIn });
  await expectRefused(page, world, "The source system refused the log-in", "Where: the source system");
  await page.getByLabel(/^Password/).fill(world.reader.password);
  await page.getByRole("button", { name: "Connect and test" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Malaria programme" })).toBeVisible();
});

test("a token that the source does not know, then one that it made", async ({ openApp, world }) => {
  const reader = new Api(world.source, world.reader);
  const { version } = await reader.get("system/info");
  test.skip(version < "2.41", "tokens of this kind came with 2.41");
  const page = await openApp(world.manager, "#/connections/new");
  const logIn = { token: "d2p_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
  await fillConnection(page, { ...sourceOf(world, "Malaria programme"), logIn });
  await expectRefused(page, world, "The source system refused the log-in");
  const made = await reader.ask("POST", "apiToken", {});
  const token = (made.response ?? made).key;
  await page.getByLabel(/^Token/).fill(token);
  await page.getByRole("button", { name: "Connect and test" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Malaria programme" })).toBeVisible();
});

test("an address that this DHIS2 may not reach", async ({ openApp, world }) => {
  const admin = new Api(world.destination, world.admin);
  const { version } = await admin.get("system/info");
  test.skip(version < "2.42", "there is no list of allowed addresses before 2.42");
  const page = await openApp(world.manager, "#/connections/new");
  await fillConnection(page, { ...sourceOf(world, "Malaria programme"), address: "http://hmis.example.org" });
  await expectRefused(
    page,
    world,
    "This DHIS2 may not open connections to this address",
    "route.remote_servers_allowed",
  );
});

test("nobody listens at the address", async ({ openApp, world }) => {
  const page = await openApp(world.manager, "#/connections/new");
  await fillConnection(page, { ...sourceOf(world, "Malaria programme"), address: "http://localhost:9" });
  await expectRefused(page, world, "This DHIS2 cannot reach the source system", "Check the address first.");
});

test("the source goes down between connecting and mapping", async ({ openApp, world }) => {
  const page = await openApp(world.manager, "#/connections/new");
  await fillConnection(page, sourceOf(world, "Malaria programme"));
  await expect(page.getByRole("heading", { level: 1, name: "Malaria programme" })).toBeVisible();
  await order(world.source, { path: "/api/", times: 0, drop: "before" });
  await page.getByRole("link", { name: "Map data sets" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "This DHIS2 cannot reach the source system" })).toBeVisible();
  await expectAccessible(page);
  await calm(world.source);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("navigation", { name: "Parts of the mapping" })).toBeVisible();
});

test("an empty form says what is missing, and where", async ({ openApp, world }) => {
  const page = await openApp(world.manager, "#/connections/new");
  await page.getByRole("button", { name: "Connect and test" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "There are errors on this page" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
  await expectAccessible(page);
});
