// Serves the bench's own files, the wasm and the data to the browser, on the loopback address.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const fromWasmFolder = ["/tributary_bench.js", "/tributary_bench_bg.wasm"];

/** Starts it; gives back `{ address, close }`. */
export async function serve(wasmFolder, data) {
  const content = (path) => {
    if (path === "/data/setting") return JSON.stringify(data.setting);
    const body = path.match(/^\/data\/(\d+)\/(csv|json)\/(source|present)$/);
    if (body) return data.slices[body[1]][body[2]][body[3]];
    return readFile(join(fromWasmFolder.includes(path) ? wasmFolder : here, path));
  };
  const server = createServer(async (request, response) => {
    try {
      const { pathname } = new URL(request.url, "http://localhost");
      const body = await content(pathname);
      const type = types[extname(pathname)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(body);
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
