//! The replay of certificates.
