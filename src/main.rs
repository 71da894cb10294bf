//! The wasm's entry: the same file is the page and the Web Worker.

fn main() {
    tributary::start();
}
