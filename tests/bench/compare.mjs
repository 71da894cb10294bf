// Measures in Chromium how long the app's engine and plain JavaScript take to read and compare the
// same values, and how much memory. `cargo xtask bench` builds the wasm and calls
//   node compare.mjs <folder of the wasm> <runs> <values>
// The last line of the output is the result as JSON; see crates/xtask/src/bench/compare.rs.

import { launch } from "./browser.mjs";
import { expectedCounts, makeData } from "./data.js";
import { cpuMillis, pageMemory, watchMemory } from "./process.mjs";
import { launchQuietly } from "./quiet-browser.mjs";
import { serve } from "./server.mjs";

const names = ["wasm", "plain-json", "plain-csv", "plain-whole"];
const [wasmFolder, runs, values] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const { setting, slices } = makeData(values);
console.log(`  making the bodies of ${values} + ${values} values`);
const bodies = Array.from(slices(), (slice) => ({ csv: slice.csv(), json: slice.json() }));
const server = await serve(wasmFolder, { setting, slices: bodies });

async function open(browser) {
  const page = await browser.newPage();
  await page.goto(`${server.address}/page.html`);
  await page.waitForFunction("globalThis.bench");
  return page;
}

const begin = (page) => page.evaluate("bench.begin()");
const ask = (page, task, input) =>
  page.evaluate(([task, input]) => bench.ask(task, input), [task, input]);
const run = (page) => ask(page, "run", { slices: bodies.length });

/** All contenders in one browser, a new Worker each time; who begins changes from round to round. */
async function measureTimes() {
  const browser = await launch();
  const page = await open(browser);
  const results = Object.fromEntries(names.map((name) => [name, { millis: [], cpu: [] }]));
  for (let round = 0; round < runs; round += 1) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      await begin(page);
      await ask(page, "prepare", { name });
      const before = await cpuMillis(browser);
      const millis = await run(page);
      results[name].cpu.push((await cpuMillis(browser)) - before);
      results[name].millis.push(millis);
      Object.assign(results[name], await ask(page, "look"));
      console.log(`  ${name}: ${millis.toFixed(0)} ms`);
    }
  }
  const chromium = browser.version();
  await browser.close();
  return { chromium, results };
}

/**
 * One run in a browser of its own. `stays`: what page and Worker take with the plan in them once the
 * rest has been collected, as the browser tells it. `peak`: what the page's process took at most,
 * beyond what it takes for an empty page without a Worker.
 */
async function measureMemory(name) {
  // Or the browser waits until it collects garbage by itself, which may be half a minute.
  const browser = await launchQuietly(["--enable-blink-features=ForceEagerMeasureMemory"]);
  const page = await browser.newPage();
  await page.open(`${server.address}/page.html`);
  await page.until("globalThis.bench");
  const ask = (task, input) => page.evaluate(`bench.ask("${task}", ${JSON.stringify(input)})`);
  const empty = await pageMemory(browser);
  const watch = watchMemory(browser);
  await page.evaluate("bench.begin()");
  await ask("prepare", { name });
  await ask("pass", { slices: bodies.length });
  const most = await watch.stop();
  const { counts, wasmBytes } = await ask("look", {});
  const told = await page.evaluate("performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)");
  await browser.close();
  // The browser counts what its garbage collector looks after, which linear memory is not part of.
  const stays = told + wasmBytes;
  const peak = most && most - empty;
  console.log(`  ${name}: ${(stays / 1e6).toFixed(0)} MB stay, ${(peak / 1e6).toFixed(0)} MB at most`);
  return { counts, stays, peak };
}

const { chromium, results } = await measureTimes();
for (const name of names) {
  const { counts, ...memory } = await measureMemory(name);
  // Who finds something else while its memory is measured is caught as who does so in time.
  if (JSON.stringify(counts) !== JSON.stringify(results[name].counts)) results[name].counts = counts;
  Object.assign(results[name], memory);
}
server.close();
const bytes = (format) =>
  bodies.reduce((sum, { [format]: { source, present } }) => sum + source.length + present.length, 0);
const sizes = { values, csv: bytes("csv"), json: bytes("json"), slices: bodies.length };
console.log(JSON.stringify({ chromium, sizes, expected: expectedCounts(values), results }));
