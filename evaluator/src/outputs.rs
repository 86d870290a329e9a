use halfgate_circuits::BitRows;
use halfgate_crypto::{ActiveLabels, Oracle, SessionId};
use zeroize::Zeroizing;

/// The colour bits of active labels: with the garbler's permute bits they give the values, and alone they are the
/// evaluator's share.
pub fn colours(labels: &[ActiveLabels]) -> BitRows {
    let blocks = labels.iter().flat_map(|labels| labels.blocks());
    let count = labels.iter().map(|labels| labels.blocks().len()).sum();
    BitRows::from_bits(count, 1, blocks.map(|label| label.colour()))
}

/// The proof that the evaluator holds these labels: `RO("output labels", sid, context, labels)`. The context
/// separates the openings of a session.
pub fn label_digest(sid: &SessionId, context: &[u8], labels: &[ActiveLabels]) -> [u8; 32] {
    let blocks = labels.iter().flat_map(|labels| labels.blocks());
    // Memory that grew would leave copies of labels behind.
    let count = labels.iter().map(|labels| labels.blocks().len()).sum();
    let mut bytes = Zeroizing::new(Vec::with_capacity(count));
    bytes.extend(blocks.map(|label| label.to_bytes()));
    Oracle::new("output labels", sid).field(context).field(bytes.as_flattened()).digest()
}
