//! IEEE 754 floats as named circuits.
//!
//! A float is written as the hexadecimal digits of its pattern, the sign first: `3ff0000000000000` is the `f64` 1.

use super::super::entry::{Built, Entry};
use crate::{Bit, Builder, Float, FloatFormat, Int, Party, Uint};

/// All operations of one format. The texts are the same for both, so a macro joins them with the name.
macro_rules! of_format {
    ($name:literal, $format:path) => {
        [
            Entry::one(concat!($name, "add"), "sum of two floats", || binary($format, "sum", |a, b| a + b)),
            Entry::one(concat!($name, "sub"), "difference of two floats", || {
                binary($format, "difference", |a, b| a - b)
            }),
            Entry::one(concat!($name, "mul"), "product of two floats", || {
                binary($format, "product", |a, b| a * b)
            }),
            Entry::one(concat!($name, "div"), "quotient of two floats", || {
                binary($format, "quotient", |a, b| a / b)
            }),
            Entry::one(concat!($name, "sqrt"), "square root of a float", || root($format)),
            Entry::one(concat!($name, "lt"), "whether the garbler's float is less", || {
                predicate($format, "less", |a, b| a.lt(b))
            }),
            Entry::one(concat!($name, "le"), "whether the garbler's float is less or equal", || {
                predicate($format, "at_most", |a, b| a.le(b))
            }),
            Entry::one(concat!($name, "eq"), "whether two floats are equal; NaN never is", || {
                predicate($format, "equal", |a, b| a.eq(b))
            }),
            Entry::one(
                concat!($name, "min"),
                "the smaller of two floats; of NaN and a number the number",
                || binary($format, "minimum", |a, b| a.min(b)),
            ),
            Entry::one(
                concat!($name, "max"),
                "the larger of two floats; of NaN and a number the number",
                || binary($format, "maximum", |a, b| a.max(b)),
            ),
            Entry::one(concat!($name, "fromi32"), "the float nearest to a signed 32-bit integer", || {
                from_int($format, 32)
            }),
            Entry::one(concat!($name, "fromi64"), "the float nearest to a signed 64-bit integer", || {
                from_int($format, 64)
            }),
            Entry::one(concat!($name, "fromu32"), "the float nearest to an unsigned 32-bit integer", || {
                from_uint($format, 32)
            }),
            Entry::one(concat!($name, "fromu64"), "the float nearest to an unsigned 64-bit integer", || {
                from_uint($format, 64)
            }),
            Entry::one(
                concat!($name, "toi32"),
                "a float toward zero as signed 32 bits; NaN is 0, ends hold",
                || to_int($format, 32),
            ),
            Entry::one(
                concat!($name, "toi64"),
                "a float toward zero as signed 64 bits; NaN is 0, ends hold",
                || to_int($format, 64),
            ),
            Entry::one(
                concat!($name, "tou32"),
                "a float toward zero as unsigned 32 bits; NaN is 0, ends hold",
                || to_uint($format, 32),
            ),
            Entry::one(
                concat!($name, "tou64"),
                "a float toward zero as unsigned 64 bits; NaN is 0, ends hold",
                || to_uint($format, 64),
            ),
        ]
    };
}

pub(super) static SINGLE: [Entry; 18] = of_format!("f32", FloatFormat::BINARY32);
pub(super) static DOUBLE: [Entry; 18] = of_format!("f64", FloatFormat::BINARY64);
pub(super) static BETWEEN: [Entry; 2] = [
    Entry::one("f32tof64", "an f32 as f64, exactly", || {
        between(FloatFormat::BINARY32, FloatFormat::BINARY64)
    }),
    Entry::one("f64tof32", "the f32 nearest to an f64", || {
        between(FloatFormat::BINARY64, FloatFormat::BINARY32)
    }),
];

fn binary(format: FloatFormat, output: &str, f: for<'b> fn(&Float<'b>, &Float<'b>) -> Float<'b>) -> Built {
    let builder = Builder::new();
    let [a, b] = both(&builder, format);
    builder.output_bytes(output, f(&a, &b).bits());
    builder.finish()
}

fn predicate(format: FloatFormat, output: &str, f: for<'b> fn(&Float<'b>, &Float<'b>) -> Bit<'b>) -> Built {
    let builder = Builder::new();
    let [a, b] = both(&builder, format);
    builder.output_bit(output, f(&a, &b));
    builder.finish()
}

fn root(format: FloatFormat) -> Built {
    let builder = Builder::new();
    builder.output_bytes("root", float(&builder, format, "a", Party::Garbler).sqrt().bits());
    builder.finish()
}

fn between(from: FloatFormat, to: FloatFormat) -> Built {
    let builder = Builder::new();
    builder.output_bytes("float", float(&builder, from, "a", Party::Garbler).to_format(to).bits());
    builder.finish()
}

fn from_int(format: FloatFormat, width: u32) -> Built {
    let builder = Builder::new();
    let number: Int<'_> = builder.input_int("a", width, Party::Garbler);
    builder.output_bytes("float", Float::from_int(format, &number).bits());
    builder.finish()
}

fn from_uint(format: FloatFormat, width: u32) -> Built {
    let builder = Builder::new();
    let number: Uint<'_> = builder.input_uint("a", width, Party::Garbler);
    builder.output_bytes("float", Float::from_uint(format, &number).bits());
    builder.finish()
}

fn to_int(format: FloatFormat, width: usize) -> Built {
    let builder = Builder::new();
    builder.output_int("integer", &float(&builder, format, "a", Party::Garbler).to_int(width));
    builder.finish()
}

fn to_uint(format: FloatFormat, width: usize) -> Built {
    let builder = Builder::new();
    builder.output_uint("integer", &float(&builder, format, "a", Party::Garbler).to_uint(width));
    builder.finish()
}

fn both(builder: &Builder, format: FloatFormat) -> [Float<'_>; 2] {
    [float(builder, format, "a", Party::Garbler), float(builder, format, "b", Party::Evaluator)]
}

fn float<'b>(builder: &'b Builder, format: FloatFormat, name: &str, owner: Party) -> Float<'b> {
    Float::from_bits(format, builder.input_bytes(name, format.width() as u32, owner))
}
