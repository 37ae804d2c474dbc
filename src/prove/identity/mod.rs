pub mod frac;
pub mod poly;
