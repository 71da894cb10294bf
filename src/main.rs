fn main() {
    tributary::start();
}
