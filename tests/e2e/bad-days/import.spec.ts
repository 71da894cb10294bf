// Imports on days when something fails in the middle. Each ends in a clear message and in a report
// that adds up; nothing is lost, and nothing is written twice.

import type { Page, Request } from "@playwright/test";
import { Api, expect, expectAccessible, test } from "../fixtures";
import { calm, order } from "../fixtures/faults";
import { DATA_SET } from "../steps/differences";
import { confirmImport, expectPlan, planCounts, readFigures, readReport, type Kinds } from "../steps/import";
import { importsWithAMiddle } from "../steps/middle";

const middle = importsWithAMiddle({ canFail: true });

/** The values of write requests that the destination took, each as often as it took it. */
function watchWrites(page: Page): { taken: () => Promise<string[]> } {
  const requests: Request[] = [];
  page.on("request", (request) => {
    const isWrite = request.method() === "POST" && new URL(request.url()).pathname.endsWith("/api/dataValueSets");
    if (isWrite) requests.push(request);
  });
  return {
    taken: async () => {
      const cells: string[] = [];
      for (const request of requests) {
        const answer = await request.response();
        if (answer?.status() !== 200) continue;
        const { dataValues } = request.postDataJSON();
        for (const value of dataValues) cells.push(`${value.dataElement} ${value.orgUnit} ${value.period}`);
      }
      return cells.sort();
    },
  };
}

const toSend = (kinds: Kinds) => kinds.new + kinds.changed;

test("the source goes down while it is read", async ({ openApp, world }) => {
  const afterwards = await middle.differences.destinationAfterwards(true);
  const expected = await middle.differences.expected(true);
  const page = await openApp(world.clerk);
  await middle.choose(page);
  // One data set is read, then every further read is cut off.
  await order(world.source, { path: "/api/dataValueSets", method: "GET", after: 1, times: 0, drop: "before" });
  await readFigures(page);
  await expect(page.getByRole("alert").filter({ hasText: "2 parts could not be read" })).toBeVisible();
  const some = await planCounts(page);
  expect(toSend(some)).toBeGreaterThan(0);
  expect(toSend(some)).toBeLessThan(toSend(expected));
  await expectAccessible(page);

  // What was read can be imported; what was not read is never taken for empty.
  await confirmImport(page, toSend(some));
  const outcomes = await readReport(page);
  expect(outcomes["Arrived"]).toBe(toSend(some));
  // The source is back: the rest comes in.
  await calm(world.source);
  await page.getByRole("button", { name: "Import again" }).click();
  await expectPlan(page);
  const rest = await planCounts(page);
  expect(toSend(rest)).toBe(toSend(expected) - toSend(some));
  await confirmImport(page, toSend(rest));
  await readReport(page);
  expect(await middle.differences.destinationNow()).toEqual(afterwards);
});

test("the source is down from the beginning", async ({ openApp, world }) => {
  const before = await middle.differences.destinationNow();
  const page = await openApp(world.clerk);
  await middle.choose(page);
  await order(world.source, { path: "/api/dataValueSets", method: "GET", times: 0, drop: "before" });
  await page.getByRole("button", { name: "Read figures" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Nothing was read" })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText("This DHIS2 cannot reach the source system").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Import .* value/ })).toHaveCount(0);
  await expectAccessible(page);
  await calm(world.source);
  await page.getByRole("button", { name: "Read again" }).click();
  await expectPlan(page);
  expect(await planCounts(page)).toEqual(await middle.differences.expected(true));
  expect(await middle.differences.destinationNow()).toEqual(before);
});

test("the session ends while values are sent", async ({ openApp, world, complaints }) => {
  // The browser itself notes each refused request.
  complaints.expect(/401|302|Failed to load resource/);
  const afterwards = await middle.differences.destinationAfterwards(true);
  const page = await openApp(world.clerk);
  await middle.choose(page);
  await readFigures(page);
  const counts = await planCounts(page);
  const writes = watchWrites(page);
  await order(world.destination, { path: "/api/dataValueSets", method: "POST", after: 1, expireSessions: true });
  await confirmImport(page, toSend(counts));
  const interrupted = await readReport(page, "The import was interrupted before its end");
  expect(interrupted["Arrived"]).toBeGreaterThan(0);
  expect(interrupted["Arrived"] + interrupted["Not sent"]).toBe(toSend(counts));
  await expect(page.getByText("Your session has ended")).toBeVisible();
  await expectAccessible(page);

  // Logging in again goes on in another tab; here nothing is lost.
  const [other] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "Log in to DHIS2 (opens a new tab)" }).click(),
  ]);
  await other.getByLabel("User name").fill(world.clerk.username);
  await other.getByLabel("Password").fill(world.clerk.password);
  await other.getByRole("button", { name: "Log in" }).click();
  await other.waitForURL((url) => !url.pathname.includes("login"));
  await other.close();
  await page.getByRole("button", { name: "Continue" }).click();
  const outcomes = await readReport(page);
  expect(outcomes["Arrived"]).toBe(toSend(counts));
  expect(await middle.differences.destinationNow()).toEqual(afterwards);
  const taken = await writes.taken();
  expect(taken).toHaveLength(toSend(counts));
  expect(new Set(taken).size, "nothing is written twice").toBe(taken.length);
});

