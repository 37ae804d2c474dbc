//! What stands behind a verdict.

use serde::{Deserialize, Serialize};

/// One engine's answer: what it established, and the data from which it can be re-checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The engine's name as in DESIGN.md: `identity`, `signs`, `order`, `witness`, …
    pub engine: String,
    /// What was established, for people.
    pub statement: String,
    /// Plain data for the re-check.
    pub certificate: serde_json::Value,
}

impl Evidence {
    /// The evidence of `engine` for `statement`.
    pub fn new(engine: &str, statement: impl Into<String>, certificate: impl Serialize) -> Evidence {
        let certificate =
            serde_json::to_value(certificate).expect("certificates are plain data with string keys");
        Evidence { engine: engine.into(), statement: statement.into(), certificate }
    }
}
