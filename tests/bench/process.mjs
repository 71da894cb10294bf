// What a measurement takes, seen from outside: processor time, and the most memory that the page's process
// ever had, asked of Linux.

import { readFile, writeFile } from "node:fs/promises";

/** The processes that show pages: `id`, and `cpuTime` in seconds over all their threads. */
async function pageProcesses(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter((info) => info.type === "renderer");
}

/** Milliseconds of processor time that pages and their Workers have used, on all cores together. */
export async function cpuMillis(browser) {
  const processes = await pageProcesses(browser);
  return processes.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
}

/**
 * The memory of the page's process in bytes: `now` and `peak`; null where the system is not Linux.
 */
export async function processMemory(browser) {
  const renderers = [];
  for (const { id } of await pageProcesses(browser)) {
    let status;
    try {
      status = await readFile(`/proc/${id}/status`, "utf8");
    } catch {
      return null;
    }
    const bytes = (name) => Number(status.match(new RegExp(`${name}:\\s+(\\d+) kB`))[1]) * 1024;
    renderers.push({ id, now: bytes("VmRSS"), peak: bytes("VmHWM") });
  }
  // Chromium keeps a spare one, which holds nothing.
  return renderers.sort((a, b) => b.now - a.now)[0];
}

/** Begins the peak of a process anew. */
export const forgetPeak = ({ id }) => writeFile(`/proc/${id}/clear_refs`, "5");
