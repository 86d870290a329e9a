use thiserror::Error;

/// Why a text is no value of a group. Whoever wrote the text is to blame. The text itself, which may be secret, is not
/// part of the error.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LiteralError {
    /// There is no text, or only a prefix.
    #[error("the value of `{group}` has no digits; expected {expected}")]
    Empty {
        /// The group's name.
        group: String,
        /// Which values there are.
        expected: String,
    },
    /// A character that is no digit.
    #[error("character {position} of the value of `{group}` is not a {radix} digit; expected {expected}")]
    NotADigit {
        /// The group's name.
        group: String,
        /// Where the character stands in the trimmed text, counted from 1.
        position: usize,
        /// `decimal`, `hexadecimal` or `binary`.
        radix: &'static str,
        /// Which values there are.
        expected: String,
    },
    /// A minus sign where the encoding has none, or before `0x` or `0b`.
    #[error("the value of `{group}` has a sign that does not belong there; expected {expected}")]
    Sign {
        /// The group's name.
        group: String,
        /// Which values there are.
        expected: String,
    },
    /// Digits other than zeros behind the last place that the group's scale has.
    #[error("the value of `{group}` has {}; expected {expected}", beyond(*scale))]
    TooPrecise {
        /// The group's name.
        group: String,
        /// The group's scale.
        scale: u32,
        /// Which values there are.
        expected: String,
    },
    /// The value needs more bits than the group has.
    #[error("the value of `{group}` does not fit into {}; expected {expected}", bits(*width))]
    OutOfRange {
        /// The group's name.
        group: String,
        /// The group's width.
        width: u32,
        /// Which values there are.
        expected: String,
    },
    /// The text is no value of the group's type.
    #[error("character {position} of the value of `{group}`: expected {expected}")]
    Misshapen {
        /// The group's name.
        group: String,
        /// Where the text stops making sense, in characters from 1.
        position: usize,
        /// What should stand there.
        expected: String,
    },
    /// A number inside the value is none of its type.
    #[error("character {position} of the value of `{group}`: {source}")]
    Inside {
        /// The group's name.
        group: String,
        /// Where the number begins, in characters from 1.
        position: usize,
        /// What is wrong with it; its group is the way to the number, such as `pay.bonus.0`.
        source: Box<LiteralError>,
    },
}

pub(super) fn bits(width: u32) -> String {
    format!("{width} bit{}", if width == 1 { "" } else { "s" })
}

fn beyond(scale: u32) -> String {
    match scale {
        0 => "digits behind a point, which only groups with a scale have".to_owned(),
        1 => "more than 1 digit behind the point".to_owned(),
        places => format!("more than {places} digits behind the point"),
    }
}
