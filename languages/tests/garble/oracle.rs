//! garble_lang's own circuits as the oracle: both sides get the same values, as texts.

use std::collections::HashMap;

use garble_lang::eval::EvalError;
use garble_lang::literal::Literal;
use garble_lang::{GarbleProgram, compile_with_constants};
use halfgate_circuits::{Circuit, Group, Radix, Shape, Values, format_literal, parse_literal};
use halfgate_compiler::{evaluate, optimize, schedule};
use halfgate_languages::garble::{self, Options};

/// A stream of numbers that is the same every time.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 ^ self.0 >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7
    }

    /// A number as programs meet them: small, near an end, or anything.
    fn number(&mut self, width: u32) -> u64 {
        let all = u64::MAX >> (64 - width);
        let any = self.next() ^ self.next() << 20;
        all & match self.next() % 6 {
            0 => self.next() % 4,
            1 => (self.next() % 4).wrapping_neg(),
            2 => (1 << (width - 1)) ^ (self.next() % 2).wrapping_neg(),
            3 | 4 => any % 100,
            _ => any,
        }
    }

    /// A value of a shape, as text.
    pub(crate) fn value(&mut self, shape: &Shape) -> String {
        let list = |numbers: &mut Self, shapes: &mut dyn Iterator<Item = &Shape>| {
            shapes.map(|shape| numbers.value(shape)).collect::<Vec<_>>().join(", ")
        };
        match shape {
            Shape::Bool => (self.next() % 2 == 1).to_string(),
            Shape::Uint(width) | Shape::Int(width) => {
                let group = Group::shaped("n", shape.clone()).unwrap();
                format_literal(&group, &[self.number(*width)], Radix::Natural)
            }
            Shape::Array(element, count) => {
                format!("[{}]", list(self, &mut std::iter::repeat_n(&**element, *count as usize)))
            }
            Shape::Tuple(fields) => format!("({})", list(self, &mut fields.iter())),
            Shape::Struct { name, fields } => {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|field| format!("{}: {}", field.name, self.value(&field.shape)))
                    .collect();
                format!("{name} {{ {} }}", fields.join(", "))
            }
            Shape::Enum { name, variants } => {
                let variant = &variants[self.next() as usize % variants.len()];
                match variant.fields.as_slice() {
                    [] => format!("{name}::{}", variant.name),
                    fields => format!("{name}::{}({})", variant.name, list(self, &mut fields.iter())),
                }
            }
            Shape::Checked { .. } => panic!("no input is checked"),
        }
    }
}

/// What our circuit says to these arguments, optimised and as it stands.
pub(crate) fn ours(circuit: &Circuit, arguments: &[String]) -> String {
    let inputs: Vec<Values> = circuit
        .inputs()
        .iter()
        .zip(arguments)
        .map(|(input, text)| {
            let mut values = Values::new(input.group.width, 1);
            parse_literal(&input.group, text, values.lane_mut(0)).unwrap();
            values
        })
        .collect();
    let show = |circuit: &Circuit| {
        let outputs = evaluate(&schedule(circuit).unwrap(), &inputs).unwrap();
        format_literal(&circuit.outputs()[0].group, outputs[0].lane(0), Radix::Natural)
    };
    let text = show(circuit);
    assert_eq!(text, show(&optimize(circuit)), "{arguments:?}");
    text
}

/// What theirs says.
fn theirs(program: &GarbleProgram, arguments: &[String]) -> String {
    let mut evaluator = program.evaluator();
    for argument in arguments {
        evaluator.parse_literal(argument).unwrap_or_else(|error| panic!("{argument}: {error}"));
    }
    match evaluator.run().and_then(|output| output.into_literal()) {
        Ok(literal) => literal.to_string(),
        Err(EvalError::Panic(panic)) => {
            let reason = match panic.reason.to_string().as_str() {
                "Overflow" => "overflow",
                "Division By Zero" => "division by zero",
                _ => "index out of bounds",
            };
            let (line, column) = panic.panicked_at.start;
            format!("error: {reason} at {}:{}", line + 1, column + 1)
        }
        Err(error) => panic!("{error}"),
    }
}

/// Without blanks, of which the two have different ones.
pub(crate) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Compares a program on so many random inputs, and says how often it stopped. There must be one place for it to stop:
/// with several, theirs may lose track of them.
pub(crate) fn compare(source: &str, runs: usize) -> usize {
    compare_with(source, &[], runs, true)
}

/// Compares a program on so many random inputs, wherever neither stops, and says how often ours did.
pub(crate) fn compare_values(source: &str, runs: usize) -> usize {
    compare_with(source, &[], runs, false)
}

/// Compares a program with the same computation in Rust. Both get the same arguments, Rust as numbers; a
/// text is a result or an error.
pub(crate) fn compare_with_rust(source: &str, runs: usize, rust: impl Fn(&[i128]) -> String) -> usize {
    let circuit = garble::compile(source, "test.garble.rs", &Options::default())
        .unwrap_or_else(|error| panic!("{error}"));
    let mut numbers = Numbers(3);
    let mut stops = 0;
    for _ in 0..runs {
        let shapes = circuit.inputs().iter().map(|input| input.group.shape.as_deref().unwrap());
        let arguments: Vec<String> = shapes.map(|shape| numbers.value(shape)).collect();
        let plain = |text: &String| match text.as_str() {
            "true" => 1,
            "false" => 0,
            number => number.parse().unwrap(),
        };
        let expected = rust(&arguments.iter().map(plain).collect::<Vec<_>>());
        assert_eq!(ours(&circuit, &arguments), expected, "{source}\n{arguments:?}");
        stops += usize::from(expected.starts_with("error"));
    }
    stops
}

/// The same with constants that the program takes from outside.
pub(crate) fn compare_with(
    source: &str,
    constants: &[(&str, &str, Literal)],
    runs: usize,
    stops_alike: bool,
) -> usize {
    let given = constants.iter().map(|(party, name, value)| (format!("{party}::{name}"), value.to_string()));
    let options = Options { constants: given.collect(), ..Options::default() };
    let circuit =
        garble::compile(source, "test.garble.rs", &options).unwrap_or_else(|error| panic!("{error}"));
    let mut theirs_given: HashMap<String, HashMap<String, Literal>> = HashMap::new();
    for (party, name, value) in constants {
        theirs_given.entry((*party).to_owned()).or_default().insert((*name).to_owned(), value.clone());
    }
    let reference = compile_with_constants(source, theirs_given)
        .unwrap_or_else(|error| panic!("{}", error.prettify(source)));
    let mut numbers = Numbers(source.len() as u64);
    let mut stops = 0;
    for _ in 0..runs {
        let shapes = circuit.inputs().iter().map(|input| input.group.shape.as_deref().unwrap());
        let arguments: Vec<String> = shapes.map(|shape| numbers.value(shape)).collect();
        let (ours, theirs) = (ours(&circuit, &arguments), theirs(&reference, &arguments));
        if stops_alike || !ours.starts_with("error") && !theirs.starts_with("error") {
            assert_eq!(squeezed(&ours), squeezed(&theirs), "{source}\n{arguments:?}");
        }
        stops += usize::from(ours.starts_with("error"));
    }
    stops
}
