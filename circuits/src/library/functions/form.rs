//! A circuit in the making: inputs, outputs and constants in the settings of a function.

use super::parameter;
use super::{Choice, FunctionError};
use crate::{Bit, Builder, Encoding, Group, Party, Uint};

/// What a function's circuit is built from.
///
/// Inside, all values are unsigned numbers: a signed value enters with its sign bit inverted, which adds `2^(n-1)`, and
/// leaves the same way. This keeps the order of the values, so that no function has to know of signs.
pub(super) struct Form<'a, 'b> {
    pub(super) builder: &'b Builder,
    pub(super) choice: &'a Choice,
}

impl<'a, 'b> Form<'a, 'b> {
    pub(super) fn new(builder: &'b Builder, choice: &'a Choice) -> Self {
        Form { builder, choice }
    }

    pub(super) fn width(&self) -> usize {
        self.choice.settings().bits as usize
    }

    pub(super) fn signed(&self) -> bool {
        self.choice.settings().signed
    }

    /// An input of the host, the garbler.
    pub(super) fn host(&self, name: &str) -> Uint<'b> {
        self.input(format!("host_{name}"), Party::Garbler)
    }

    /// An input of the guest, the evaluator.
    pub(super) fn guest(&self, name: &str) -> Uint<'b> {
        self.input(format!("guest_{name}"), Party::Evaluator)
    }

    fn input(&self, name: String, owner: Party) -> Uint<'b> {
        self.biased(&Uint::from(self.builder.input(self.group(name), owner)))
    }

    /// An output that is a value like those of the inputs.
    pub(super) fn output(&self, name: &str, value: &Uint<'b>) {
        self.builder.output(self.group(name.to_owned()), self.biased(value).bits());
    }

    /// As [`Form::output`], but 0 unless `there`.
    pub(super) fn output_if(&self, there: Bit<'b>, name: &str, value: &Uint<'b>) {
        let shown = self.biased(value).bits().map(|bit| bit & there);
        self.builder.output(self.group(name.to_owned()), &shown);
    }

    /// An output of small numbers that stand for words or count.
    pub(super) fn number(&self, name: &str, bits: &[Bit<'b>]) {
        self.builder.output_uint(name, &Uint::from(self.builder.bits(bits.iter().copied())));
    }

    /// A parameter that is one number, in as many bits as its kind needs; nothing if it is not set.
    pub(super) fn parameter(&self, name: &str) -> Result<Option<Uint<'b>>, FunctionError> {
        let Some(parameter) = self.choice.function().parameter(name) else { return Ok(None) };
        let Some(given) = self.text(name) else { return Ok(None) };
        let group = parameter.group(self.choice.settings());
        let words = parameter::parse(&group, parameter.name, given)?;
        let number = self.constant(&words, group.width as usize);
        Ok(Some(if group.encoding == Encoding::Int { flip_sign(&number) } else { number }))
    }

    /// As [`Form::parameter`], of one that has to be set.
    pub(super) fn required(&self, name: &str) -> Result<Uint<'b>, FunctionError> {
        Ok(self.parameter(name)?.expect("a choice has all parameters that are required"))
    }

    /// The canonical text of a parameter.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.choice.settings().parameters.get(name).map(String::as_str)
    }

    /// The number whose bits stand in `words`.
    pub(super) fn constant(&self, words: &[u64], width: usize) -> Uint<'b> {
        let bits = (0..width).map(|k| self.builder.constant(words[k / 64] >> (k % 64) & 1 == 1));
        Uint::from(self.builder.bits(bits))
    }

    fn group(&self, name: String) -> Group {
        let settings = self.choice.settings();
        let encoding = if settings.signed { Encoding::Int } else { Encoding::Uint };
        Group { encoding, scale: settings.scale, ..Group::uint(name, settings.bits) }
    }

    /// From a value to the number that stands for it, or back.
    fn biased(&self, value: &Uint<'b>) -> Uint<'b> {
        if self.signed() { flip_sign(value) } else { value.clone() }
    }
}

fn flip_sign<'b>(value: &Uint<'b>) -> Uint<'b> {
    let top = value.width() - 1;
    let bits = value.bits().iter().enumerate().map(|(k, &bit)| if k == top { !bit } else { bit });
    Uint::from(value.bits().builder().bits(bits))
}
