//! Quotients and remainders.
//!
//! The library divides without restoring, in blocks of growing width; others restore, or take all bits of the divisor
//! in every row. What all have in common are the remainders after each row. Two arrays that restore are the helpers:
//! one that subtracts the whole divisor in each row, as plain dividers do, and one that subtracts what the library
//! does. The remainders of both, and the differences before restoring, are equal to values inside of other dividers.

use halfgate_circuits::{Bit, Bits, Circuit, Uint};

use super::catalogue::{Operation, circuit, whole};

type Division = for<'b> fn(&Uint<'b>, &Uint<'b>) -> Vec<Bit<'b>>;

/// Quotients and remainders as the library has them, and signed quotients that differ from it where the divisor is zero.
pub(super) fn operations(width: usize) -> Vec<Operation> {
    let unsigned: [Division; 2] = [|a, b| bits(&(a / b)), |a, b| bits(&(a % b))];
    let signed: [Division; 4] = [
        |a, b| bits(&(a.to_int() / b.to_int()).to_uint()),
        |a, b| bits(&(a.to_int() % b.to_int()).to_uint()),
        |a, b| bits(&truncated(a, b, false)),
        |a, b| bits(&truncated(a, b, true)),
    ];
    let operation = |is_signed| move |division| whole(circuit(width, division), helpers(width, is_signed));
    unsigned.into_iter().map(operation(false)).chain(signed.into_iter().map(operation(true))).collect()
}

/// The signed quotient of dividers that set its sign whatever the divisor. Those whose remainders are no wider than the
/// words take the last one for negative if the smallest number is divided by zero.
fn truncated<'b>(a: &Uint<'b>, b: &Uint<'b>, narrow: bool) -> Uint<'b> {
    let is_negative = a.to_int().is_negative() ^ b.to_int().is_negative();
    let [a, b] = [a, b].map(|number| number.to_int().unsigned_abs());
    let mut quotient = bits(&(&a / &b));
    if narrow {
        quotient[0] = quotient[0] & !(a.bits()[a.width() - 1] & is_zero(b.bits()));
    }
    let quotient = Uint::from(b.bits().builder().bits(quotient));
    is_negative.mux(&(-&quotient.to_int()).to_uint(), &quotient)
}

/// From the top, as the library asks how wide the divisor is.
fn is_zero<'b>(number: &Bits<'b>) -> Bit<'b> {
    number.iter().rev().fold(number.builder().constant(true), |zero, &bit| zero & !bit)
}

fn bits<'b>(number: &Uint<'b>) -> Vec<Bit<'b>> {
    number.bits().to_vec()
}

fn helpers(width: usize, signed: bool) -> Vec<Circuit> {
    vec![circuit(width, move |a, b| match signed {
        false => restoring(a, b, false),
        true => restoring(&a.to_int().unsigned_abs(), &b.to_int().unsigned_abs(), true),
    })]
}

