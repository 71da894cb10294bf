// Starts Chromium without Playwright, for measuring memory. Playwright listens to the network, and then
// the page's process keeps a copy of every body, 200 MB of them: more than what is to be measured. Here
// nothing is asked of the developer tools but to open an address and to run scripts.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { switches } from "./browser.mjs";

/** The developer tools on the other end of a pipe: messages are JSON that ends with a zero. */
function tools([input, output]) {
  const waiting = new Map();
  let number = 0;
  let rest = "";
  output.setEncoding("utf8").on("data", (text) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop();
    for (const message of messages) {
      const { id, result, error } = JSON.parse(message);
      const answer = waiting.get(id);
      waiting.delete(id);
      if (error) answer?.reject(new Error(error.message));
      else answer?.resolve(result);
    }
  });
  return (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      number += 1;
      waiting.set(number, { resolve, reject });
      input.write(`${JSON.stringify({ id: number, method, params, sessionId })}\0`);
    });
}

/** A page: `open(address)`, `evaluate(script)`, and `until(script)`, which waits for it to be true. */
async function newPage(send) {
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const page = {
    open: (url) => send("Page.navigate", { url }, sessionId),
    async evaluate(expression) {
      const asked = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await send("Runtime.evaluate", asked, sessionId);
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    },
    async until(expression, seconds = 120) {
      for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) {
        // While a page is being opened there may be nothing to ask.
        if (await page.evaluate(`Boolean(${expression})`).catch(() => false)) return;
      }
      throw new Error(`never: ${expression}`);
    },
  };
  return page;
}

/** A new Chromium with nothing in its caches. `newBrowserCDPSession` is as Playwright's. */
export async function launchQuietly(more = []) {
  const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  const args = ["--headless", "--remote-debugging-pipe", `--user-data-dir=${folder}`, ...switches(more)];
  const chromium = spawn(process.env.CHROMIUM || "/usr/bin/chromium", [...args, "about:blank"], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const ended = once(chromium, "close");
  const send = tools(chromium.stdio.slice(3));
  return {
    newPage: () => newPage(send),
    newBrowserCDPSession: async () => ({ send, detach: async () => {} }),
    async close() {
      await send("Browser.close");
      await ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
