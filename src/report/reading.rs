//! JSON that holds certificates, which may be nested deep, read with a bound on the depth.

use serde::de::DeserializeOwned;
use thiserror::Error;

/// The deepest nesting that is read. A term of the depth at which statements are turned away takes
/// some six hundred levels.
const DEEPEST: usize = 2_000;

/// Why something could not be read.
#[derive(Debug, Error)]
pub enum Unreadable {
    #[error("nests {0} levels deep, and {DEEPEST} are read")]
    Deep(usize),
    #[error("is not JSON that can be read here: {0}")]
    Json(#[from] serde_json::Error),
}

/// Reads a value. The stack must suffice for what is nested [`DEEPEST`] levels deep.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    if let Some(depth) = depth(bytes).filter(|d| *d > DEEPEST) {
        return Err(Unreadable::Deep(depth));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    reader.disable_recursion_limit();
    let value = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// How deep brackets are nested outside of strings; what is no JSON is for the reader to find out.
fn depth(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for b in bytes {
        match b {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    Some(deepest)
}
