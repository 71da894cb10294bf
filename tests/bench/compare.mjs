// Measures in Chromium how long the app's engine and plain JavaScript take to read and compare the
// same values, and how much memory. `cargo xtask bench` builds the wasm and calls
//   node compare.mjs <folder of the wasm> <runs>
// The last line of the output is the result as JSON; see crates/xtask/src/bench/compare.rs.

import { launch } from "./browser.mjs";
import { expectedCounts, makeData } from "./data.js";
import { cpuMillis, forgetPeak, heapInUse, processMemory } from "./process.mjs";
import { serve } from "./server.mjs";
import { followWorker } from "./worker-session.mjs";

const names = ["wasm", "plain-json", "plain-csv"];
const [wasmFolder, runs] = [process.argv[2], Number(process.argv[3])];
const data = makeData();
const server = await serve(wasmFolder, data);

async function open(browser) {
  const page = await browser.newPage();
  await page.goto(`${server.address}/page.html`);
  await page.waitForFunction("globalThis.bench");
  return page;
}

const begin = (page) => page.evaluate("bench.begin()");
const ask = (page, task, input) =>
  page.evaluate(([task, input]) => bench.ask(task, input), [task, input]);
const prepare = (page, name) => ask(page, "prepare", { name, slices: data.slices.length });

/** All contenders in one browser, a new Worker each time; who begins changes from round to round. */
async function measureTimes() {
  const browser = await launch();
  const page = await open(browser);
  const results = Object.fromEntries(names.map((name) => [name, { millis: [], cpu: [] }]));
  for (let round = 0; round < runs; round += 1) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      await begin(page);
      await prepare(page, name);
      const before = await cpuMillis(browser);
      const millis = await ask(page, "run");
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
 * One run in a browser of its own. `stays`: what the plan takes in the Worker once the rest has been
 * collected. `peak`: what the process took at most, beyond what it had with the bodies in it.
 */
async function measureMemory(name) {
  const browser = await launch();
  const page = await open(browser);
  const worker = await followWorker(page);
  await begin(page);
  await prepare(page, name);
  const heapBefore = await heapInUse(worker);
  const before = await processMemory(browser);
  if (before) await forgetPeak(before);
  await ask(page, "run");
  const after = await processMemory(browser);
  const heap = (await heapInUse(worker)) - heapBefore;
  const { wasmBytes } = await ask(page, "look");
  await browser.close();
  return { stays: heap + wasmBytes, peak: before && after.peak - before.now };
}

const { chromium, results } = await measureTimes();
for (const name of names) Object.assign(results[name], await measureMemory(name));
server.close();
const bytes = (format) =>
  data.slices.reduce((sum, { [format]: { source, present } }) => sum + source.length + present.length, 0);
const sizes = { csv: bytes("csv"), json: bytes("json"), slices: data.slices.length };
console.log(JSON.stringify({ chromium, sizes, expected: expectedCounts(), results }));
