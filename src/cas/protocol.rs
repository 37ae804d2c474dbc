//! What client and child say to each other: one JSON object a line.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A question to the child. Terms are lines of [`super::wire`]; symbols are their places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    Derivative { of: String, by: usize },
    Normal { of: String, positive: Vec<usize> },
    Fraction { of: String, positive: Vec<usize> },
    Expand { of: String },
    Factor { of: String },
    Collect { of: String, by: usize },
    Coefficients { of: String, by: usize },
    SolveLinear { equations: Vec<String>, unknowns: Vec<usize> },
    IsZero { of: String, positive: Vec<usize> },
}

/// What the child says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// Another program is using Symbolica; the child stands in the queue.
    Waiting,
    /// The child takes questions.
    Ready,
    /// The queue's lock file cannot be used.
    QueueFailed {
        path: String,
        reason: String,
    },
    Terms(Vec<String>),
    Zero(Option<bool>),
    /// The term is undefined wherever it is evaluated.
    Undefined,
    NotPolynomial,
    NotLinear,
    NoUniqueSolution,
    /// The answer lies outside the elementary terms.
    OutsideTerms(String),
    /// The child cannot go on; it ends after this.
    Failed(String),
}

/// Writes one message as one line.
pub fn send<T: Serialize>(to: &mut impl Write, message: &T) -> io::Result<()> {
    let mut line = serde_json::to_string(message)?;
    line.push('\n');
    to.write_all(line.as_bytes())?;
    to.flush()
}

/// Reads one message. `None` at the end of the stream.
pub fn receive<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<Option<T>> {
    let mut line = vec![];
    if from.read_until(b'\n', &mut line)? == 0 || line.last() != Some(&b'\n') {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&line)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_and_comes_back_as_it_was() {
        let request = Request::Derivative { of: "x0 x1 ^".into(), by: 0 };
        let mut bytes = vec![];
        send(&mut bytes, &request).expect("memory");
        assert_eq!(bytes.iter().filter(|b| **b == b'\n').count(), 1);
        assert_eq!(receive(&mut bytes.as_slice()).expect("whole"), Some(request));
    }

    #[test]
    fn a_message_that_breaks_off_is_the_end_of_the_stream() {
        let mut cut: &[u8] = br#"{"terms":["x0"#;
        assert_eq!(receive::<Reply>(&mut cut).expect("no error"), None);
    }
}
