// What a measurement takes, seen from outside: processor time, and the memory of the page's process, asked
// of Linux.

import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

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
 * The memory of the page's process in bytes, without the program's own file, which all processes share
 * and of which more and more is looked at; null where the system is not Linux.
 */
export async function pageMemory(browser) {
  const sizes = [];
  for (const { id } of await pageProcesses(browser)) {
    let status;
    try {
      status = await readFile(`/proc/${id}/status`, "utf8");
    } catch {
      continue;
    }
    const bytes = (name) => Number(status.match(new RegExp(`${name}:\\s+(\\d+) kB`))?.[1] ?? 0) * 1024;
    sizes.push(bytes("RssAnon") + bytes("RssShmem"));
  }
  // Chromium keeps a spare one, which holds nothing.
  return sizes.length > 0 ? Math.max(...sizes) : null;
}

/** Looks at the memory of the page's process forty times a second; `stop()` gives the most that it had. */
export function watchMemory(browser) {
  let isOver = false;
  const watching = (async () => {
    let most = await pageMemory(browser);
    while (!isOver && most !== null) {
      await sleep(25);
      most = Math.max(most, await pageMemory(browser));
    }
    return most;
  })();
  return {
    stop() {
      isOver = true;
      return watching;
    },
  };
}
