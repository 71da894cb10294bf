//! Tributary: exchange.