/// The values of an array that restores, row by row from the highest bit of the dividend on.
///
/// Of absolute values the highest bit is set in one number only, the smallest. That its other bits are then zero, in
/// the words and in all that is made of them, are values that are constant, for dividers that rely on it.
fn restoring<'b>(a: &Uint<'b>, b: &Uint<'b>, absolute: bool) -> Vec<Bit<'b>> {
    let builder = a.bits().builder();
    let width = a.width();
    let tops = absolute.then(|| (a.bits()[width - 1], b.bits()[width - 1]));
    let mut remainder = builder.bits([]);
    let mut views: [Option<View<'b>>; 2] = [None, None];
    let mut values = Vec::new();
    if let Some((a_top, b_top)) = tops {
        values.extend(a.bits()[..width - 1].iter().map(|&bit| bit & a_top));
        values.extend(b.bits()[..width - 1].iter().map(|&bit| bit & b_top));
    }
    for row in 1..=width {
        let next = a.bits()[width - row];
        let doubled = builder.bits([next]).concat(&remainder);
        let full = View::new(&doubled, b.bits(), tops.map(|(_, b_top)| b_top), &mut values);
        // A divisor that is wider than the block cannot be subtracted, so the library takes zero for it.
        let block = block(row, width);
        let fits = b.bits()[block..].iter().rev().fold(builder.constant(true), |fits, &bit| fits & !bit);
        let quotient = fits & !full.borrows[block];
        values.push(quotient);
        values.extend(full.borrows[..=block].iter().map(|&borrow| borrow & fits));
        let cut = View::new(&doubled, &b.bits().slice(..block).map(|bit| bit & fits), None, &mut values);
        remainder =
            doubled.zip_with(&full.difference.slice(..row), |old, new| old ^ (quotient & (old ^ new)));
        values.extend(remainder.iter());
        if let Some((a_top, _)) = tops {
            let top = remainder[row - 1];
            values.extend(remainder[..row - 1].iter().map(|&bit| bit & top));
            values.extend([top & !a_top, a_top & is_zero(b.bits()) & !top]);
        }
        for (old, view) in views.iter_mut().zip([full, cut]) {
            values.extend(view.difference.iter().chain(&view.borrows));
            if let Some(old) = old {
                view.step_from(old, next, &mut values);
            }
            *old = Some(view);
        }
    }
    values
}

/// A row's difference, which is negative if the divisor is too large.
struct View<'b> {
    divisor: Bits<'b>,
    difference: Bits<'b>,
    /// The borrow into each bit.
    borrows: Vec<Bit<'b>>,
}

impl<'b> View<'b> {
    /// Tells of each borrow that it is zero where `never` is one, if that is so.
    fn new(
        remainder: &Bits<'b>,
        divisor: &Bits<'b>,
        never: Option<Bit<'b>>,
        values: &mut Vec<Bit<'b>>,
    ) -> Self {
        let zero = remainder.builder().constant(false);
        let divisor = divisor.resize(divisor.width() + 1, zero);
        let mut borrow = zero;
        let mut borrows = Vec::with_capacity(divisor.width());
        let difference = remainder.resize(divisor.width(), zero).zip_with(&divisor, |a, b| {
            values.extend(never.map(|never| never & borrow));
            borrows.push(borrow);
            let difference = a ^ b ^ borrow;
            borrow = borrow ^ ((!a ^ borrow) & (b ^ borrow));
            difference
        });
        View { divisor, difference, borrows }
    }

    /// The same difference as those who do not restore make it of the last row's, and what makes that plain bit by bit.
    ///
    /// Where the last difference `S = X − D` was negative, `2S + D` is `2X − D`. With the borrows `β` of `S`, `γ` of the
    /// right side and the carries `δ` of the left, `γ + δ = β + D` holds at each bit, so that one sum implies the next.
    fn step_from(&self, last: &View<'b>, next: Bit<'b>, values: &mut Vec<Bit<'b>>) {
        let (builder, width) = (next.builder(), self.divisor.width());
        let negative = last.difference[last.difference.width() - 1];
        let doubled = builder.bits([next]).concat(&last.difference.resize(width - 1, negative));
        let borrow_out = last.borrows[last.borrows.len() - 1];
        let mut carry = !negative;
        for bit in 0..width {
            if bit > 0 {
                let borrow = last.borrows.get(bit - 1).copied().unwrap_or(borrow_out);
                let divisor = last.divisor.get(bit - 1).copied().unwrap_or(builder.constant(false));
                values.extend([negative & (borrow & divisor), negative & (self.borrows[bit] & carry)]);
            }
            let (a, b) = (doubled[bit], self.divisor[bit] ^ !negative);
            let (a_differs, b_differs) = (a ^ carry, b ^ carry);
            values.push(a_differs ^ b);
            carry = carry ^ (a_differs & b_differs);
        }
    }
}

/// The width of the block in which the library's division has a row.
fn block(row: usize, width: usize) -> usize {
    let (mut end, mut blocks) = (0, 0);
    while end < row {
        end += blocks + 1;
        if end + blocks / 2 + 1 >= width {
            end = width;
        }
        blocks += 1;
    }
    end
}
