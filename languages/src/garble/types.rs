//! The constants of a program, and its types as shapes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use garble_lang::ast::{ConstDef, ConstExpr, ConstExprEnum, Type, Variant as GarbleVariant};
use garble_lang::literal::Literal;
use garble_lang::token::{SignedNumType, UnsignedNumType};
use garble_lang::{GarbleConsts, TypedProgram};
use halfgate_circuits::{Field, Shape, Variant};

use super::GarbleError;

/// The widest value that a program may have: larger ones are a mistake rather than a purpose.
const WIDEST: u64 = 1 << 28;

/// What a program's types and constants are, once the constants from outside are known.
///
/// garble_lang would do this itself, but it looks at constants in the order of a hash map and wraps around silently.
pub(super) struct Types<'p> {
    name: &'p str,
    program: &'p TypedProgram,
    constants: BTreeMap<String, i128>,
    shapes: BTreeMap<&'p str, Shape>,
}

/// The constants that a program asks for: `PARTY::NAME` with their types.
pub(super) fn asked(program: &TypedProgram) -> BTreeMap<String, Type> {
    let names = |(party, names): (&String, &std::collections::HashMap<String, (Type, _)>)| {
        let party = party.clone();
        let names = names.iter().map(move |(name, (ty, _))| (format!("{party}::{name}"), ty.clone()));
        names.collect::<Vec<_>>()
    };
    program.const_deps.iter().flat_map(names).collect()
}

impl<'p> Types<'p> {
    pub(super) fn new(
        name: &'p str,
        program: &'p TypedProgram,
        given: &BTreeMap<String, String>,
    ) -> Result<Self, GarbleError> {
        let constants = outside(name, program, given)?;
        let mut types = Types { name, program, constants, shapes: BTreeMap::new() };
        types.evaluate_constants()?;
        let names: BTreeSet<&'p str> =
            program.struct_defs.keys().chain(program.enum_defs.keys()).map(String::as_str).collect();
        for name in names {
            types.define(name, &mut Vec::new())?;
        }
        Ok(types)
    }

    /// The constants from outside, as garble_lang has them.
    pub(super) fn literals(&self) -> GarbleConsts {
        let mut literals = GarbleConsts::new();
        for (constant, ty) in asked(self.program) {
            let (Some(value), Some((party, name))) =
                (self.constants.get(&constant), constant.split_once("::"))
            else {
                continue;
            };
            let literal = match ty {
                Type::Unsigned(ty) => Literal::NumUnsigned(*value as u64, ty),
                Type::Signed(ty) => Literal::NumSigned(*value as i64, ty),
                _ => Literal::from(*value == 1),
            };
            literals.entry(party.to_owned()).or_default().insert(name.to_owned(), literal);
        }
        literals
    }

    /// A type's number of wires.
    pub(super) fn width(&self, ty: &Type) -> Result<usize, GarbleError> {
        Ok(match ty {
            Type::Bool => 1,
            Type::Unsigned(_) | Type::Signed(_) => number_width(ty) as usize,
            Type::Tuple(fields) => {
                let widths = fields.iter().map(|field| self.width(field)).sum::<Result<usize, _>>()?;
                self.checked_width(ty, Some(widths))?
            }
            Type::Array(..) | Type::ArrayConst(..) | Type::ArrayConstExpr(..) => {
                let (count, width) = self.elements(ty)?;
                self.checked_width(ty, count.checked_mul(width))?
            }
            ty => self.shape(ty)?.width() as usize,
        })
    }

    fn checked_width(&self, ty: &Type, width: Option<usize>) -> Result<usize, GarbleError> {
        width.filter(|&width| width as u64 <= WIDEST).ok_or_else(|| self.too_wide(&ty.to_string()))
    }

