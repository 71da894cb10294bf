// Loads the parts of the wasm that are not needed for the first screen, when they are needed,
// into the memory of the first one; in the page and in the Worker.
//
// The build puts in which files a part consists of and exports a loader for each part under the
// name by which the wasm asks for it (crates/xtask/src/split.rs).

import { compiled } from "./files.js";

const parts = "@parts@";
let haveExports;
const mainExports = new Promise((resolve) => (haveExports = resolve));
const loading = new Map();

/** Tells what the first wasm offers to the others. Parts that were asked for before have waited. */
export function begin(exports) {
  haveExports(exports);
}

/** A file is loaded once; one that failed is tried again when it is asked for again. */
function loadFile([packed, plain]) {
  let file = loading.get(plain);
  if (!file) {
    file = Promise.all([compiled(packed, plain), mainExports]).then(([module, exports]) =>
      WebAssembly.instantiate(module, { __wasm_split: exports }),
    );
    file.catch(() => loading.delete(plain));
    loading.set(plain, file);
  }
  return file;
}

/** Loads a part and tells the wasm, by one of its functions, whether it is there. */
async function load(part, callback, data) {
  let isThere = false;
  try {
    await Promise.all(parts[part].map(loadFile));
    isThere = true;
  } catch (problem) {
    console.error(`Tributary: the part ${part} could not be loaded.`, problem);
  }
  const exports = await mainExports;
  exports.__indirect_function_table.get(callback)(data, isThere);
}
