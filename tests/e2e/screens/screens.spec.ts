// Pictures of all screens and their states, as they are on a small laptop and on a phone:
// `cargo xtask e2e -- --project=screens` puts them into target/screens. They are looked at, not compared.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { Api, expect, test, type World } from "../fixtures";
import { calm, order } from "../fixtures/faults";
import { makeValues, readValues } from "../fixtures/values";
import { connect, fillConnection, sourceOf } from "../steps/connect";
import { makeExchange } from "../steps/exchange";
import { expectChoices, expectPlan } from "../steps/import";
import { acceptAll, expectDecided, leaveOut, openPart, row, save, search } from "../steps/map";
import { removeTraces } from "../steps/set-up";

const SIZES = [
  { name: "laptop", width: 1366, height: 768 },
  { name: "phone", width: 412, height: 915 },
];

/** What goes where that nothing is proposed for: source, a text to search the target by. */
const BY_HAND: [string, string][] = [
  ["RDT + slides examined", "tests done"],
  ["Deaths, malaria", "Malaria deaths"],
  ["LLIN use", "slept under"],
  ["Outpatients, follow-up", "return visits"],
  ["Microscope", "microscope"],
];

for (const size of SIZES) {
  test.describe(size.name, () => {
    test.use({ viewport: { width: size.width, height: size.height } });

    const folder = resolve("../../target/screens", size.name);
    let number = 0;
    async function shoot(page: Page, name: string): Promise<void> {
      number += 1;
      // Nothing half faded in, no caret that blinks.
      await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running" || one.effect?.getComputedTiming().iterations === Infinity));
      await page.screenshot({ path: resolve(folder, `${String(number).padStart(2, "0")}-${name}.png`), caret: "hide" });
    }

    test("all screens", async ({ openApp, world, complaints }) => {
      test.setTimeout(600_000);
      complaints.expect(/./);
      mkdirSync(folder, { recursive: true });
      await calm(world.destination, world.source);
      await removeTraces(world);
      await forAdministrators(await openApp(world.manager), world, shoot, openApp);
      await forClerks(world, shoot, openApp);
      await removeTraces(world);
    });
  });
}

type Shoot = (page: Page, name: string) => Promise<void>;
type Open = (person: { username: string; password: string }, route?: string) => Promise<Page>;

