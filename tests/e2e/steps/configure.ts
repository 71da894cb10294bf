// Everything that comes before the first import, in one go, for stories that are about what
// comes after.

import { type Page } from "@playwright/test";
import type { World } from "../fixtures";
import { connect, sourceOf } from "./connect";
import { makeExchange } from "./exchange";
import { acceptAll, leaveOut, openPart, save, type Part } from "./map";

export const CONNECTION = "Malaria programme";
export const EXCHANGE = "Monthly figures";

/** Begins on the form of a new connection; ends on the list of exchanges. */
export async function configure(
  page: Page,
  world: World,
  wanted: { dataSets: string[]; lastPeriods: number; leaveOut?: string },
): Promise<void> {
  await connect(page, sourceOf(world, CONNECTION));
  await page.getByRole("link", { name: "Map data sets" }).click();
  const parts: Part[] = ["Data sets", "Data elements", "Attribute option combinations", "Organisation units"];
  for (const part of parts) {
    await openPart(page, part);
    if (part === "Data elements" && wanted.leaveOut) await leaveOut(page, wanted.leaveOut);
    await acceptAll(page);
  }
  await save(page);
  await page.getByRole("link", { name: "Make an exchange" }).click();
  await makeExchange(page, {
    name: EXCHANGE,
    connection: CONNECTION,
    dataSets: wanted.dataSets,
    lastPeriods: wanted.lastPeriods,
  });
}
