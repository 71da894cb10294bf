// The other end of the page's questions: runs the same wasm as the page, in a Web Worker.
//
// The page sends first `{ module, base }`, its compiled wasm, which starts here without being
// fetched or compiled again; from then on the app itself listens (src/worker.rs).

import init from "./app.js";
import { begin } from "./parts.js";

self.onmessage = async ({ data }) => {
  self.onmessage = null;
  self.tributary = Object.freeze({ base: data.base });
  try {
    begin(await init({ module_or_path: data.module }));
  } catch (problem) {
    // An error thrown in a promise does not reach the page's `onerror`; this does.
    setTimeout(() => {
      throw problem;
    });
  }
};
