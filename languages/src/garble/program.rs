use std::collections::BTreeMap;
use std::rc::Rc;

use garble_lang::ast::{ConstExpr, ConstExprEnum, FnDef, ParamDef, Type};
use garble_lang::{CompileOptions, TypedProgram};
use halfgate_circuits::{Builder, Circuit, Group, Party, Shape, tag_width};

use super::generate::{Generator, Wires};
use super::types::{Types, asked};
use super::{GarbleError, Options, parse};

/// What the output group of a program is called.
const RESULT: &str = "result";

/// A program whose types are right.
pub struct Program {
    name: String,
    checked: TypedProgram,
}

impl Program {
    /// Parses a program and checks its types. `name` is what errors call it.
    ///
    /// # Errors
    /// If the text is no program of the language.
    pub fn parse(source: &str, name: &str) -> Result<Self, GarbleError> {
        Ok(Program { name: name.to_owned(), checked: parse::check(source, name)? })
    }

    /// The public functions by name, each with its parameters and what it returns, as they stand in the text.
    pub fn functions(&self) -> BTreeMap<&str, String> {
        let public = self.checked.fn_defs.values().filter(|function| function.is_pub);
        public.map(|function| (function.identifier.as_str(), signature(function))).collect()
    }

    /// The constants that the program takes from outside, `PARTY::NAME`, with their types.
    pub fn constants(&self) -> BTreeMap<String, String> {
        asked(&self.checked).into_iter().map(|(name, ty)| (name, ty.to_string())).collect()
    }

    /// Makes a circuit of a function; see [`compile`](super::compile).
    ///
    /// # Errors
    /// If there is no such function, if a constant is missing or no value of its type, or if the circuit becomes too
    /// large.
    pub fn circuit(&self, options: &Options) -> Result<Circuit, GarbleError> {
        parse::on_deep_stack(&self.name, || self.build(options))
    }

    /// The ANDs of the circuit that garble_lang's own generator makes, for comparison; `None` if it fails.
    pub fn garble_lang_ands(&self, options: &Options) -> Option<usize> {
        let refers = |value: &ConstExpr| matches!(value, ConstExpr(ConstExprEnum::ConstExprIdent(_), _));
        if self.checked.const_defs.values().any(|definition| refers(&definition.value)) {
            // It may panic on these, as hash order has it.
            return None;
        }
        let constants = Types::new(&self.name, &self.checked, &options.constants).ok()?.literals();
        let count = || {
            let made =
                self.checked.compile_with_constants(&options.function, constants, &CompileOptions::default());
            made.map(|(circuit, ..)| circuit.and_gates()).map_err(|_| self.gave_up())
        };
        parse::on_deep_stack(&self.name, count).ok()
    }

    fn gave_up(&self) -> GarbleError {
        GarbleError::GaveUp { name: self.name.clone(), reason: "its own circuit cannot be made".to_owned() }
    }

    fn build(&self, options: &Options) -> Result<Circuit, GarbleError> {
        let types = Types::new(&self.name, &self.checked, &options.constants)?;
        let function = self.function(&options.function)?;
        let builder = Builder::new();
        let mut arguments: Vec<Wires<'_>> = Vec::new();
        for parameters in groups(&types, function)? {
            let mut wires = Vec::new();
            for (name, shape) in parameters {
                let first = arguments.is_empty() && wires.is_empty();
                let owner = if first { Party::Garbler } else { Party::Evaluator };
                let group = Group::shaped(name, shape).expect("no value is wider than 2^28");
                wires.extend_from_slice(&builder.input(group, owner));
            }
            arguments.push(Rc::from(wires));
        }
        let mut generator = Generator::new(&builder, &types, &self.checked);
        let value = generator.call(function, arguments)?;
        let (faults, mut wires, value) = generator.finish(&value);
        let mut shape = types.shape(&function.ty)?.into_owned();
        wires.resize(tag_width(faults.len() + 1) as usize, builder.constant(false));
        wires.extend(value);
        if !faults.is_empty() {
            shape = Shape::Checked { value: Box::new(shape), faults };
        }
        let group = Group::shaped(RESULT, shape).expect("no value is wider than 2^28, and no tag than 64");
        builder.output(group, &wires);
        builder.finish().map_err(|source| GarbleError::Circuit { name: self.name.clone(), source })
    }

    fn function(&self, name: &str) -> Result<&FnDef<Type>, GarbleError> {
        let function = self.checked.fn_defs.get(name).filter(|function| function.is_pub);
        function.ok_or_else(|| GarbleError::NoFunction {
            name: self.name.clone(),
            function: name.to_owned(),
            functions: self.functions().into_values().collect(),
        })
    }
}

/// The input groups of each parameter: one, or one for each element of an array that is the only parameter.
fn groups(types: &Types<'_>, function: &FnDef<Type>) -> Result<Vec<Vec<(String, Shape)>>, GarbleError> {
    let shaped =
        |parameter: &ParamDef| Ok((parameter.name.clone(), types.shape(&parameter.ty)?.into_owned()));
    let parameters: Vec<(String, Shape)> = function.params.iter().map(shaped).collect::<Result<_, _>>()?;
    Ok(match parameters.as_slice() {
        [(name, Shape::Array(element, count))] => {
            vec![(0..*count).map(|place| (format!("{name}_{place}"), (**element).clone())).collect()]
        }
        _ => parameters.into_iter().map(|parameter| vec![parameter]).collect(),
    })
}

fn signature(function: &FnDef<Type>) -> String {
    let parameters = function.params.iter().map(|parameter| format!("{}: {}", parameter.name, parameter.ty));
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    format!("{}({parameters}) -> {}", function.identifier, function.ty)
}