async function forAdministrators(page: Page, world: World, shoot: Shoot, openApp: Open): Promise<void> {
  const heading = (name: string) => expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByText("Nothing to bring in yet")).toBeVisible();
  await shoot(page, "import-nothing-yet");
  await page.getByRole("button", { name: "Apps" }).click();
  await expect(page.getByRole("searchbox", { name: "Search apps" })).toBeFocused();
  await shoot(page, "apps-menu");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Profile" }).click();
  await shoot(page, "profile-menu");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Connections", exact: true }).click();
  await expect(page.getByText("No connections yet")).toBeVisible();
  await shoot(page, "connections-empty");
  await page.getByRole("link", { name: "Exchanges", exact: true }).click();
  await expect(page.getByText("No exchanges yet")).toBeVisible();
  await shoot(page, "exchanges-empty");

  page = await openApp(world.manager, "#/connections/new");
  await heading("Add connection");
  await shoot(page, "connection-new");
  await page.getByRole("button", { name: "Connect and test" }).click();
  await shoot(page, "connection-new-faults");
  const wrong = { username: world.reader.username, password: "Wrong-1234!" };
  await fillConnection(page, { ...sourceOf(world, "Malaria programme"), logIn: wrong });
  await expect(page.getByText("The source system refused the log-in")).toBeVisible();
  await page.getByText("The source system refused the log-in").scrollIntoViewIfNeeded();
  await shoot(page, "connection-new-refused");
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await shoot(page, "connection-new-discard");
  page = await openApp(world.manager, "#/connections/new");
  await connect(page, sourceOf(world, "Malaria programme"));
  await shoot(page, "connection");
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText(/^The connection works: DHIS2/)).toBeVisible();
  await shoot(page, "connection-tested");
  await page.getByRole("button", { name: "Delete connection" }).click();
  await shoot(page, "connection-delete");
  await page.keyboard.press("Escape");

  await order(world.source, { path: "/api/dataElements", delayMillis: 4000 });
  await page.getByRole("link", { name: "Map data sets" }).click();
  await expect(page.getByText(/ org units$/).first()).toBeVisible();
  await shoot(page, "mapping-reading");
  await openPart(page, "Data sets");
  await shoot(page, "mapping-data-sets");
  await mapByHand(page, "NMCP monthly malaria report", "HMIS05");
  await leaveOut(page, "NMCP vector control by donor");
  await acceptAll(page);
  await openPart(page, "Data elements");
  await shoot(page, "mapping-data-elements");
  await acceptAll(page);
  for (const [source, target] of BY_HAND) await mapByHand(page, source, target);
  await leaveOut(page, "Larval sites treated");
  await search(page, "Confirmed malaria");
  await row(page, "Confirmed malaria").first().getByRole("button", { name: /^(Choose|Change)…/ }).click();
  await expect(page.getByRole("combobox", { name: "Goes to" })).toBeFocused();
  await page.keyboard.type("confirmed");
  await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible();
  await shoot(page, "mapping-choosing");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await openPart(page, "Attribute option combinations");
  await acceptAll(page);
  await shoot(page, "mapping-attribute-option-combinations");
  await openPart(page, "Organisation units");
  await shoot(page, "mapping-org-units-proposed");
  await acceptAll(page);
  await shoot(page, "mapping-org-units");
  await save(page);
  await shoot(page, "mapping-saved");
  page = await openApp(world.manager, "#/connections");
  await expect(page.getByRole("link", { name: "Malaria programme" }).first()).toBeVisible();
  await shoot(page, "connections");

  page = await openApp(world.manager, "#/exchanges/new");
  await expect(page.getByRole("combobox", { name: "Connection" })).toBeVisible();
  await shoot(page, "exchange-new");
  await makeExchange(page, {
    name: "Monthly malaria report",
    connection: "Malaria programme",
    dataSets: ["HMIS 05 Outpatients and malaria, monthly"],
    lastPeriods: 3,
  });
  await shoot(page, "exchanges");
  await page.getByRole("link", { name: "Monthly malaria report", exact: true }).click();
  await heading("Edit exchange");
  await page.getByRole("radio", { name: /^Only in some org units/ }).check();
  await page.getByRole("tree").scrollIntoViewIfNeeded();
  await shoot(page, "exchange-org-units");
}

async function mapByHand(page: Page, source: string, target: string): Promise<void> {
  await search(page, source);
  await row(page, source).getByRole("button", { name: /^(Choose|Change)…/ }).click();
  await page.getByRole("combobox", { name: "Goes to" }).fill(target);
  const option = page.getByRole("listbox").getByRole("option");
  await expect(option.first()).toContainText(target, { ignoreCase: true });
  await option.first().click();
  await expectDecided(page, source);
  await search(page, "");
}

