//! The garbling hash on lists: the dispatcher. The definition stands in `mitccrh/portable.rs`, which is also the
//! oracle of the kernels beside it.

#[cfg(test)]
pub(crate) mod attacks;
pub(crate) mod portable;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86_64;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Backend, Block, Delta};

/// The hash MITCCRH (Guo, Katz, Wang, Weng, Yu, 2019/1168) under one start point, on lists of blocks.
///
/// H(x, t) = AES_{S⊕t}(σ(x)) ⊕ σ(x), where S is the start point and t a tweak of 128 bits. Element i of a list has
/// tweak `first_tweak + i`, so **every element has an AES key of its own**. Under one S a tweak must serve one pair
/// {x, x ⊕ Δ} only: a second pair can give Δ to the other party.
///
/// This is the hash of [`HalfGates`](crate::HalfGates) for protocols with other tables. Its AND with id g has the
/// tweaks 2·g and 2·g+1, so that zero labels in the order A₀, B₀, A₁, B₁, … are a list whose first tweak is twice
/// the first id.
///
/// ```
/// use halfgate_crypto::{Backend, Block, Delta, Entropy, Mitccrh};
///
/// let mut entropy = Entropy::from_os()?;
/// let delta = Delta::random(&mut entropy);
/// let hash = Mitccrh::new(Backend::detect(), entropy.block());
///
/// let (x, message) = ([entropy.block()], entropy.block());
/// let (mut zeros, mut sums, mut other) = ([Block::ZERO], [Block::ZERO], [Block::ZERO]);
/// hash.hash_pairs(&delta, 7, &x, &mut zeros, &mut sums);
/// // Whoever has x ⊕ Δ can go from the pad H(x) to H(x ⊕ Δ) only with the sum.
/// hash.hash(7, &[x[0] ^ delta.block()], &mut other);
/// assert!(zeros[0] ^ sums[0] == other[0]);
/// # Ok::<(), getrandom::Error>(())
/// ```
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Mitccrh {
    #[zeroize(skip)]
    backend: Backend,
    start: Block,
}

impl Mitccrh {
    /// Tweaks lie below this bound and can never wrap.
    pub const TWEAK_BOUND: u64 = 1 << 63;

    /// The hash under the start point S, random and fresh for each session.
    pub fn new(backend: Backend, start: Block) -> Self {
        Mitccrh { backend, start }
    }

    /// The instruction set that these kernels use.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Hashes each block: `out[i]` = H(`x[i]`, `first_tweak + i`).
    ///
    /// # Panics
    /// If the slices differ in length or a tweak reaches [`Mitccrh::TWEAK_BOUND`].
    pub fn hash(&self, first_tweak: u64, x: &[Block], out: &mut [Block]) {
        check(first_tweak, x.len(), &[out.len()]);
        let (start, list) = (self.start, List { first_tweak, x });
        match self.backend {
            Backend::Portable => portable::hash(start, list, out),
            #[cfg(target_arch = "x86_64")]
            Backend::AesNi(token) => x86_64::aes_ni::hash(token, start, list, out),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes256(token) => x86_64::vaes256::hash(token, start, list, out),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes512(token) => x86_64::vaes512::hash(token, start, list, out),
        }
    }

    /// Hashes both blocks of each pair: with t = `first_tweak + i`, `zeros[i]` = H(`x[i]`, t) and
    /// `sums[i]` = H(`x[i]`, t) ⊕ H(`x[i]` ⊕ Δ, t).
    ///
    /// # Panics
    /// If the slices differ in length or a tweak reaches [`Mitccrh::TWEAK_BOUND`].
    pub fn hash_pairs(
        &self,
        delta: &Delta,
        first_tweak: u64,
        x: &[Block],
        zeros: &mut [Block],
        sums: &mut [Block],
    ) {
        check(first_tweak, x.len(), &[zeros.len(), sums.len()]);
        let (start, delta, list) = (self.start, delta.block(), List { first_tweak, x });
        match self.backend {
            Backend::Portable => portable::hash_pairs(start, delta, list, zeros, sums),
            #[cfg(target_arch = "x86_64")]
            Backend::AesNi(token) => x86_64::aes_ni::hash_pairs(token, start, delta, list, zeros, sums),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes256(token) => x86_64::vaes256::hash_pairs(token, start, delta, list, zeros, sums),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes512(token) => x86_64::vaes512::hash_pairs(token, start, delta, list, zeros, sums),
        }
    }
}

/// Blocks to be hashed under consecutive tweaks.
#[derive(Clone, Copy)]
struct List<'a> {
    first_tweak: u64,
    x: &'a [Block],
}

fn check(first_tweak: u64, count: usize, outputs: &[usize]) {
    assert!(
        outputs.iter().all(|&length| length == count),
        "a list of {count} blocks and its hashes differ in length: {outputs:?}"
    );
    let end = first_tweak.checked_add(count as u64);
    assert!(
        end.is_some_and(|end| end <= Mitccrh::TWEAK_BOUND),
        "the tweaks of {count} blocks from {first_tweak} pass 2^63: the session must end"
    );
}
