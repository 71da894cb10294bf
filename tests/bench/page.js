// The page of the bench: gives each measurement a new Worker.

let worker;

globalThis.bench = {
  /** A new Worker in place of the last one. */
  begin() {
    worker?.terminate();
    worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  },

  /** Has the Worker do one of its tasks. */
  ask(task, input) {
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage({ task, input });
    });
  },
};
