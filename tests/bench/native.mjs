// Has the engine as it is compiled for this machine read, compare and plan data of several sizes.
// `cargo xtask bench` builds it and calls
//   node native.mjs <program> <runs> <values> <values> …
// The last line of the output is the result as JSON; see crates/xtask/src/bench/native.rs.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { expectedCounts, makeData } from "./data.js";

const [program, runs, ...sizes] = process.argv.slice(2);

/** One run: what the program tells. It gets its input slice by slice and holds no more of it. */
async function measure(values) {
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  const ended = once(child, "close");
  const send = async (block) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(block.length);
    child.stdin.write(length);
    if (!child.stdin.write(block)) await Promise.race([once(child.stdin, "drain"), ended]);
  };
  const { setting, slices } = makeData(values);
  await send(Buffer.from(JSON.stringify(setting)));
  for (const slice of slices()) {
    const { source, present } = slice.csv();
    await send(source);
    await send(present);
  }
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`the program ended with ${code}`);
  return JSON.parse(output);
}

const results = [];
for (const size of sizes) {
  const values = Number(size);
  const result = { values, read: [], compare: [], plan: [] };
  // A few milliseconds say little: small sizes are measured more often.
  const times = Number(runs) * (values < 1_000_000 ? 5 : 1);
  for (let run = 0; run < times; run += 1) {
    const told = await measure(values);
    for (const step of ["read", "compare", "plan"]) result[step].push(told[step]);
    const counts = Object.entries(told.counts).filter(([, count]) => count > 0);
    Object.assign(result, { planBytes: told.planBytes, counts: Object.fromEntries(counts) });
    const whole = told.read + told.compare + told.plan;
    console.log(`  ${values}: ${((whole * 1e6) / values).toFixed(0)} ns a value`);
  }
  result.expected = expectedCounts(values);
  results.push(result);
}
console.log(JSON.stringify({ results }));
