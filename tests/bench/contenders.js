// Who is measured: each makes a comparison with `readSlice(index, bodies)` and `counts()`, and with
// `readPacked(index, streams)` where it can do without whole bodies.

import initialise, { Comparison } from "./tributary_bench.js";
import { PlainComparison, fromCsv, fromJson } from "./plain.js";

const plain = (read) => (setting) => {
  const comparison = new PlainComparison(setting, read);
  return {
    readSlice: (_, { source, present }) => comparison.readSlice(source, present),
    counts: () => comparison.counts(),
    wasmBytes: () => 0,
  };
};

/** A body in pieces of the size that browsers give out at most. */
function* pieces(body) {
  const size = 65_536;
  for (let begin = 0; begin < body.length; begin += size) {
    yield body.subarray(begin, begin + size);
  }
}

/** Gives the pieces of a gzipped body to `take`; one hand puts in, the other takes out. */
async function unpacked(body, take) {
  const unpacker = new DecompressionStream("gzip");
  const putIn = async () => {
    const writer = unpacker.writable.getWriter();
    for await (const packed of body) {
      for (let begin = 0; begin < packed.length; begin += 16_384) {
        await writer.write(packed.slice(begin, begin + 16_384));
      }
    }
    await writer.close();
  };
  const takeOut = async () => {
    for await (const piece of unpacker.readable) take(piece);
  };
  await Promise.all([putIn(), takeOut()]);
}

async function wasm(setting) {
  const { memory } = await initialise();
  const comparison = new Comparison(JSON.stringify(setting));
  return {
    // The bodies as the app has them come in (src/browser/fetch.rs): gzipped, both at once, and
    // unpacked piece by piece by the browser.
    async readPacked(index, { source, present }) {
      await Promise.all([
        unpacked(source, (piece) => comparison.push_source(piece)),
        unpacked(present, (piece) => comparison.push_present(piece)),
      ]);
      comparison.finish_slice(index);
    },
    readSlice(index, { source, present }) {
      for (const piece of pieces(source)) comparison.push_source(piece);
      for (const piece of pieces(present)) comparison.push_present(piece);
      comparison.finish_slice(index);
    },
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
