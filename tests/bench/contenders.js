// Who is measured: each makes a comparison with `readSlice(index, bodies)` and `counts()`.

import initialise, { Comparison } from "./tributary_bench.js";
import { PlainComparison, fromCsv, fromJson } from "./plain.js";

const plain = (read) => (setting) => {
  const comparison = new PlainComparison(setting, read);
  return {
    readSlice: (_, { source, present }) => comparison.readSlice(source, present),
    counts: () => comparison.counts(),
    // What a page would still hold of it: the rows of its table.
    kept: comparison,
    wasmBytes: () => 0,
  };
};

async function wasm(setting) {
  const { memory } = await initialise();
  const comparison = new Comparison(JSON.stringify(setting));
  return {
    readSlice: (index, { source, present }) => comparison.read_slice(index, source, present),
    // Kinds that nothing is of are not named by the others.
    counts: () => Object.fromEntries(Object.entries(JSON.parse(comparison.counts())).filter(([, count]) => count > 0)),
    wasmBytes: () => memory.buffer.byteLength,
  };
}

export const contenders = {
  wasm: { format: "csv", begin: wasm },
  "plain-json": { format: "json", begin: plain(fromJson) },
  "plain-csv": { format: "csv", begin: plain(fromCsv) },
  // All values of the run asked for at once, as those who know of no slices do.
  "plain-whole": { format: "json", whole: true, begin: plain(fromJson) },
};