    /// A type as a shape.
    pub(super) fn shape(&self, ty: &Type) -> Result<Cow<'_, Shape>, GarbleError> {
        if let Type::Struct(name) | Type::Enum(name) | Type::UntypedTopLevelDefinition(name, _) = ty {
            let shape = self.shapes.get(name.as_str());
            return shape.map(Cow::Borrowed).ok_or_else(|| self.gave_up(format!("type {name} is unknown")));
        }
        let shape = self.built(ty)?;
        if shape.width() > WIDEST { Err(self.too_wide(&ty.to_string())) } else { Ok(Cow::Owned(shape)) }
    }

    fn built(&self, ty: &Type) -> Result<Shape, GarbleError> {
        Ok(match ty {
            Type::Bool => Shape::Bool,
            Type::Unsigned(_) => Shape::Uint(number_width(ty)),
            Type::Signed(_) => Shape::Int(number_width(ty)),
            Type::Array(element, _) | Type::ArrayConst(element, _) | Type::ArrayConstExpr(element, _) => {
                let (count, _) = self.elements(ty)?;
                Shape::Array(Box::new(self.shape(element)?.into_owned()), count as u32)
            }
            Type::Tuple(fields) => {
                let fields = fields.iter().map(|field| Ok(self.shape(field)?.into_owned()));
                Shape::Tuple(fields.collect::<Result<_, GarbleError>>()?)
            }
            _ => return Err(self.gave_up(format!("{ty} is no type of a value"))),
        })
    }

    /// How many elements an array has and how wide they are.
    pub(super) fn elements(&self, ty: &Type) -> Result<(usize, usize), GarbleError> {
        let (element, count) = match ty {
            Type::Array(element, count) => (element, *count as i128),
            Type::ArrayConst(element, count) => (element, self.constant(count)?),
            Type::ArrayConstExpr(element, count) => (element, self.number(count)?),
            _ => return Err(self.gave_up(format!("{ty} is no array"))),
        };
        let count = u32::try_from(count).map_err(|_| self.too_wide(&ty.to_string()))?;
        Ok((count as usize, self.width(element)?))
    }

    /// The value of a constant of the program.
    pub(super) fn constant(&self, name: &str) -> Result<i128, GarbleError> {
        let value = self.constants.get(name).copied();
        value.ok_or_else(|| self.gave_up(format!("constant {name} is unknown")))
    }

    pub(super) fn constant_type(&self, name: &str) -> Option<&'p Type> {
        self.program.const_defs.get(name).map(|definition| &definition.ty)
    }

    pub(super) fn gave_up(&self, reason: String) -> GarbleError {
        GarbleError::GaveUp { name: self.name.to_owned(), reason }
    }

    pub(super) fn too_large(&self, what: String, advice: &'static str) -> GarbleError {
        GarbleError::TooLarge { name: self.name.to_owned(), what, advice }
    }

    fn too_wide(&self, ty: &str) -> GarbleError {
        let what = format!("a value of type {ty} has more than {WIDEST} bits");
        self.too_large(what, "make arrays smaller, or run the program once for every row")
    }

    /// Finds the shape of a struct or enum after those that it holds; `above` are those that hold it.
    fn define(&mut self, name: &'p str, above: &mut Vec<&'p str>) -> Result<(), GarbleError> {
        if self.shapes.contains_key(name) {
            return Ok(());
        }
        if above.contains(&name) {
            let what = format!("type {name} holds itself, so its values would never end");
            return Err(self.too_large(what, "break the circle"));
        }
        above.push(name);
        let program = self.program;
        let shape = if let Some(definition) = program.struct_defs.get(name) {
            let mut fields = Vec::new();
            for (field, ty) in &definition.fields {
                self.define_inside(ty, above)?;
                fields.push(Field { name: field.clone(), shape: self.shape(ty)?.into_owned() });
            }
            Shape::Struct { name: name.to_owned(), fields }
        } else {
            let definition = program.enum_defs.get(name);
            let mut variants = Vec::new();
            for variant in definition.map_or(&[][..], |definition| &definition.variants) {
                let (name, types) = match variant {
                    GarbleVariant::Unit(name) => (name, &[][..]),
                    GarbleVariant::Tuple(name, types) => (name, types.as_slice()),
                };
                let mut fields = Vec::new();
                for ty in types {
                    self.define_inside(ty, above)?;
                    fields.push(self.shape(ty)?.into_owned());
                }
                variants.push(Variant { name: name.clone(), fields });
            }
            Shape::Enum { name: name.to_owned(), variants }
        };
        if shape.width() > WIDEST {
            return Err(self.too_wide(name));
        }
        above.pop();
        self.shapes.insert(name, shape);
        Ok(())
    }

    fn define_inside(&mut self, ty: &'p Type, above: &mut Vec<&'p str>) -> Result<(), GarbleError> {
        match ty {
            Type::Struct(name) | Type::Enum(name) | Type::UntypedTopLevelDefinition(name, _) => {
                self.define(name, above)
            }
            Type::Array(inner, _) | Type::ArrayConst(inner, _) | Type::ArrayConstExpr(inner, _) => {
                self.define_inside(inner, above)
            }
            Type::Tuple(fields) => fields.iter().try_for_each(|field| self.define_inside(field, above)),
            _ => Ok(()),
        }
    }

    /// In the order of the text, as a constant may only use those before it.
    fn evaluate_constants(&mut self) -> Result<(), GarbleError> {
        let mut definitions: Vec<(&String, &ConstDef)> = self.program.const_defs.iter().collect();
        definitions.sort_by_key(|(_, definition)| definition.meta);
        for (constant, definition) in definitions {
            let value = self.number(&definition.value)?;
            if !fits(&definition.ty, value) {
                let expected = expected(&definition.ty);
                let (name, constant) = (self.name.to_owned(), constant.clone());
                return Err(GarbleError::BadConstant { name, constant, expected });
            }
            self.constants.insert(constant.clone(), value);
        }
        Ok(())
    }

    fn number(&self, ConstExpr(value, _): &ConstExpr) -> Result<i128, GarbleError> {
        let all =
            |parts: &[ConstExpr]| parts.iter().map(|part| self.number(part)).collect::<Result<Vec<_>, _>>();
        Ok(match value {
            ConstExprEnum::True => 1,
            ConstExprEnum::False => 0,
            ConstExprEnum::NumUnsigned(number, _) => i128::from(*number),
            ConstExprEnum::NumSigned(number, _) => i128::from(*number),
            ConstExprEnum::ExternalValue { party, identifier } => {
                self.constant(&format!("{party}::{identifier}"))?
            }
            ConstExprEnum::ConstExprIdent(name) => self.constant(name)?,
            ConstExprEnum::Max(parts) => all(parts)?.into_iter().max().unwrap_or(0),
            ConstExprEnum::Min(parts) => all(parts)?.into_iter().min().unwrap_or(0),
            // Each part fits 65 bits and a text of a megabyte cannot add up enough of them to leave 128.
            ConstExprEnum::Add(left, right) => self.number(left)? + self.number(right)?,
            ConstExprEnum::Sub(left, right) => self.number(left)? - self.number(right)?,
        })
    }
}

