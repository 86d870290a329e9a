use halfgate_circuits::BitRows;
use halfgate_crypto::{Block, Delta, Oracle, SessionId, ZeroLabels};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The permute bits of zero labels. They decode the evaluator's colours, and they are the garbler's share of the
/// values.
pub fn permute_bits(labels: &[ZeroLabels]) -> BitRows {
    let blocks = labels.iter().flat_map(|labels| labels.blocks());
    let count = labels.iter().map(|labels| labels.blocks().len()).sum();
    BitRows::from_bits(count, 1, blocks.map(|label| label.colour()))
}

/// The digest of output labels that the evaluator must know: `RO("output labels", sid, context, labels)`. The
/// context separates the openings of a session. `count` is the number of labels: memory that grew would leave copies.
pub(crate) fn label_digest(
    sid: &SessionId,
    context: &[u8],
    labels: impl Iterator<Item = Block>,
    count: usize,
) -> [u8; 32] {
    let mut bytes = Zeroizing::new(Vec::with_capacity(count));
    bytes.extend(labels.map(Block::to_bytes));
    Oracle::new("output labels", sid).field(context).field(bytes.as_flattened()).digest()
}

/// The values behind the colours that the evaluator claims, if its digest shows that it holds the labels of just
/// these colours; `None` if not, and then it cheats.
///
/// A colour bit alone proves nothing. The label of the other colour is `⊕ Δ` away from the one that the evaluator
/// holds, so it cannot hash it.
pub fn open_outputs(
    sid: &SessionId,
    context: &[u8],
    delta: &Delta,
    labels: &[ZeroLabels],
    colours: &BitRows,
    digest: &[u8],
) -> Option<BitRows> {
    let mut values = permute_bits(labels);
    values.xor_assign(colours);
    let zeros = labels.iter().flat_map(|labels| labels.blocks());
    let active = zeros.zip(values.bits()).map(|(zero, value)| *zero ^ delta.block().and_bit(value));
    let expected = label_digest(sid, context, active, values.len());
    bool::from(expected.as_slice().ct_eq(digest)).then_some(values)
}
