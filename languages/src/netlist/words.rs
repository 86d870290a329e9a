//! Yosys's cells for words: `$add` and its like (Yosys manual, "RTL cells"), by the library's arithmetic.

use halfgate_circuits::{Bit, Bits, Builder, Int, Uint};

/// Which operands are signed, and how wide the result is.
#[derive(Clone, Copy)]
pub(crate) struct Signs {
    pub(crate) a: bool,
    pub(crate) b: bool,
    pub(crate) width: usize,
}

impl Signs {
    fn both(self) -> bool {
        self.a && self.b
    }
}

/// A word of others.
pub(crate) type Rule = for<'b> fn(&'b Builder, &[Bits<'b>], Signs) -> Bits<'b>;

/// A cell for words by its type: the names of its operands, and what it computes of them. The result is port `Y`.
/// Cells that treat each bit for itself are not among them: see [`bitwise`].
pub(crate) fn word(name: &str) -> Option<(&'static [&'static str], Rule)> {
    let all = UNARY.iter().chain(&BINARY).chain(&SHIFTS).chain(&CHOICES);
    all.into_iter().find(|(word, ..)| *word == name).map(|&(_, ports, rule)| (ports, rule))
}

/// The gate that a bitwise cell is in each bit, and how many of its operands are words; the last one, if there is one
/// more, is a bit for all of them. A netlist may feed bits of such a cell into others of the same one.
pub(crate) fn bitwise(name: &str) -> Option<(&'static str, usize)> {
    let all = [
        ("$not", "$_NOT_", 1),
        ("$pos", "$_BUF_", 1),
        ("$and", "$_AND_", 2),
        ("$or", "$_OR_", 2),
        ("$xor", "$_XOR_", 2),
        ("$xnor", "$_XNOR_", 2),
        ("$mux", "$_MUX_", 2),
    ];
    all.into_iter().find(|(word, ..)| *word == name).map(|(_, gate, words)| (gate, words))
}

type Entry = (&'static str, &'static [&'static str], Rule);

const A: &[&str] = &["A"];
const AB: &[&str] = &["A", "B"];

const UNARY: [Entry; 7] = [
    ("$neg", A, |_, i, s| Bits::from(-Int::from(extend(&i[0], s.width, s.a)))),
    ("$reduce_and", A, |_, i, s| truth(i[0].all(), s)),
    ("$reduce_or", A, |_, i, s| truth(i[0].any(), s)),
    ("$reduce_bool", A, |_, i, s| truth(i[0].any(), s)),
    ("$reduce_xor", A, |_, i, s| truth(i[0].parity(), s)),
    ("$reduce_xnor", A, |_, i, s| truth(!i[0].parity(), s)),
    ("$logic_not", A, |_, i, s| truth(!i[0].any(), s)),
];

const BINARY: [Entry; 15] = [
    ("$add", AB, |_, i, s| arithmetic(i, s, |a, b| a + b)),
    ("$sub", AB, |_, i, s| arithmetic(i, s, |a, b| a - b)),
    ("$mul", AB, product),
    ("$div", AB, |builder, i, s| quotient(builder, i, s, false)),
    ("$mod", AB, |builder, i, s| quotient(builder, i, s, true)),
    ("$eq", AB, |_, i, s| compare(i, s, |a, b| a.eq(b), |a, b| a.eq(b))),
    ("$ne", AB, |_, i, s| compare(i, s, |a, b| a.ne(b), |a, b| a.ne(b))),
    ("$eqx", AB, |_, i, s| compare(i, s, |a, b| a.eq(b), |a, b| a.eq(b))),
    ("$nex", AB, |_, i, s| compare(i, s, |a, b| a.ne(b), |a, b| a.ne(b))),
    ("$lt", AB, |_, i, s| compare(i, s, |a, b| a.lt(b), |a, b| a.lt(b))),
    ("$le", AB, |_, i, s| compare(i, s, |a, b| a.le(b), |a, b| a.le(b))),
    ("$gt", AB, |_, i, s| compare(i, s, |a, b| a.gt(b), |a, b| a.gt(b))),
    ("$ge", AB, |_, i, s| compare(i, s, |a, b| a.ge(b), |a, b| a.ge(b))),
    ("$logic_and", AB, |_, i, s| truth(i[0].any() & i[1].any(), s)),
    ("$logic_or", AB, |_, i, s| truth(i[0].any() | i[1].any(), s)),
];

const SHIFTS: [Entry; 6] = [
    ("$shl", AB, left),
    ("$sshl", AB, left),
    ("$shr", AB, |_, i, s| right(&i[0], &i[1], s, false)),
    ("$sshr", AB, |_, i, s| right(&i[0], &i[1], s, true)),
    ("$shift", AB, either),
    ("$shiftx", AB, either),
];

const CHOICES: [Entry; 2] = [
    ("$pmux", &["A", "B", "S"], |builder, i, s| {
        let cases = i[1].chunks(s.width).map(|case| builder.bits(case.iter().copied()));
        i[2].iter().zip(cases).fold(i[0].clone(), |chosen, (select, case)| select.mux(&case, &chosen))
    }),
    ("$bmux", &["A", "S"], |builder, i, s| {
        let cases: Vec<_> = i[0].chunks(s.width).map(|case| builder.bits(case.iter().copied())).collect();
        choose(&cases, &i[1])
    }),
];

/// The case that the selectors, least significant first, point at.
fn choose<'b>(cases: &[Bits<'b>], selectors: &[Bit<'b>]) -> Bits<'b> {
    match selectors {
        [] => cases[0].clone(),
        [others @ .., last] => {
            let (low, high) = cases.split_at(cases.len() / 2);
            last.mux(&choose(high, others), &choose(low, others))
        }
    }
}

fn extend<'b>(bits: &Bits<'b>, width: usize, signed: bool) -> Bits<'b> {
    let zero = bits.builder().constant(false);
    bits.resize(width, if signed { bits.last().copied().unwrap_or(zero) } else { zero })
}

