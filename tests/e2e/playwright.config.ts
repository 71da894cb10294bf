// How the stories are run. `cargo xtask e2e` starts the servers and sets the environment;
// see fixtures/world.ts for what it sets.

import { defineConfig } from "@playwright/test";
import type { Options } from "./fixtures";

const arguments_ = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
// Chromium refuses its sandbox to root, which build servers often are.
if (process.getuid?.() === 0) arguments_.push("--no-sandbox");

export default defineConfig<object, Options>({
  outputDir: "test-results",
  // Stories change what is on the servers, so they run one after the other.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // A read through a Route of 2.43 may hang until it is sent again.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: process.env.CI ? [["list"], ["html", { open: "never" }]] : [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1366, height: 768 },
    locale: "en-GB",
    timezoneId: "Africa/Douala",
    actionTimeout: 30_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: arguments_,
    },
  },
  projects: [
    // Told by any two DHIS2 servers with the set-up of the recordings.
    { name: "stories", testDir: "stories", use: { setup: "recordings" } },
    // Need a server that fails on order: the sandbox with its sample country.
    { name: "bad-days", testDir: "bad-days", use: { setup: "sample" } },
    // No tests: pictures of all screens, into target/screens.
    { name: "screens", testDir: "screens", use: { setup: "sample" } },
  ],
});
