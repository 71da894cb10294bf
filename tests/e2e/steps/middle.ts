// What the stories of bad days begin with: an exchange of two data sets over two months, so that an
// import has two reads and two writes, and with them a middle in which something can happen.

import type { Page } from "@playwright/test";
import { Api, appAddress, expect, logIn, test, type World } from "../fixtures";
import { calm } from "../fixtures/faults";
import { configure, EXCHANGE } from "./configure";
import { DATA_SET, Differences, LEFT_OUT, PARTNER_SET } from "./differences";
import { chooseExchange, chooseMonths } from "./import";
import { letClerkUseTheApp, removeTraces } from "./set-up";

export class Middle {
  private begun?: Differences;

  /** What differs between the servers; there once a story runs. */
  get differences(): Differences {
    if (!this.begun) throw new Error("no story has begun");
    return this.begun;
  }

  set differences(differences: Differences) {
    this.begun = differences;
  }

  /** Chooses the exchange and the two months that differ. */
  async choose(page: Page): Promise<void> {
    await chooseExchange(page, EXCHANGE);
    await chooseMonths(page, this.differences.months);
  }

  /** Puts both servers back, as far as anything was changed. */
  async end(): Promise<void> {
    await this.begun?.end();
  }
}

/**
 * Sets a file of stories up, and tidies up behind it. Call it once, outside of the stories.
 * Only the sandbox fails on order (`canFail`) and has to be calmed in between.
 */
export function importsWithAMiddle({ canFail }: { canFail: boolean }): Middle {
  const middle = new Middle();
  const calmBoth = async (world: World) => {
    if (canFail) await calm(world.destination, world.source);
  };
  // The small set-up: its values are known one by one.
  test.use({ setup: "recordings" });

  test.beforeAll(async ({ browser, world }) => {
    await calmBoth(world);
    await removeTraces(world);
    await letClerkUseTheApp(new Api(world.destination, world.admin));
    middle.differences = await Differences.begin(world, [DATA_SET, PARTNER_SET]);
    const context = await browser.newContext();
    await logIn(context, world.destination, world.manager);
    const page = await context.newPage();
    await page.goto(appAddress(world, "#/connections/new"));
    const dataSets = [DATA_SET.name, PARTNER_SET.name];
    await configure(page, world, { dataSets, lastPeriods: 2, leaveOut: LEFT_OUT.name });
    await context.close();
  });

  test.beforeEach(async ({ world }) => {
    await middle.differences.make();
    // Up to 2.42 stamps are whole seconds: what was typed in during the last two before a plan
    // cannot be told from what came after it, and would be "edited here" once a run was cut off.
    const clock = new Api(world.destination, world.admin);
    const made = await clock.now();
    await expect.poll(async () => (await clock.now()) - made).toBeGreaterThan(2_500);
  });

  test.afterEach(async ({ world }) => {
    await calmBoth(world);
  });

  test.afterAll(async ({ world }) => {
    await middle.end();
    await removeTraces(world);
  });
  return middle;
}
