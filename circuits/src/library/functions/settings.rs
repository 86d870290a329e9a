use std::collections::BTreeMap;

/// The widest values of a function.
pub(super) const WIDEST: u32 = 4096;
/// The most digits behind the point.
pub(super) const FINEST: u32 = 64;

/// How the values of a function are written, and its parameters as they were typed.
///
/// None of this is secret. Nothing of it may be taken from private data either: a width that fits the largest value
/// would tell about that value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The width of a value, 1 to 4096 bits, the sign included.
    pub bits: u32,
    /// Whether values may be negative.
    pub signed: bool,
    /// How many digits of a value stand behind the point, at most 64.
    pub scale: u32,
    /// The function's parameters by name, such as `limit` and its value `1000.00`.
    pub parameters: BTreeMap<String, String>,
}

impl Default for Settings {
    /// Unsigned whole numbers of 64 bits, no parameters.
    fn default() -> Self {
        Settings { bits: 64, signed: false, scale: 0, parameters: BTreeMap::new() }
    }
}
