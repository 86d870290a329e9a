use halfgate_circuits::{Builder, Circuit, Gate, Party, Uint};

/// A factor: for each weight whether there is a bit; where there is none, it is zero.
pub(crate) type Shape = Vec<bool>;

/// The library's product of two factors modulo `2^width`, as a circuit over their bits; as wide as that, or as both
/// factors together.
pub(crate) fn multiplication(factors: [&Shape; 2], width: usize) -> Circuit {
    let whole = factors[0].len() + factors[1].len();
    let candidates =
        [Form::Whole, Form::Low].into_iter().filter(|&form| form == Form::Whole || width < whole);
    let circuits = candidates.map(|form| build(factors, width.min(whole), form));
    circuits.min_by_key(ands).expect("there are one or two")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Whole,
    Low,
}

fn build(factors: [&Shape; 2], width: usize, form: Form) -> Circuit {
    let builder = Builder::new();
    let [a, b] = [0, 1].map(|side| {
        let shape = factors[side];
        let real = shape.iter().filter(|&&is_there| is_there).count() as u32;
        let mut inputs = builder.input_bits(["a", "b"][side], real, Party::Garbler).to_vec().into_iter();
        let zero = builder.constant(false);
        let bit = |&is_there: &bool| if is_there { inputs.next().unwrap_or(zero) } else { zero };
        Uint::from(builder.bits(shape.iter().map(bit).collect::<Vec<_>>()))
    });
    let product = match form {
        Form::Whole => a.widening_mul(&b).resize(width),
        Form::Low => a.resize(width) * b.resize(width),
    };
    builder.output_uint("product", &product);
    builder.finish().expect("two inputs and one output of different names")
}

fn ands(circuit: &Circuit) -> usize {
    circuit.gates().iter().filter(|gate| matches!(gate, Gate::And(..))).count()
}
