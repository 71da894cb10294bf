// Measures how long a first visit takes until the first screen can be used, and what it costs on
// the wire. `cargo xtask bench` starts the servers with the app and calls
//   node start.mjs <address of the DHIS2> <runs>
// The last line of the output is the result as JSON; see crates/xtask/src/bench/start.rs.

import { launch } from "./browser.mjs";
import { followWorker } from "./worker-session.mjs";

const [server, runs] = [process.argv[2], Number(process.argv[3])];
const clerk = { username: "clerk", password: "Clerk123!" };
const slowdown = 4;

/** Lines as people have them; the times to hold are those of `cargo xtask bench`. */
const lines = [
  { name: "1.6 Mbit/s, 150 ms", kbits: 1600, latency: 150 },
  { name: "400 kbit/s, 400 ms", kbits: 400, latency: 400 },
];

/** Runs in the page before anything else: notes when the Import screen can be used. */
function watch() {
  const shown = (selector) => document.querySelector(selector)?.checkVisibility();
  const look = () => {
    // The heading, and the exchanges or the words that there are none.
    if (shown("#page-title") && (shown("main .cards li") || shown("main .empty-state"))) {
      // Not before the page has time for a person.
      requestIdleCallback(() => (globalThis.usableAt = performance.now()));
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}

/**
 * Adds up what comes over the line; `hear` takes the events of the page and of its Worker, which
 * name each request alike: that of the Worker's script begins with the one and ends with the other.
 */
function wire() {
  const requests = new Map();
  let last = Date.now();
  const hear = (method, params) => {
    const id = params.requestId;
    last = Date.now();
    if (method === "Network.requestWillBeSent") {
      const path = new URL(params.request.url).pathname;
      const ofApp = path.includes("/api/apps/tributary/");
      // Parts of the wasm that come after the first screen.
      const isLater = /\/(split|chunk)_[^/]*$/.test(path);
      const part = !ofApp ? "api" : isLater ? "later" : "app";
      requests.set(id, { url: params.request.url, part, bytes: 0 });
    } else if (method === "Network.loadingFinished" && requests.has(id)) {
      requests.get(id).bytes = params.encodedDataLength;
    }
  };
  const quiet = async () => {
    while (Date.now() - last < 1500) await new Promise((resolve) => setTimeout(resolve, 100));
  };
  /** What was only taken from the cache, or is no request at all (data:), has no bytes and does not count. */
  const sums = () => {
    const of = (part) => [...requests.values()].filter((each) => each.part === part && each.bytes > 0);
    const sum = (list) => ({
      requests: list.length,
      bytes: list.reduce((total, each) => total + each.bytes, 0),
    });
    return { app: sum(of("app")), api: sum(of("api")) };
  };
  return { hear, quiet, sums };
}

async function visit(line) {
  // A new browser: nothing is cached, and no code is kept compiled.
  const browser = await launch();
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    locale: "en-GB",
  });
  const loggedIn = await context.request.post(`${server}/api/auth/login`, { data: clerk });
  if (!loggedIn.ok()) throw new Error(`${clerk.username} cannot log in: ${loggedIn.status()}`);
  const page = await context.newPage();
  await page.addInitScript(watch);

  const counted = wire();
  const conditions = {
    offline: false,
    latency: line.latency,
    downloadThroughput: (line.kbits * 1000) / 8,
    uploadThroughput: (line.kbits * 1000) / 8,
  };
  // The Worker's line is slowed down with the page's, but what comes over it is told to itself alone.
  await followWorker(page, {
    hear: counted.hear,
    begin: (worker) => worker.send("Network.enable"),
  });
  const session = await context.newCDPSession(page);
  for (const event of ["Network.requestWillBeSent", "Network.loadingFinished"]) {
    session.on(event, (params) => counted.hear(event, params));
  }
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", conditions);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });

  await page.goto(`${server}/api/apps/tributary/index.html?redirect=false#/`, {
    waitUntil: "commit",
  });
  await page.waitForFunction("globalThis.usableAt", undefined, { timeout: 120_000 });
  const usable = await page.evaluate("usableAt");
  const firstPaint = await page.evaluate(
    "performance.getEntriesByName('first-paint')[0].startTime",
  );
  await counted.quiet();
  const result = { usable, firstPaint, ...counted.sums() };
  const chromium = browser.version();
  await browser.close();
  return { chromium, result };
}

const outcome = { slowdown, lines: [] };
for (const line of lines) {
  const visits = [];
  for (let run = 0; run < runs; run += 1) {
    const { chromium, result } = await visit(line);
    outcome.chromium = chromium;
    visits.push(result);
    console.log(`  ${line.name}: usable after ${result.usable.toFixed(0)} ms`);
  }
  outcome.lines.push({ ...line, visits });
}
console.log(JSON.stringify(outcome));
