// One measurement in a Web Worker of its own, as the app's engine has one: fetches what it needs
// when it gets `{ name, slices }`, then reads and compares all slices when it gets "run", and says
// what the plan takes when it gets "look". In between, the measuring side looks at the memory.

import { contenders } from "./contenders.js";

let contender;
let bodies;

const fetched = async (path) => (await fetch(path)).arrayBuffer();

const tasks = {
  async prepare({ name, slices }) {
    const { format, begin } = contenders[name];
    bodies = [];
    for (let slice = 0; slice < slices; slice += 1) {
      const [source, present] = await Promise.all([
        fetched(`data/${slice}/${format}/source`),
        fetched(`data/${slice}/${format}/present`),
      ]);
      bodies.push({ source: new Uint8Array(source), present: new Uint8Array(present) });
    }
    contender = await begin(await (await fetch("data/setting")).json());
    return "ready";
  },

  /** The measured part. */
  run() {
    const begin = performance.now();
    bodies.forEach((slice, index) => contender.readSlice(index, slice));
    return performance.now() - begin;
  },

  look() {
    return { counts: contender.counts(), wasmBytes: contender.wasmBytes() };
  },
};

self.onmessage = async ({ data: { task, input } }) => {
  self.postMessage(await tasks[task](input));
};
