// Fetches files of the bundle, in the page and in the Worker.
//
// DHIS2 compresses nothing that it serves, so large files lie in the bundle gzipped, too.

const here = new URL(".", import.meta.url);

/** Address of a file of the bundle. */
export const addressOf = (name) => new URL(name, here);

/** A file of the bundle; refused unless the answer is a good one. */
export async function fetchFile(name, options) {
  const response = await fetch(addressOf(name), { credentials: "same-origin", ...options });
  if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`);
  return response;
}

/**
 * The content of a gzipped file as a stream of what is in it. A proxy may have unpacked it on the
 * way (it came with Content-Encoding: gzip), so the first two bytes decide, not the name.
 */
export async function unpacked(name) {
  const response = await fetchFile(name);
  const reader = response.body.getReader();
  const first = await reader.read();
  const start = first.value || new Uint8Array();
  const rest = new ReadableStream({
    start: (out) => {
      if (start.length > 0) out.enqueue(start);
      if (first.done) out.close();
    },
    pull: async (out) => {
      const { done, value } = await reader.read();
      if (done) out.close();
      else out.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  return isGzip ? rest.pipeThrough(new DecompressionStream("gzip")) : rest;
}

/**
 * A compiled wasm file, given by the name of its gzipped form and its own. DHIS2 serves wasm as
 * `application/wasm;charset=UTF-8`, which browsers refuse to compile while it streams (seen on
 * 2.40 and 2.42); a Response of our own has the bare type.
 */
export async function compiled(packed, plain) {
  try {
    const stream = await unpacked(packed);
    const response = new Response(stream, { headers: { "content-type": "application/wasm" } });
    return await WebAssembly.compileStreaming(response);
  } catch (problem) {
    console.warn(`Tributary: ${packed} did not work, trying the plain file.`, problem);
    const response = await fetchFile(plain);
    return WebAssembly.compile(await response.arrayBuffer());
  }
}
