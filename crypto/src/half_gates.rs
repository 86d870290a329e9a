//! Half-gates: the dispatcher. The equations stand in `half_gates/portable.rs`, which is also the oracle of the
//! kernels beside it.

#[cfg(test)]
mod attacks;
mod portable;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86_64;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Backend, Block, Delta};

/// The two ciphertexts of one AND gate as they travel: T_G ‖ T_E, each 16 bytes little endian.
pub type Row = [u8; 32];

/// Half-gates AND garbling (Zahur, Rosulek, Evans, 2014/756) with the MITCCRH hash (2019/1168) from one start point.
///
/// The hash is H(x, t) = AES_{S⊕t}(σ(x)) ⊕ σ(x), where S is the session's start point and t a tweak of 128 bits. The
/// AND with id g uses tweak 2·g for its first input and 2·g+1 for its second, so **every half-gate has an AES key of
/// its own**. Ids are counted over the whole session, all its calls and lanes, and must never repeat under one S: a
/// second use of an id with other labels can give Δ to the evaluator.
///
/// Garbler, zero labels A⁰ and B⁰ with permute bits p_a and p_b, A¹ = A⁰ ⊕ Δ, B¹ = B⁰ ⊕ Δ:
///
/// ```text
/// T_G = H(A⁰, 2g)   ⊕ H(A¹, 2g)   ⊕ p_b·Δ      W_G = H(A⁰, 2g)   ⊕ p_a·T_G
/// T_E = H(B⁰, 2g+1) ⊕ H(B¹, 2g+1) ⊕ A⁰         W_E = H(B⁰, 2g+1) ⊕ p_b·(T_E ⊕ A⁰)
/// C⁰  = W_G ⊕ W_E
/// ```
///
/// Evaluator, active labels A and B with colours s_a and s_b:
///
/// ```text
/// C = H(A, 2g) ⊕ s_a·T_G ⊕ H(B, 2g+1) ⊕ s_b·(T_E ⊕ A)
/// ```
///
/// XOR and NOT cost no row: a XOR is the XOR of the labels; for a NOT the garbler XORs Δ to the zero label and the
/// evaluator keeps its label.
///
/// ```
/// use halfgate_crypto::{Backend, Block, Delta, Entropy, HalfGates};
///
/// let mut entropy = Entropy::from_os()?;
/// let delta = Delta::random(&mut entropy);
/// let half_gates = HalfGates::new(Backend::detect(), entropy.block());
///
/// let (a, b) = ([entropy.block()], [entropy.block()]);
/// let (mut zero, mut active, mut rows) = ([Block::ZERO], [Block::ZERO], [[0; 32]]);
/// half_gates.garble(&delta, 0, &a, &b, &mut zero, &mut rows);
/// half_gates.evaluate(0, &[a[0] ^ delta.block()], &[b[0] ^ delta.block()], &mut active, &rows);
/// assert!(active[0] == zero[0] ^ delta.block()); // 1 ∧ 1 = 1
/// # Ok::<(), getrandom::Error>(())
/// ```
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct HalfGates {
    #[zeroize(skip)]
    backend: Backend,
    start: Block,
}

impl HalfGates {
    /// Ids lie below this bound, so that tweaks stay below 2^63 and can never wrap.
    pub const ID_BOUND: u64 = 1 << 62;

    /// Half-gates under the start point S, which the garbler samples afresh for each session and sends no later than
    /// the first row.
    pub fn new(backend: Backend, start: Block) -> Self {
        HalfGates { backend, start }
    }

    /// The instruction set that these kernels use.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Garbles independent ANDs: from the zero labels `a` and `b` of their inputs makes the zero labels `out` of
    /// their outputs and the rows for the evaluator. The AND at index i has id `first_id + i`.
    ///
    /// # Panics
    /// If the slices differ in length or an id reaches [`HalfGates::ID_BOUND`].
    pub fn garble(
        &self,
        delta: &Delta,
        first_id: u64,
        a: &[Block],
        b: &[Block],
        out: &mut [Block],
        rows: &mut [Row],
    ) {
        check(first_id, [a.len(), b.len(), out.len(), rows.len()]);
        let (start, delta, inputs) = (self.start, delta.block(), Inputs { first_id, a, b });
        match self.backend {
            Backend::Portable => portable::garble(start, delta, inputs, out, rows),
            #[cfg(target_arch = "x86_64")]
            Backend::AesNi(token) => x86_64::aes_ni::garble(token, start, delta, inputs, out, rows),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes256(token) => x86_64::vaes256::garble(token, start, delta, inputs, out, rows),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes512(token) => x86_64::vaes512::garble(token, start, delta, inputs, out, rows),
        }
    }

    /// Evaluates independent ANDs: from the active labels `a` and `b` of their inputs and the garbler's rows makes
    /// the active labels `out` of their outputs. The AND at index i has id `first_id + i`.
    ///
    /// Any bytes may stand in `rows`; wrong ones give wrong labels.
    ///
    /// # Panics
    /// If the slices differ in length or an id reaches [`HalfGates::ID_BOUND`].
    pub fn evaluate(&self, first_id: u64, a: &[Block], b: &[Block], out: &mut [Block], rows: &[Row]) {
        check(first_id, [a.len(), b.len(), out.len(), rows.len()]);
        let (start, inputs) = (self.start, Inputs { first_id, a, b });
        match self.backend {
            Backend::Portable => portable::evaluate(start, inputs, out, rows),
            #[cfg(target_arch = "x86_64")]
            Backend::AesNi(token) => x86_64::aes_ni::evaluate(token, start, inputs, out, rows),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes256(token) => x86_64::vaes256::evaluate(token, start, inputs, out, rows),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes512(token) => x86_64::vaes512::evaluate(token, start, inputs, out, rows),
        }
    }
}

/// What goes into a batch of ANDs: zero labels when garbling, active labels when evaluating.
#[derive(Clone, Copy)]
struct Inputs<'a> {
    first_id: u64,
    a: &'a [Block],
    b: &'a [Block],
}

fn check(first_id: u64, lengths: [usize; 4]) {
    let count = lengths[0];
    assert!(lengths == [count; 4], "labels and rows of a batch differ in length: {lengths:?}");
    let end = first_id.checked_add(count as u64);
    assert!(
        end.is_some_and(|end| end <= HalfGates::ID_BOUND),
        "the ids of {count} ANDs from {first_id} pass 2^62: the session must end"
    );
}
