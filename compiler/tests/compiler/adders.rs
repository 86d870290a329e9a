//! Circuits made of adders in many ways, for tests of what finds them again.

use halfgate_circuits::{Circuit, Gate, Group, Input, Output, Party, WireId};

/// How a full adder is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `c ⊕ (a ⊕ c)(b ⊕ c)`: one AND.
    One,
    /// `ab ⊕ c(a ⊕ b)`: two.
    HalfAdders,
    /// `ab ∨ c(a ⊕ b)`: three.
    Or,
    /// `ab ∨ ac ∨ bc`: five.
    Majority,
    /// No exclusive or at all.
    Nand,
}

pub(crate) const STYLES: [Style; 5] =
    [Style::One, Style::HalfAdders, Style::Or, Style::Majority, Style::Nand];

/// Gates in the making.
pub(crate) struct Wiring {
    inputs: Vec<Input>,
    input_width: u32,
    gates: Vec<Gate>,
}

impl Wiring {
    /// Inputs of these widths, and their wires.
    pub(crate) fn new(widths: &[u32]) -> (Self, Vec<Vec<WireId>>) {
        let named = widths.iter().enumerate();
        let input = |(k, &width): (usize, &u32)| Input {
            group: Group::uint(format!("in{k}"), width),
            owner: Party::Garbler,
        };
        let mut next = 0;
        let mut word = |&width: &u32| {
            next += width;
            (next - width..next).map(WireId::new).collect()
        };
        let words = widths.iter().map(&mut word).collect();
        (
            Wiring {
                inputs: named.map(input).collect(),
                input_width: widths.iter().sum(),
                gates: Vec::new(),
            },
            words,
        )
    }

    fn push(&mut self, gate: Gate) -> WireId {
        self.gates.push(gate);
        WireId::new(self.input_width + self.gates.len() as u32 - 1)
    }

    pub(crate) fn constant(&mut self, value: bool) -> WireId {
        self.push(Gate::Constant(value))
    }

    pub(crate) fn not(&mut self, a: WireId) -> WireId {
        self.push(Gate::Not(a))
    }

    pub(crate) fn and(&mut self, a: WireId, b: WireId) -> WireId {
        self.push(Gate::And(a, b))
    }

    pub(crate) fn xor(&mut self, a: WireId, b: WireId) -> WireId {
        self.push(Gate::Xor(a, b))
    }

    fn or(&mut self, a: WireId, b: WireId) -> WireId {
        let (a, b) = (self.not(a), self.not(b));
        let neither = self.and(a, b);
        self.not(neither)
    }

    fn xor_in(&mut self, style: Style, a: WireId, b: WireId) -> WireId {
        if style != Style::Nand {
            return self.xor(a, b);
        }
        let (either, both) = (self.or(a, b), self.and(a, b));
        let not_both = self.not(both);
        self.and(either, not_both)
    }

    /// Sum and carry of three bits.
    pub(crate) fn full_add(&mut self, style: Style, a: WireId, b: WireId, c: WireId) -> (WireId, WireId) {
        let differ = self.xor_in(style, a, b);
        let sum = self.xor_in(style, differ, c);
        let carry = match style {
            Style::One => {
                let (left, right) = (self.xor(a, c), self.xor(b, c));
                let product = self.and(left, right);
                self.xor(product, c)
            }
            Style::HalfAdders | Style::Or | Style::Nand => {
                let (both, passed) = (self.and(a, b), self.and(c, differ));
                if style == Style::HalfAdders { self.xor(both, passed) } else { self.or(both, passed) }
            }
            Style::Majority => {
                let products = [self.and(a, b), self.and(a, c), self.and(b, c)];
                let two = self.or(products[0], products[1]);
                self.or(two, products[2])
            }
        };
        (sum, carry)
    }

    /// The sum modulo `2^n`, bit by bit, and the carry out of it.
    pub(crate) fn add(
        &mut self,
        style: Style,
        a: &[WireId],
        b: &[WireId],
        carry: WireId,
    ) -> (Vec<WireId>, WireId) {
        let mut carry = carry;
        let mut bit = |(&a, &b)| {
            let (sum, next) = self.full_add(style, a, b, carry);
            carry = next;
            sum
        };
        let sum = a.iter().zip(b).map(&mut bit).collect();
        (sum, carry)
    }

    pub(crate) fn subtract(&mut self, style: Style, a: &[WireId], b: &[WireId]) -> Vec<WireId> {
        let one = self.constant(true);
        let inverse: Vec<_> = b.iter().map(|&bit| self.not(bit)).collect();
        self.add(style, a, &inverse, one).0
    }

    /// Three numbers as two, modulo `2^n`.
    pub(crate) fn save_carries(&mut self, style: Style, words: [&[WireId]; 3]) -> [Vec<WireId>; 2] {
        let mut carries = vec![self.constant(false)];
        let mut sums = Vec::new();
        for ((&a, &b), &c) in words[0].iter().zip(words[1]).zip(words[2]) {
            let (sum, carry) = self.full_add(style, a, b, c);
            sums.push(sum);
            carries.push(carry);
        }
        carries.truncate(words[0].len());
        [sums, carries]
    }

    /// The sum of columns, which may be taken from the front or the back, modulo `2^n`.
    pub(crate) fn add_columns(
        &mut self,
        style: Style,
        mut columns: Vec<Vec<WireId>>,
        from_front: bool,
    ) -> Vec<WireId> {
        let zero = self.constant(false);
        let mut sum = Vec::new();
        for weight in 0..columns.len() {
            let mut column = std::mem::take(&mut columns[weight]);
            while column.len() > 1 {
                let count = column.len().min(3);
                let mut taken: Vec<_> = if from_front {
                    column.drain(..count).collect()
                } else {
                    column.split_off(column.len() - count)
                };
                taken.resize(3, zero);
                let (bit, carry) = self.full_add(style, taken[0], taken[1], taken[2]);
                if from_front {
                    column.push(bit)
                } else {
                    column.insert(0, bit)
                }
                columns.get_mut(weight + 1).into_iter().for_each(|next| next.push(carry));
            }
            sum.push(column.pop().unwrap_or(zero));
        }
        sum
    }

    /// The circuit with these words as outputs.
    pub(crate) fn finish(self, words: &[Vec<WireId>]) -> Circuit {
        let output = |(k, wires): (usize, &Vec<WireId>)| Output {
            group: Group::uint(format!("out{k}"), wires.len() as u32),
            wires: wires.clone(),
        };
        let outputs = words.iter().enumerate().map(output).collect();
        Circuit::new(self.inputs, self.gates, outputs).unwrap()
    }
}
