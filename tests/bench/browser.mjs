// Starts Chromium as the stories do (tests/e2e/playwright.config.ts), with the Playwright that is
// installed there.

import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../e2e/package.json", import.meta.url))(
  "@playwright/test",
);

const always = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What Chromium is started with. */
export function switches(more = []) {
  // Chromium refuses its sandbox to root, which build servers often are.
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return [...always, ...more, ...asRoot];
}

/** A new Chromium without anything in its caches. */
export const launch = (more = []) =>
  chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: switches(more) });
