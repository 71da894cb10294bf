// Serves the bench's own files, the wasm and the data to the browser, on the loopback address.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = fileURLToPath(new URL(".", import.meta.url));
const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const fromWasmFolder = ["/tributary_bench.js", "/tributary_bench_bg.wasm"];

/** The parts of one JSON body that has the values of all slices. */
function* joined(bodies) {
  const list = Buffer.from('"dataValues":[');
  for (const [index, body] of bodies.entries()) {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const begin = bytes.indexOf(list) + list.length;
    yield index === 0 ? bytes.subarray(0, begin) : Buffer.from(",");
    yield bytes.subarray(begin, bytes.length - 2);
  }
  yield Buffer.from("]}");
}

/** Starts it; gives back `{ address, close }`. */
export async function serve(wasmFolder, data) {
  const content = async (path) => {
    if (path === "/data/setting") return [Buffer.from(JSON.stringify(data.setting))];
    const [, slice, format, side, gz] = path.match(/^\/data\/(\d+|all)\/(csv|json)\/(source|present)(\.gz)?$/) ?? [];
    if (gz) return [gzipSync(data.slices[slice][format][side])];
    if (slice === "all") return [...joined(data.slices.map((each) => each[format][side]))];
    if (slice) return [data.slices[slice][format][side]];
    return [await readFile(join(fromWasmFolder.includes(path) ? wasmFolder : here, path))];
  };
  const server = createServer(async (request, response) => {
    try {
      const { pathname } = new URL(request.url, "http://localhost");
      const parts = await content(pathname);
      response.writeHead(200, {
        "content-type": types[extname(pathname)] ?? "application/octet-stream",
        "content-length": parts.reduce((sum, part) => sum + part.length, 0),
        "cache-control": "no-store",
        // The browser tells what a page and its Workers take only where no other page can listen.
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      });
      for (const part of parts) {
        if (!response.write(part)) await new Promise((resolve) => response.once("drain", resolve));
      }
      response.end();
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return {
    address: `http://localhost:${server.address().port}`,
    close: () => server.close(),
  };
}
