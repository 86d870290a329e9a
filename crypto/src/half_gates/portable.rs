//! Half-gates one AND at a time, to be read beside the paper and to be the oracle of the faster kernels.
//!
//! | here | paper (2014/756, figure 2) | meaning |
//! | --- | --- | --- |
//! | `a0`, `b0`, `c0` | W_a⁰, W_b⁰, W_c⁰ | zero labels of the inputs and the output |
//! | `delta` | R | global offset, colour 1 |
//! | `p_a`, `p_b` | p_a, p_b | permute bits: colours of the zero labels |
//! | `hash_a`, `hash_b` | H(·, j), H(·, j′) | the hash under the tweaks of the two half-gates |
//! | `t_g`, `t_e` | T_G, T_E | rows of the garbler's and the evaluator's half-gate |
//! | `w_g`, `w_e` | W_G⁰, W_E⁰ | zero labels of the two halves; c0 is their XOR |
//! | `s_a`, `s_b` | s_a, s_b | colours of the evaluator's labels |
//!
//! The garbler's half computes a ∧ p_b, for the garbler knows p_b; the evaluator's half computes a ∧ (b ⊕ p_b), for
//! the evaluator sees b ⊕ p_b as the colour of its label. XORed they are a ∧ b.

use super::{Inputs, Row};
use crate::Block;
use crate::mitccrh::portable::Hash;

pub(super) fn garble(start: Block, delta: Block, inputs: Inputs<'_>, out: &mut [Block], rows: &mut [Row]) {
    let labels = inputs.a.iter().zip(inputs.b);
    for (((&a0, &b0), (c0, row)), id) in labels.zip(out.iter_mut().zip(rows)).zip(inputs.first_id..) {
        let (hash_a, hash_b) = (Hash::new(start, 2 * id), Hash::new(start, 2 * id + 1));
        let (p_a, p_b) = (a0.colour(), b0.colour());

        let h_a0 = hash_a.of(a0);
        let t_g = h_a0 ^ hash_a.of(a0 ^ delta) ^ delta.and_bit(p_b);
        let w_g = h_a0 ^ t_g.and_bit(p_a);

        let h_b0 = hash_b.of(b0);
        let t_e = h_b0 ^ hash_b.of(b0 ^ delta) ^ a0;
        let w_e = h_b0 ^ (t_e ^ a0).and_bit(p_b);

        *c0 = w_g ^ w_e;
        *row = join(t_g, t_e);
    }
}

pub(super) fn evaluate(start: Block, inputs: Inputs<'_>, out: &mut [Block], rows: &[Row]) {
    let labels = inputs.a.iter().zip(inputs.b);
    for (((&a, &b), (c, row)), id) in labels.zip(out.iter_mut().zip(rows)).zip(inputs.first_id..) {
        let (hash_a, hash_b) = (Hash::new(start, 2 * id), Hash::new(start, 2 * id + 1));
        let (s_a, s_b) = (a.colour(), b.colour());
        let (t_g, t_e) = split(row);

        *c = hash_a.of(a) ^ t_g.and_bit(s_a) ^ hash_b.of(b) ^ (t_e ^ a).and_bit(s_b);
    }
}

fn join(t_g: Block, t_e: Block) -> Row {
    let mut row = [0; 32];
    row[..16].copy_from_slice(&t_g.to_bytes());
    row[16..].copy_from_slice(&t_e.to_bytes());
    row
}

fn split(row: &Row) -> (Block, Block) {
    let [t_g, t_e] = bytemuck::cast::<Row, [[u8; 16]; 2]>(*row);
    (Block::from_bytes(t_g), Block::from_bytes(t_e))
}
