use crate::Bits;

/// Decodes an index of `n` bits: line `i` of the `2^n` is 1 where the index is `i`. It takes `2^n - n - 1` ANDs, the
/// fewest possible.
///
/// The lines of an index of one bit more are each line with the bit and without it. One product of them all needs no AND:
/// exactly one line is 1, so the products with the bit add up to the bit itself. It cannot be fewer: an AND adds at most
/// one dimension to the functions that are spanned up to affine ones, and the lines span all `2^n - n - 1`.
///
/// # Panics
/// If the index has 32 bits or more: as many lines would not fit in memory.
#[track_caller]
pub fn one_hot<'b>(index: &Bits<'b>) -> Bits<'b> {
    assert!(index.width() < 32, "an index of {} bits has too many lines", index.width());
    let builder = index.builder();
    let mut lines = vec![builder.constant(true)];
    for &bit in index.iter() {
        let (&last, others) = lines.split_last().expect("there is a line from the start");
        let mut with: Vec<_> = others.iter().map(|&line| line & bit).collect();
        with.push(with.iter().fold(bit, |rest, &product| rest ^ product));
        let without: Vec<_> =
            others.iter().chain([&last]).zip(&with).map(|(&line, &with)| line ^ with).collect();
        lines = without;
        lines.extend(with);
    }
    builder.bits(lines)
}
