//! The Tributary app.
