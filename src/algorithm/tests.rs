//! Runs, stops and certificates.