test("an answer is lost after the values were written", async ({ openApp, world, complaints }) => {
  complaints.expect(/ERR_EMPTY_RESPONSE|ERR_CONNECTION|Failed to load resource/);
  const afterwards = await middle.differences.destinationAfterwards(true);
  const page = await openApp(world.clerk);
  await middle.choose(page);
  await readFigures(page);
  const counts = await planCounts(page);
  const writes = watchWrites(page);
  await order(world.destination, { path: "/api/dataValueSets", method: "POST", drop: "after" });
  await confirmImport(page, toSend(counts));
  // The values of the lost answer did arrive: reading them back says so.
  const interrupted = await readReport(page, /^(All values arrived|The import was interrupted before its end)$/);
  expect(interrupted["Arrived"]).toBeGreaterThan(0);
  expect(interrupted["Not known"] ?? 0).toBe(0);
  const arrivedUnanswered = interrupted["Arrived"];
  if (arrivedUnanswered < toSend(counts)) {
    await expect(page.getByText("This DHIS2 cannot be reached")).toBeVisible();
    await page.getByRole("button", { name: "Continue" }).click();
    const outcomes = await readReport(page);
    expect(outcomes["Arrived"]).toBe(toSend(counts));
    // Only what was left was sent again.
    expect(await writes.taken()).toHaveLength(toSend(counts) - arrivedUnanswered);
  }
  expect(await middle.differences.destinationNow()).toEqual(afterwards);
});

test("the network breaks before the values get there", async ({ openApp, world, complaints }) => {
  complaints.expect(/ERR_EMPTY_RESPONSE|ERR_CONNECTION|Failed to load resource/);
  const before = await middle.differences.destinationNow();
  const afterwards = await middle.differences.destinationAfterwards(true);
  const page = await openApp(world.clerk);
  await middle.choose(page);
  await readFigures(page);
  const counts = await planCounts(page);
  await order(world.destination, { path: "/api/dataValueSets", method: "POST", drop: "before", times: 0 });
  await confirmImport(page, toSend(counts));
  const interrupted = await readReport(page, "The import was interrupted before its end");
  expect(interrupted["Arrived"] ?? 0).toBe(0);
  expect(await middle.differences.destinationNow()).toEqual(before);
  await expectAccessible(page);
  await calm(world.destination);
  await page.getByRole("button", { name: "Continue" }).click();
  const outcomes = await readReport(page);
  expect(outcomes["Arrived"]).toBe(toSend(counts));
  expect(await middle.differences.destinationNow()).toEqual(afterwards);
});

test("the destination refuses values that it would have taken before", async ({ openApp, world }) => {
  const admin = new Api(world.destination, world.admin);
  const expiry = (days: number) =>
    admin.ask("PATCH", `dataSets/${DATA_SET.id}`, [{ op: "add", path: "/expiryDays", value: days }]);
  const page = await openApp(world.clerk);
  await middle.choose(page);
  await readFigures(page);
  const counts = await planCounts(page);
  // Closes the earlier of the two months, which ended more than 30 days ago, and not the last one.
  await expiry(30);
  try {
    await confirmImport(page, toSend(counts));
    const outcomes = await readReport(page, "Some values were refused");
    expect(outcomes["Refused"]).toBeGreaterThan(0);
    expect(outcomes["Arrived"]).toBeGreaterThan(0);
    expect(outcomes["Refused"] + outcomes["Arrived"]).toBe(toSend(counts));
    const refusals = page.getByRole("region", { name: "Refused by this DHIS2" }).getByRole("table");
    await expect(refusals).toContainText(/data entry .*has closed/i);
    await expect(refusals).toContainText(/E\d{4}/);
    await expectAccessible(page);
    await page.getByRole("button", { name: /^Show rows: / }).first().click();
    await expect(page.getByRole("table", { name: "Values of this import" })).toContainText("Refused");
    // Once it is known beforehand, it is not even sent.
    await page.getByRole("button", { name: "Import again" }).click();
    await expectPlan(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nothing can be imported");
    const again = await planCounts(page);
    expect(again.blocked).toBeGreaterThan(0);
    await expectAccessible(page);
  } finally {
    await expiry(0);
  }
});

test("somebody types a value in between plan and import", async ({ openApp, world }) => {
  const page = await openApp(world.clerk);
  await middle.choose(page);
  await readFigures(page);
  const counts = await planCounts(page);
  const typed = {
    dataElement: "deIntZeroP1",
    period: middle.differences.months[0],
    orgUnit: "ouFacA10001",
    categoryOptionCombo: "HllvX50cXC0",
    attributeOptionCombo: "HllvX50cXC0",
    value: "77",
  };
  const admin = new Api(world.destination, world.admin);
  await admin.ask("POST", "dataValueSets", { dataSet: DATA_SET.id, dataValues: [typed] });
  await confirmImport(page, toSend(counts));
  const outcomes = await readReport(page, "The import is finished; some values were left as they are");
  expect(outcomes["Not sent"]).toBe(1);
  expect(outcomes["Arrived"]).toBe(toSend(counts) - 1);
  await expect(page.getByText("Somebody changed values here in the meantime")).toBeVisible();
  await expectAccessible(page);
  const now = await middle.differences.destinationNow();
  expect(Object.entries(now).find(([cell]) => cell.includes(`${typed.period}-${typed.orgUnit}`))?.[1]).toBe("77");
});
