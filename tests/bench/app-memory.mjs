// Measures how much memory the app itself takes, page and Worker, while it reads and compares a million
// values of each side and when the plan is there. `cargo xtask bench` starts a bare sandbox with the app
// in it and calls
//   node app-memory.mjs <address of the DHIS2> <facilities>
// The last line of the output is the result as JSON; see crates/xtask/src/bench/browse.rs.

import { madeUpDestination, madeUpSource, setUp } from "./browse-servers.mjs";
import { pageMemory, watchMemory } from "./process.mjs";
import { launchQuietly } from "./quiet-browser.mjs";

const [server, facilities] = [process.argv[2], Number(process.argv[3])];
const source = await madeUpSource(server);
await setUp(server, source.address, facilities);
const destination = await madeUpDestination(server);
const browser = await launchQuietly(["--enable-blink-features=ForceEagerMeasureMemory", "--lang=en-GB"]);
const page = await browser.newPage();
await page.open(`${destination.address}/api/empty`);
await page.until("location.pathname === '/api/empty'");
const login = { method: "POST", headers: { "content-type": "application/json" }, body: '{"username":"admin","password":"district"}' };
const status = await page.evaluate(`fetch("/api/auth/login", ${JSON.stringify(login)}).then(({ status }) => status)`);
if (status !== 200) throw new Error(`nobody can log in: ${status}`);

const empty = await pageMemory(browser);
const grown = async () => empty && (await pageMemory(browser)) - empty;

await page.open(`${destination.address}/api/apps/tributary/index.html?redirect=false#/import/exBench0000`);
// The exchange's rule has ticked the last twelve months, and its scope all org units.
const button = "[...document.querySelectorAll('button')].find((button) => button.innerText.trim() === 'Read figures')";
await page.until(`${button} && !${button}.disabled`);
const begun = await grown();
const watch = watchMemory(browser);
console.log("  reading");
await page.evaluate(`${button}.click()`);
await page.until("document.querySelector('table[aria-rowcount]')", 1200);
const most = await watch.stop();
const kinds = await page.evaluate("[...document.querySelectorAll('[role=group] button[aria-pressed]')].map((button) => button.innerText.replace(/\\s+/g, ' ').trim())");
const told = await page.evaluate("performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)");
const stays = await grown();
await browser.close();
destination.close();
source.close();
const peak = most && most - empty;
console.log(JSON.stringify({ kinds, here: destination.read, empty, begun, peak, stays, told }));
