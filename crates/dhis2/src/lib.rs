//! Tributary: dhis2.
