//! Gates for operators. Arithmetic that does not fit its type stops the program, as Rust's does in debug builds.

use std::rc::Rc;

use garble_lang::ast::{Op, Type};
use garble_lang::token::MetaInfo;
use halfgate_circuits::{Bit, Bits, Int, Uint};

use super::expressions::Expression;
use super::generate::{Generator, Made, Wires};

const OVERFLOW: &str = "overflow";

impl<'b, 'p> Generator<'b, 'p> {
    pub(super) fn operation(
        &mut self,
        operator: Op,
        left: &'p Expression,
        right: &'p Expression,
        place: MetaInfo,
    ) -> Made<Wires<'b>> {
        let x = self.value(left)?;
        if matches!(operator, Op::ShortCircuitAnd | Op::ShortCircuitOr) {
            return self.short_circuit(operator, x[0], right);
        }
        let mut y = self.value(right)?;
        let signed = matches!(left.ty, Type::Signed(_));
        if !matches!(operator, Op::ShiftLeft | Op::ShiftRight) && y.len() != x.len() {
            y = self.extended(&y, x.len(), matches!(right.ty, Type::Signed(_)));
        }
        Ok(match operator {
            Op::Add | Op::Sub | Op::Mul => self.arithmetic(operator, &x, &y, signed, place),
            Op::Div | Op::Mod => self.division(operator, &x, &y, signed, place),
            Op::BitAnd => x.iter().zip(y.iter()).map(|(&x, &y)| x & y).collect(),
            Op::BitXor => x.iter().zip(y.iter()).map(|(&x, &y)| x ^ y).collect(),
            Op::BitOr => x.iter().zip(y.iter()).map(|(&x, &y)| x | y).collect(),
            Op::LessThan => one(self.less(&x, &y, signed)),
            Op::GreaterThan => one(self.less(&y, &x, signed)),
            Op::Eq => one(self.bits(&x).eq(&self.bits(&y))),
            Op::NotEq => one(self.bits(&x).ne(&self.bits(&y))),
            Op::ShiftLeft | Op::ShiftRight => self.shift(operator, &x, &y, signed, place),
            Op::ShortCircuitAnd | Op::ShortCircuitOr => x,
        })
    }

    /// The right side is only reached if the left does not decide.
    fn short_circuit(&mut self, operator: Op, left: Bit<'b>, right: &'p Expression) -> Made<Wires<'b>> {
        let reached = self.reached;
        let open = if operator == Op::ShortCircuitAnd { left } else { !left };
        self.reached = reached & open;
        let right = self.value(right)?[0];
        self.reached = reached;
        Ok(one(if operator == Op::ShortCircuitAnd { left & right } else { left | right }))
    }

    fn arithmetic(
        &mut self,
        operator: Op,
        x: &[Bit<'b>],
        y: &[Bit<'b>],
        signed: bool,
        place: MetaInfo,
    ) -> Wires<'b> {
        let (value, overflow) = match (operator, signed) {
            (Op::Add, false) => self.uint(x).overflowing_add(&self.uint(y)),
            (Op::Sub, false) => self.uint(x).overflowing_sub(&self.uint(y)),
            (Op::Add, true) => unsigned(self.int(x).overflowing_add(&self.int(y))),
            (Op::Sub, true) => unsigned(self.int(x).overflowing_sub(&self.int(y))),
            (_, false) => {
                let product = self.uint(x).widening_mul(&self.uint(y));
                let (low, high) = product.bits().split_at(x.len());
                (self.uint(low), self.bits(high).any())
            }
            (_, true) => unsigned(self.signed_product(x, y)),
        };
        self.stop_if(overflow, OVERFLOW, place);
        wires(value.bits())
    }

    /// By magnitudes: `Int::widening_mul` takes more ANDs.
    fn signed_product(&self, x: &[Bit<'b>], y: &[Bit<'b>]) -> (Int<'b>, Bit<'b>) {
        let (x, y) = (self.int(x), self.int(y));
        let negative = x.is_negative() ^ y.is_negative();
        let product = x.unsigned_abs().widening_mul(&y.unsigned_abs());
        let (low, high) = product.bits().split_at(x.width());
        let (below, sign) = low.split_at(low.len() - 1);
        // Of the magnitudes with the sign bit set only that of the least number has a sign to go with it.
        let least = negative & !self.bits(below).any();
        let overflow = self.bits(high).any() | sign[0] & !least;
        (self.int(low).negated_if(negative), overflow)
    }

    pub(super) fn negated(&mut self, x: &[Bit<'b>], place: MetaInfo) -> Wires<'b> {
        let negated = -self.int(x);
        // Both have the sign if and only if it is the least number, which has no counterpart.
        self.stop_if(negated.is_negative() & self.int(x).is_negative(), OVERFLOW, place);
        wires(negated.bits())
    }

    fn division(
        &mut self,
        operator: Op,
        x: &[Bit<'b>],
        y: &[Bit<'b>],
        signed: bool,
        place: MetaInfo,
    ) -> Wires<'b> {
        self.stop_if(!self.bits(y).any(), "division by zero", place);
        if !signed {
            let (quotient, remainder) = self.uint(x).div_rem(&self.uint(y));
            return wires(if operator == Op::Div { quotient.bits() } else { remainder.bits() });
        }
        let (below, sign) = x.split_at(x.len() - 1);
        let least = sign[0] & !self.bits(below).any();
        self.stop_if(least & self.bits(y).all(), OVERFLOW, place);
        let (quotient, remainder) = self.int(x).div_rem(&self.int(y));
        wires(if operator == Op::Div { quotient.bits() } else { remainder.bits() })
    }

    /// An amount that leaves nothing of the number stops the program.
    fn shift(
        &mut self,
        operator: Op,
        x: &[Bit<'b>],
        amount: &[Bit<'b>],
        signed: bool,
        place: MetaInfo,
    ) -> Wires<'b> {
        let stages = x.len().trailing_zeros() as usize;
        let (amount, beyond) = amount.split_at(stages.min(amount.len()));
        self.stop_if(self.bits(beyond).any(), OVERFLOW, place);
        let amount = self.uint(amount);
        match (operator, signed) {
            (Op::ShiftLeft, _) => wires((self.uint(x) << &amount).bits()),
            (_, true) => wires((self.int(x) >> &amount).bits()),
            (_, false) => wires((self.uint(x) >> &amount).bits()),
        }
    }

    pub(super) fn less(&self, x: &[Bit<'b>], y: &[Bit<'b>], signed: bool) -> Bit<'b> {
        if signed { self.int(x).lt(&self.int(y)) } else { self.uint(x).lt(&self.uint(y)) }
    }

    pub(super) fn bits(&self, bits: &[Bit<'b>]) -> Bits<'b> {
        self.builder.bits(bits.iter().copied())
    }

    pub(super) fn uint(&self, bits: &[Bit<'b>]) -> Uint<'b> {
        Uint::from(self.bits(bits))
    }

    fn int(&self, bits: &[Bit<'b>]) -> Int<'b> {
        Int::from(self.bits(bits))
    }
}

fn unsigned<'b>((value, overflow): (Int<'b>, Bit<'b>)) -> (Uint<'b>, Bit<'b>) {
    (value.to_uint(), overflow)
}

fn one<'b>(bit: Bit<'b>) -> Wires<'b> {
    Rc::from([bit])
}

fn wires<'b>(bits: &Bits<'b>) -> Wires<'b> {
    Rc::from(&bits[..])
}
