//! Tributary: engine.