async function forClerks(world: World, shoot: Shoot, openApp: Open): Promise<void> {
  let page = await openApp({ username: "lecteur", password: "Lecteur1!" });
  await expect(page.getByText("You cannot import yet")).toBeVisible();
  await shoot(page, "import-missing-right");
  page = await openApp(world.clerk, "#/connections");
  await expect(page.getByText("Setting this up needs a right")).toBeVisible();
  await shoot(page, "no-permission");
  page = await openApp(world.clerk, "#/nowhere");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await shoot(page, "not-found");

  const undo = await remember(world);
  page = await openApp(world.clerk);
  await expect(page.getByRole("link", { name: "Monthly malaria report" })).toBeVisible();
  await shoot(page, "import");
  await page.getByRole("link", { name: "Monthly malaria report" }).click();
  await expectChoices(page);
  await shoot(page, "import-choices");
  await order(world.source, { path: "/api/dataValueSets", method: "GET", delayMillis: 4000 });
  await page.getByRole("button", { name: "Read figures" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Reading figures" })).toBeVisible();
  await shoot(page, "import-reading");
  await expectPlan(page);
  await expect(page.getByRole("table").getByRole("row").nth(2)).toBeVisible();
  await shoot(page, "import-plan");
  await page.getByRole("button", { name: /^Import .* value/ }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await shoot(page, "import-confirm");
  await order(world.destination, { path: "/api/dataValueSets", method: "POST", delayMillis: 4000 });
  await page.getByRole("button", { name: "Yes, import" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Importing values" })).toBeVisible();
  await shoot(page, "import-sending");
  await expect(page.getByText(/became of (it|them)$/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("table").getByRole("row").nth(2)).toBeVisible();
  await shoot(page, "import-report");
  await order(world.source, { path: "/api/dataValueSets", method: "GET", times: 0, drop: "before" });
  await page.getByRole("button", { name: "Import again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Nothing was read" })).toBeVisible({ timeout: 120_000 });
  await shoot(page, "import-parts-not-read");
  await calm(world.source);
  await page.getByRole("button", { name: "Read again" }).click();
  await expectPlanOrNothing(page);
  await shoot(page, "import-nothing-to-do");
  await page.getByRole("link", { name: "Change periods or org units" }).click();
  await expectChoices(page);
  await undo();
  await page.getByRole("button", { name: "Read figures" }).click();
  await expectPlan(page);
  await order(world.destination, { path: "/api/dataValueSets", method: "POST", expireSessions: true });
  await page.getByRole("button", { name: /^Import .* value/ }).click();
  await page.getByRole("button", { name: "Yes, import" }).click();
  await expect(page.getByText(/became of (it|them)$/)).toBeVisible({ timeout: 60_000 });
  await shoot(page, "import-interrupted");

  page = await openApp(world.clerk);
  await page.getByRole("link", { name: "Monthly malaria report" }).click();
  await expectChoices(page);
  await page.getByRole("button", { name: "Read figures" }).click();
  await expectPlan(page);
  await expiry(world, 1);
  await page.getByRole("button", { name: /^Import .* value/ }).click();
  await page.getByRole("button", { name: "Yes, import" }).click();
  await expect(page.getByText(/became of (it|them)$/)).toBeVisible({ timeout: 60_000 });
  await shoot(page, "import-refused");
  await expiry(world, 0);

  const clerk = new Api(world.destination, world.clerk);
  await clerk.ask("POST", "userSettings/keyUiLocale?value=fr");
  page = await openApp(world.clerk);
  await page.getByRole("link", { name: "Monthly malaria report" }).click();
  await expect(page.getByRole("tree")).toBeVisible();
  await shoot(page, "import-choices-french");
  await page.getByRole("button", { name: "Lire les chiffres" }).click();
  await expect(page.getByRole("table")).toBeVisible();
  await shoot(page, "import-plan-french");
  await clerk.ask("POST", "userSettings/keyUiLocale?value=en");
  await undo();
}

async function expectPlanOrNothing(page: Page): Promise<void> {
  await expect(page.getByText(/ values? (was|were) read at the source for /)).toBeVisible({ timeout: 60_000 });
}

/** The data set of the exchange and the months that it offers first. */
const DATA_SET = "HMIS05";
const MONTHS = ["202610", "202609", "202608"];

async function dataSetId(admin: Api): Promise<string> {
  const { dataSets } = await admin.get(`dataSets?filter=code:eq:${DATA_SET}&fields=id&paging=false`);
  return dataSets[0].id;
}

/** Remembers what the clerk's org units hold; what comes back undoes what was brought in since. */
async function remember(world: World): Promise<() => Promise<void>> {
  const admin = new Api(world.destination, world.admin);
  const me = await new Api(world.destination, world.clerk).get("me?fields=organisationUnits[id]");
  const orgUnits: string[] = me.organisationUnits.map((unit: { id: string }) => unit.id);
  const part = { dataSet: await dataSetId(admin), periods: MONTHS, orgUnits };
  const before = await readValues(admin, part);
  return () => makeValues(admin, part, before);
}

/** Closes the months before the last one, or opens them again. */
async function expiry(world: World, days: number): Promise<void> {
  const admin = new Api(world.destination, world.admin);
  await admin.ask("PATCH", `dataSets/${await dataSetId(admin)}`, [{ op: "add", path: "/expiryDays", value: days }]);
}
