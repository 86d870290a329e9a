/// Transposes a matrix of 64 × 64 bits in place: bit `j` of word `i` becomes bit `i` of word `j`.
///
/// Six rounds swap ever smaller off-diagonal squares (Warren, *Hacker's Delight*, 7-3). No branch or index depends on
/// the bits.
pub(crate) fn transpose64(words: &mut [u64; 64]) {
    round::<32>(words, 0x0000_0000_ffff_ffff);
    round::<16>(words, 0x0000_ffff_0000_ffff);
    round::<8>(words, 0x00ff_00ff_00ff_00ff);
    round::<4>(words, 0x0f0f_0f0f_0f0f_0f0f);
    round::<2>(words, 0x3333_3333_3333_3333);
    round::<1>(words, 0x5555_5555_5555_5555);
}

/// Swaps the high columns of the low rows with the low columns of the high rows, in squares of `N`.
fn round<const N: usize>(words: &mut [u64; 64], low_columns: u64) {
    for square in words.chunks_exact_mut(2 * N) {
        let (low_rows, high_rows) = square.split_at_mut(N);
        for (low, high) in low_rows.iter_mut().zip(high_rows) {
            let swapped = (*low >> N ^ *high) & low_columns;
            *low ^= swapped << N;
            *high ^= swapped;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::transpose64;

    #[test]
    fn every_single_bit_moves_to_its_place() {
        for row in 0..64 {
            for column in 0..64 {
                let mut words = [0; 64];
                words[row] = 1 << column;
                transpose64(&mut words);
                let mut expected = [0; 64];
                expected[column] = 1 << row;
                assert_eq!(words, expected);
            }
        }
    }
}
