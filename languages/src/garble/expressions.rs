//! Gates for expressions.

use std::rc::Rc;

use garble_lang::ast::{BuiltInFnCall, Expr, ExprEnum, Pattern, Type, UnaryOp, VariantExprEnum};
use garble_lang::token::MetaInfo;
use halfgate_circuits::{Bit, Shape, tag_width};

use super::generate::{Generator, Made, Wires, choose};

pub(super) type Expression = Expr<Type>;

impl<'b, 'p> Generator<'b, 'p> {
    /// The value of an expression, as wide as its type.
    pub(super) fn value(&mut self, expression: &'p Expression) -> Made<Wires<'b>> {
        let value = self.raw(expression)?;
        // What has a name already takes no work.
        self.count(if matches!(expression.inner, ExprEnum::Identifier(_)) { 0 } else { value.len() })?;
        self.fitted(value, &expression.ty, expression.meta)
    }

    fn raw(&mut self, expression: &'p Expression) -> Made<Wires<'b>> {
        let Expr { inner, meta, ty } = expression;
        match inner {
            ExprEnum::True => Ok(Rc::from([self.builder.constant(true)])),
            ExprEnum::False => Ok(Rc::from([self.builder.constant(false)])),
            ExprEnum::NumUnsigned(number, _) => self.number(i128::from(*number), ty),
            ExprEnum::NumSigned(number, _) => self.number(i128::from(*number), ty),
            ExprEnum::Identifier(name) => self.named(name),
            ExprEnum::ArrayLiteral(parts) | ExprEnum::TupleLiteral(parts) => self.all(parts),
            ExprEnum::ArrayRepeatLiteral(..) | ExprEnum::ArrayRepeatLiteralConst(..) => {
                self.repeated(inner, ty)
            }
            ExprEnum::ArrayAccess(..) | ExprEnum::TupleAccess(..) | ExprEnum::StructAccess(..) => {
                Ok(self.view(expression)?.wires())
            }
            ExprEnum::StructLiteral(_, fields) => self.structure(fields, ty),
            ExprEnum::EnumLiteral(_, variant, fields) => self.variant(variant, fields, ty),
            ExprEnum::Match(value, clauses) => self.chosen(value, clauses),
            ExprEnum::UnaryOp(UnaryOp::Not, value) => {
                Ok(self.value(value)?.iter().map(|&bit| !bit).collect())
            }
            ExprEnum::UnaryOp(UnaryOp::Neg, value) => {
                let value = self.value(value)?;
                Ok(self.negated(&value, *meta))
            }
            ExprEnum::Op(operator, left, right) => self.operation(*operator, left, right, *meta),
            ExprEnum::Block(statements) => self.block(statements),
            ExprEnum::FnCall(name, arguments) => {
                let program = self.program;
                let function = program.fn_defs.get(name);
                let function =
                    function.ok_or_else(|| self.types.gave_up(format!("function {name} is unknown")))?;
                let arguments = arguments.iter().map(|argument| self.value(argument)).collect::<Made<_>>()?;
                self.call(function, arguments)
            }
            ExprEnum::BuiltInFnCall(BuiltInFnCall::Join { join_ty, has_assoc_data, args }) => match &args[..]
            {
                [left, right] => self.join(join_ty, left, right, *has_assoc_data),
                _ => Err(self.types.gave_up("a join has two arguments".to_owned())),
            },
            ExprEnum::If(condition, then, otherwise) => self.branches(condition, then, otherwise),
            ExprEnum::Cast(_, value) => {
                let signed = matches!(value.ty, Type::Signed(_));
                let value = self.value(value)?;
                Ok(self.extended(&value, self.types.width(ty)?, signed))
            }
            ExprEnum::Range(from, to, _) => {
                let (count, width) = self.types.elements(ty)?;
                self.count(count * width)?;
                let numbers =
                    (*from..*to).flat_map(|number| (0..width).map(move |bit| number >> bit & 1 == 1));
                Ok(numbers.map(|bit| self.builder.constant(bit)).collect())
            }
        }
    }

    /// A value as wide as its type. Numbers without a type of their own have 32 bits, and may have become part of an
    /// expression of another width.
    pub(super) fn fitted(&mut self, value: Wires<'b>, ty: &Type, place: MetaInfo) -> Made<Wires<'b>> {
        let width = self.types.width(ty)?;
        if value.len() == width {
            return Ok(value);
        }
        let signed = matches!(ty, Type::Signed(_));
        if !signed && !matches!(ty, Type::Unsigned(_)) {
            let (line, column) = (place.start.0 + 1, place.start.1 + 1);
            let what =
                format!("the numbers of the value at {line}:{column} have other types than its place has");
            return Err(self.types.too_large(what, "write the type of each number, as in 5u8"));
        }
        let fitted = self.extended(&value, width, signed);
        if let Some(lost) = value.get(width..) {
            let sign = if signed { fitted[width - 1] } else { self.builder.constant(false) };
            let lost = self.builder.bits(lost.iter().map(|&bit| bit ^ sign)).any();
            self.stop_if(lost, "overflow", place);
        }
        Ok(fitted)
    }

    pub(super) fn extended(&self, value: &[Bit<'b>], width: usize, signed: bool) -> Wires<'b> {
        let zero = self.builder.constant(false);
        let fill = value.last().copied().filter(|_| signed).unwrap_or(zero);
        (0..width).map(|bit| value.get(bit).copied().unwrap_or(fill)).collect()
    }

    pub(super) fn number(&self, number: i128, ty: &Type) -> Made<Wires<'b>> {
        let width = self.types.width(ty)?;
        Ok((0..width).map(|bit| self.builder.constant(number >> bit & 1 == 1)).collect())
    }

    /// A variable, or else a constant.
    fn named(&self, name: &'p str) -> Made<Wires<'b>> {
        if let Some(value) = self.scopes.iter().rev().find_map(|scope| scope.get(name)) {
            return Ok(Rc::clone(value));
        }
        let ty = self.types.constant_type(name);
        let ty = ty.ok_or_else(|| self.types.gave_up(format!("name {name} is unknown")))?;
        self.number(self.types.constant(name)?, ty)
    }

    fn all(&mut self, parts: &'p [Expression]) -> Made<Wires<'b>> {
        let mut wires = Vec::new();
        for part in parts {
            wires.extend_from_slice(&self.value(part)?);
        }
        Ok(wires.into())
    }

    fn repeated(&mut self, literal: &'p ExprEnum<Type>, ty: &Type) -> Made<Wires<'b>> {
        let (count, width) = self.types.elements(ty)?;
        let (ExprEnum::ArrayRepeatLiteral(element, _) | ExprEnum::ArrayRepeatLiteralConst(element, _)) =
            literal
        else {
            return Ok(self.unit());
        };
        self.count(count * width)?;
        Ok(self.value(element)?.repeat(count).into())
    }

    fn structure(&mut self, fields: &'p [(String, Expression)], ty: &Type) -> Made<Wires<'b>> {
        let mut wires = vec![self.builder.constant(false); self.types.width(ty)?];
        for (field, value) in fields {
            let (at, width) = self.struct_field(ty, field)?;
            wires[at..at + width].copy_from_slice(&self.value(value)?);
        }
        Ok(wires.into())
    }

    fn variant(&mut self, variant: &str, fields: &'p VariantExprEnum<Type>, ty: &Type) -> Made<Wires<'b>> {
        let (number, tag, _) = self.variant_of(ty, variant)?;
        let mut wires: Vec<Bit<'b>> =
            (0..tag).map(|bit| self.builder.constant(number >> bit & 1 == 1)).collect();
        if let VariantExprEnum::Tuple(fields) = fields {
            wires.extend_from_slice(&self.all(fields)?);
        }
        Ok(self.extended(&wires, self.types.width(ty)?, false))
    }

    /// The tag of a variant, the tag's width, and the widths of its fields.
    pub(super) fn variant_of(&self, ty: &Type, name: &str) -> Made<(usize, usize, Vec<usize>)> {
        let shape = self.types.shape(ty)?;
        let Shape::Enum { variants, .. } = &*shape else {
            return Err(self.types.gave_up(format!("{ty} is no enum")));
        };
        let number = variants.iter().position(|variant| variant.name == name);
        let number = number.ok_or_else(|| self.types.gave_up(format!("{ty} has no variant {name}")))?;
        let widths = variants[number].fields.iter().map(|field| field.width() as usize).collect();
        Ok((number, tag_width(variants.len()) as usize, widths))
    }

    /// Where a field of a struct begins, and its width.
    pub(super) fn struct_field(&self, ty: &Type, name: &str) -> Made<(usize, usize)> {
        let mut at = 0;
        if let Shape::Struct { fields, .. } = &*self.types.shape(ty)? {
            for field in fields {
                let width = field.shape.width() as usize;
                if field.name == name {
                    return Ok((at, width));
                }
                at += width;
            }
        }
        Err(self.types.gave_up(format!("{ty} has no field {name}")))
    }

    pub(super) fn tuple_field(&self, ty: &Type, index: usize) -> Made<(usize, usize)> {
        match ty {
            Type::Tuple(fields) if index < fields.len() => {
                let before =
                    fields[..index].iter().map(|field| self.types.width(field)).sum::<Made<usize>>()?;
                Ok((before, self.types.width(&fields[index])?))
            }
            _ => Err(self.types.gave_up(format!("{ty} has no field {index}"))),
        }
    }

    fn branches(
        &mut self,
        condition: &'p Expression,
        then: &'p Expression,
        otherwise: &'p Expression,
    ) -> Made<Wires<'b>> {
        let condition = self.value(condition)?[0];
        let (before, reached) = (self.scopes.clone(), self.reached);
        self.reached = reached & condition;
        let then = self.value(then)?;
        let after_then = std::mem::replace(&mut self.scopes, before);
        self.reached = reached & !condition;
        let otherwise = self.value(otherwise)?;
        self.reached = reached;
        self.choose_scopes(!condition, after_then);
        Ok(choose(condition, &then, &otherwise))
    }

    /// The clause whose pattern matches first. Patterns cover all values, so the last needs no condition.
    fn chosen(
        &mut self,
        value: &'p Expression,
        clauses: &'p [(Pattern<Type>, Expression)],
    ) -> Made<Wires<'b>> {
        let value = self.value(value)?;
        let (before, reached) = (self.scopes.clone(), self.reached);
        let mut open = reached;
        let mut cases = Vec::with_capacity(clauses.len());
        for (pattern, result) in clauses {
            self.scopes = before.clone();
            self.scopes.push(Default::default());
            let matches = self.pattern(pattern, &value)?;
            self.reached = open & matches;
            let result = self.value(result)?;
            self.scopes.pop();
            open = open & !matches;
            cases.push((matches, result, std::mem::take(&mut self.scopes)));
        }
        self.reached = reached;
        let Some((_, mut result, scopes)) = cases.pop() else { return Ok(self.unit()) };
        self.scopes = scopes;
        for (matches, case, scopes) in cases.into_iter().rev() {
            result = choose(matches, &case, &result);
            self.choose_scopes(!matches, scopes);
        }
        Ok(result)
    }

    pub(super) fn check_index(&mut self, index: &[Bit<'b>], count: usize, place: MetaInfo) {
        let inside = self.uint(index).lt(&self.builder.constant_uint(index.len(), count as u128));
        self.stop_if(!inside, "index out of bounds", place);
    }

    /// The element at an index; anything if there is none.
    pub(super) fn element(
        &self,
        array: &[Bit<'b>],
        count: usize,
        width: usize,
        index: &[Bit<'b>],
    ) -> Wires<'b> {
        if count == 0 {
            return self.extended(&[], width, false);
        }
        if let Some(place) = known(index) {
            let at = place.min(count - 1) * width;
            return array[at..at + width].into();
        }
        let mut level: Vec<Wires<'b>> = array.chunks_exact(width.max(1)).map(Rc::from).collect();
        level.resize(count, self.unit());
        for &bit in index.iter().take(tag_width(count) as usize) {
            let halves = level.chunks(2).map(|pair| match pair {
                [even, odd] => choose(bit, odd, even),
                rest => Rc::clone(&rest[0]),
            });
            level = halves.collect();
        }
        Rc::clone(&level[0])
    }
}

/// The number that the bits are, where none of them depends on an input; at most `usize::MAX`.
pub(super) fn known(bits: &[Bit<'_>]) -> Option<usize> {
    bits.iter().enumerate().try_fold(0, |number, (place, bit)| {
        let bit = usize::from(bit.known()?);
        Some(if place < usize::BITS as usize { number | bit << place } else { number })
    })
}