/// The constants that were given, by the names that the program has for them.
fn outside(
    name: &str,
    program: &TypedProgram,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, i128>, GarbleError> {
    let asked = asked(program);
    let short = |constant: &str| constant.rsplit("::").next().unwrap_or_default().to_owned();
    for constant in given.keys() {
        if !asked.keys().any(|asked| asked == constant || short(asked) == *constant) {
            let constants = asked.keys().cloned().collect();
            let (name, constant) = (name.to_owned(), constant.clone());
            return Err(GarbleError::UnknownConstant { name, constant, constants });
        }
    }
    let value = |(constant, ty): (String, Type)| {
        let Some(text) = given.get(&constant).or_else(|| given.get(&short(&constant))) else {
            let (name, ty) = (name.to_owned(), ty.to_string());
            return Err(GarbleError::MissingConstant { name, constant, ty });
        };
        let value = match (&ty, text.as_str()) {
            (Type::Bool, "true") => Some(1),
            (Type::Bool, "false") => Some(0),
            (Type::Bool, _) => None,
            (_, text) => text.parse().ok().filter(|value| fits(&ty, *value)),
        };
        match value {
            Some(value) => Ok((constant, value)),
            None => {
                let (name, expected) = (name.to_owned(), expected(&ty));
                Err(GarbleError::BadConstant { name, constant, expected })
            }
        }
    };
    asked.into_iter().map(value).collect()
}

fn range(ty: &Type) -> (i128, i128) {
    let width = number_width(ty);
    match ty {
        Type::Bool => (0, 1),
        Type::Signed(_) => (-(1 << (width - 1)), (1 << (width - 1)) - 1),
        _ => (0, (1 << width) - 1),
    }
}

fn fits(ty: &Type, value: i128) -> bool {
    let (least, most) = range(ty);
    (least..=most).contains(&value)
}

fn expected(ty: &Type) -> String {
    let (least, most) = range(ty);
    if *ty == Type::Bool { "true or false".to_owned() } else { format!("{least} to {most} ({ty})") }
}

/// The bits of a number. One whose type nothing says has 32, as in garble_lang.
fn number_width(ty: &Type) -> u32 {
    match ty {
        Type::Unsigned(UnsignedNumType::U8) | Type::Signed(SignedNumType::I8) => 8,
        Type::Unsigned(UnsignedNumType::U16) | Type::Signed(SignedNumType::I16) => 16,
        Type::Unsigned(UnsignedNumType::U64) | Type::Signed(SignedNumType::I64) => 64,
        _ => 32,
    }
}
