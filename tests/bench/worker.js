// One measurement in a Web Worker of its own, as the app's engine has one. "prepare" gets `{ name }`;
// "run" gets `{ slices }` and reads and compares one after the other; "look" says what was found. In
// between, the measuring side looks at the memory.

import { contenders } from "./contenders.js";

let contender;
let way;

const fetched = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());

const tasks = {
  async prepare({ name }) {
    way = contenders[name];
    contender = await way.begin(await (await fetch("data/setting")).json());
    return "ready";
  },

  /**
   * Gives back the milliseconds from the bodies to the plan. A slice's bodies are there before its time
   * begins and are let go after it, so that neither the server nor the line count.
   */
  async run({ slices }) {
    let millis = 0;
    for (const slice of way.whole ? ["all"] : Array(slices).keys()) {
      const bodies = {};
      for (const side of ["source", "present"]) {
        bodies[side] = await fetched(`data/${slice}/${way.format}/${side}`);
      }
      const begin = performance.now();
      contender.readSlice(slice, bodies);
      millis += performance.now() - begin;
    }
    return millis;
  },

  look() {
    return { counts: contender.counts(), wasmBytes: contender.wasmBytes() };
  },
};

self.onmessage = async ({ data: { task, input } }) => {
  self.postMessage(await tasks[task](input));
};
