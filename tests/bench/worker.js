// One measurement in a Web Worker of its own, as the app's engine has one. "prepare" gets `{ name }`;
// "run" gets `{ slices }`, reads and compares one after the other and takes the time; "pass" does the same
// as one would do it who does not take the time; "look" says what was found. In between, the measuring
// side looks at the memory.

import { contenders } from "./contenders.js";

let contender;
let way;

const buffers = {};

/**
 * A body, in a buffer that is used again for the next one: left to the collector, a hundred of them would
 * pile up and look like memory that the contender takes.
 */
async function fetched(path, side) {
  const response = await fetch(path);
  const length = Number(response.headers.get("content-length"));
  let buffer = buffers[side];
  if (!buffer || buffer.byteLength < length) buffer = new ArrayBuffer(length);
  const reader = response.body.getReader({ mode: "byob" });
  for (let filled = 0; filled < length; ) {
    const { value } = await reader.read(new Uint8Array(buffer, filled, length - filled));
    buffer = value.buffer;
    filled += value.byteLength;
  }
  buffers[side] = buffer;
  return new Uint8Array(buffer, 0, length);
}

const tasks = {
  async prepare({ name }) {
    way = contenders[name];
    contender = await way.begin(await (await fetch("data/setting")).json());
    return "ready";
  },

  /**
   * Gives back the milliseconds from the bodies to the plan. A slice's bodies are there before its time
   * begins, so that neither the server nor the line count.
   */
  async run({ slices }) {
    let millis = 0;
    for (const slice of way.whole ? ["all"] : Array(slices).keys()) {
      const bodies = {};
      for (const side of ["source", "present"]) {
        bodies[side] = await fetched(`data/${slice}/${way.format}/${side}`, side);
      }
      const begin = performance.now();
      contender.readSlice(slice, bodies);
      millis += performance.now() - begin;
    }
    for (const side of ["source", "present"]) delete buffers[side];
    return millis;
  },

  /** Who can do without whole bodies has them come in gzipped and in pieces. */
  async pass({ slices }) {
    if (!contender.readPacked) return tasks.run({ slices });
    for (const slice of Array(slices).keys()) {
      const packed = async (side) => (await fetch(`data/${slice}/${way.format}/${side}.gz`)).body;
      const [source, present] = await Promise.all([packed("source"), packed("present")]);
      await contender.readPacked(slice, { source, present });
    }
  },

  look() {
    return { counts: contender.counts(), wasmBytes: contender.wasmBytes() };
  },
};

self.onmessage = async ({ data: { task, input } }) => {
  self.postMessage(await tasks[task](input));
};
