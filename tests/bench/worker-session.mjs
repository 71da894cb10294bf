// The developer tools' end of a page's Web Worker. Playwright speaks to pages only; what is said
// to a Worker is wrapped into messages of the page's own session.

/**
 * Follows the page's next Worker. It is held at its first line until `begin(worker)` is done;
 * `hear(method, params)` gets its events.
 *
 * Gives back the worker: `send(method, params)` waits for it to exist.
 */
export async function followWorker(page, { begin = async () => {}, hear = () => {} } = {}) {
  const session = await page.context().newCDPSession(page);
  const waiting = new Map();
  let number = 0;
  let attached;
  const target = new Promise((resolve) => (attached = resolve));

  const worker = {
    async send(method, params = {}) {
      const sessionId = await target;
      number += 1;
      const id = number;
      const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
      const message = JSON.stringify({ id, method, params });
      await session.send("Target.sendMessageToTarget", { sessionId, message });
      return answer;
    },
  };

  session.on("Target.attachedToTarget", async ({ sessionId, targetInfo }) => {
    if (targetInfo.type !== "worker") return;
    attached(sessionId);
    await begin(worker);
    await worker.send("Runtime.runIfWaitingForDebugger");
  });
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result, error, method, params } = JSON.parse(message);
    if (method) hear(method, params);
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error) answer?.reject(new Error(`${error.message}`));
    else answer?.resolve(result);
  });
  await session.send("Target.setAutoAttach", {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: false,
  });
  return worker;
}
