use super::{K, PLANES, TREES};
use crate::base::PAIR_LENGTH;

/// Bytes of a block on the wire.
pub(super) const BLOCK: usize = 16;
/// Bytes of a check tag c_y and of the sums t_i of them: twice the security parameter.
pub(super) const TAG: usize = 32;

/// The sender's points come in so many messages, so that both parties compute at the same time.
pub const POINT_MESSAGES: usize = 4;
/// Base OTs of one message of points.
pub(super) const OTS_PER_MESSAGE: usize = PLANES / POINT_MESSAGES;
/// Bytes of each message of points.
pub const POINTS_LENGTH: usize = OTS_PER_MESSAGE * PAIR_LENGTH;

/// Bytes of the padded sums in the setup message.
pub(super) const SUMS_LENGTH: usize = K * TREES * 2 * BLOCK;
/// Bytes of the sums t_i in the setup message.
pub(super) const TAG_SUMS_LENGTH: usize = TREES * TAG;
/// Bytes of the receiver's setup message.
pub const SETUP_LENGTH: usize = SUMS_LENGTH + TAG_SUMS_LENGTH + TAG;

/// Bytes of the check values ũ and Ṽ at the end of a batch message.
pub(super) const CHECK_LENGTH: usize = (1 + PLANES) * BLOCK;

/// Bytes of the message of a batch of `rows` rows, a multiple of 128.
///
/// ```
/// assert_eq!(halfgate_ot::batch_length(1 << 16), 256_512); // 31.3 bits per row
/// ```
pub const fn batch_length(rows: usize) -> usize {
    (TREES - 1) * correction_length(rows) + CHECK_LENGTH
}

/// Bytes of one correction d_i: ℓ positions and the mask's 128.
pub(super) const fn correction_length(rows: usize) -> usize {
    (rows / PLANES + 1) * BLOCK
}