/// One bit as a word.
fn truth<'b>(bit: Bit<'b>, signs: Signs) -> Bits<'b> {
    let builder = bit.builder();
    builder.bits([bit]).resize(signs.width, builder.constant(false))
}

fn arithmetic<'b>(i: &[Bits<'b>], s: Signs, f: fn(Uint<'b>, Uint<'b>) -> Uint<'b>) -> Bits<'b> {
    let [a, b] = [0, 1].map(|index: usize| Uint::from(extend(&i[index], s.width, s.both())));
    f(a, b).into()
}

fn compare<'b>(
    i: &[Bits<'b>],
    s: Signs,
    unsigned: fn(&Uint<'b>, &Uint<'b>) -> Bit<'b>,
    signed: fn(&Int<'b>, &Int<'b>) -> Bit<'b>,
) -> Bits<'b> {
    let width = i[0].width().max(i[1].width());
    let [a, b] = [0, 1].map(|index: usize| extend(&i[index], width, s.both()));
    let bit = if s.both() { signed(&a.into(), &b.into()) } else { unsigned(&a.into(), &b.into()) };
    truth(bit, s)
}

/// With signed operands `a − aₛ2ⁿ` and `b − bₛ2ᵐ`, where `aₛ` and `bₛ` are the signs, the product of the unsigned ones
/// is too large by `aₛ2ⁿ` times the signed `b` and `bₛ2ᵐ` times the unsigned `a`: cheaper than to multiply copies of
/// the sign.
fn product<'b>(builder: &'b Builder, i: &[Bits<'b>], s: Signs) -> Bits<'b> {
    let (a, b) = (&i[0], &i[1]);
    let (n, m) = (a.width(), b.width());
    let (narrow_a, narrow_b) = (extend(a, n.min(s.width), false), extend(b, m.min(s.width), false));
    let [wide_a, wide_b] = [&narrow_a, &narrow_b].map(|bits| Uint::from(extend(bits, s.width, false)));
    let mut product = wide_a * wide_b;
    if !s.both() || n == 0 || m == 0 {
        return product.into();
    }
    let zero = builder.constant(false);
    let mut take = |sign: Bit<'b>, from: usize, term: Bits<'b>| {
        if from < s.width {
            let gated = term.resize(s.width - from, zero).map(|bit| bit & sign);
            let shifted = builder.bits(vec![zero; from]).concat(&gated);
            product = &product - &Uint::from(shifted);
        }
    };
    take(a[n - 1], n, extend(b, s.width, true));
    take(b[m - 1], m, extend(a, s.width, false));
    product.into()
}

/// Signed division can leave the width of its operands once: the smallest number by −1.
fn quotient<'b>(_: &'b Builder, i: &[Bits<'b>], s: Signs, remainder: bool) -> Bits<'b> {
    let width = i[0].width().max(i[1].width());
    let width = if s.both() && s.width > width { width + 1 } else { width };
    let [a, b] = [0, 1].map(|index: usize| extend(&i[index], width, s.both()));
    let pick = |(quotient, rest): (Bits<'b>, Bits<'b>)| if remainder { rest } else { quotient };
    let result = if s.both() {
        let (quotient, rest) = Int::from(a).div_rem(&b.into());
        pick((quotient.into(), rest.into()))
    } else {
        let (quotient, rest) = Uint::from(a).div_rem(&b.into());
        pick((quotient.into(), rest.into()))
    };
    extend(&result, s.width, s.both())
}

fn left<'b>(_: &'b Builder, i: &[Bits<'b>], s: Signs) -> Bits<'b> {
    Bits::from(Uint::from(extend(&i[0], s.width, s.a)) << &Uint::from(i[1].clone()))
}

fn right<'b>(a: &Bits<'b>, b: &Bits<'b>, s: Signs, arithmetic: bool) -> Bits<'b> {
    let wide = extend(a, a.width().max(s.width), s.a);
    let amount = Uint::from(b.clone());
    let shifted: Bits<'b> = if arithmetic && s.a {
        (Int::from(wide) >> &amount).into()
    } else {
        (Uint::from(wide) >> &amount).into()
    };
    extend(&shifted, s.width, false)
}

/// To the right, or to the left by a negative amount.
fn either<'b>(_: &'b Builder, i: &[Bits<'b>], s: Signs) -> Bits<'b> {
    let (a, b) = (&i[0], &i[1]);
    let to_the_right = right(a, b, s, false);
    if !s.b || b.width() == 0 {
        return to_the_right;
    }
    let back = Uint::from(Bits::from(-Int::from(b.clone())));
    let to_the_left = Bits::from(Uint::from(extend(a, s.width, s.a)) << &back);
    b[b.width() - 1].mux(&to_the_left, &to_the_right)
}
