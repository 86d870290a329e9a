//! Gates for patterns: whether a value matches, and names for its parts.

use garble_lang::ast::{Pattern, PatternEnum, Type};
use halfgate_circuits::Bit;

use super::generate::{Generator, Made};

impl<'b, 'p> Generator<'b, 'p> {
    /// Whether the value matches; its parts get the names that the pattern has for them.
    pub(super) fn pattern(&mut self, pattern: &'p Pattern<Type>, value: &[Bit<'b>]) -> Made<Bit<'b>> {
        let Pattern(pattern, _, ty) = pattern;
        let always = self.builder.constant(true);
        match pattern {
            PatternEnum::Identifier(name) => {
                self.bind(name, value.into());
                Ok(always)
            }
            PatternEnum::True => Ok(value[0]),
            PatternEnum::False => Ok(!value[0]),
            PatternEnum::NumUnsigned(number, _) => self.equals(value, i128::from(*number), ty),
            PatternEnum::NumSigned(number, _) => self.equals(value, i128::from(*number), ty),
            PatternEnum::UnsignedInclusiveRange(from, to, _) => {
                self.within(value, i128::from(*from), i128::from(*to), ty)
            }
            PatternEnum::SignedInclusiveRange(from, to, _) => {
                self.within(value, i128::from(*from), i128::from(*to), ty)
            }
            PatternEnum::Tuple(fields) => {
                let mut matches = always;
                for (index, field) in fields.iter().enumerate() {
                    let (at, width) = self.tuple_field(ty, index)?;
                    matches = matches & self.pattern(field, &value[at..at + width])?;
                }
                Ok(matches)
            }
            PatternEnum::Struct(_, fields) | PatternEnum::StructIgnoreRemaining(_, fields) => {
                let mut matches = always;
                for (name, field) in fields {
                    let (at, width) = self.struct_field(ty, name)?;
                    matches = matches & self.pattern(field, &value[at..at + width])?;
                }
                Ok(matches)
            }
            PatternEnum::EnumUnit(_, variant) => self.variant_matches(ty, variant, &[], value),
            PatternEnum::EnumTuple(_, variant, fields) => self.variant_matches(ty, variant, fields, value),
        }
    }

    fn variant_matches(
        &mut self,
        ty: &Type,
        variant: &str,
        fields: &'p [Pattern<Type>],
        value: &[Bit<'b>],
    ) -> Made<Bit<'b>> {
        let (number, tag, widths) = self.variant_of(ty, variant)?;
        let expected = self.builder.constant_uint(tag, number as u128);
        let mut matches = self.uint(&value[..tag]).eq(&expected);
        let mut at = tag;
        for (field, width) in fields.iter().zip(widths) {
            matches = matches & self.pattern(field, &value[at..at + width])?;
            at += width;
        }
        Ok(matches)
    }

    fn equals(&self, value: &[Bit<'b>], number: i128, ty: &Type) -> Made<Bit<'b>> {
        Ok(self.bits(value).eq(&self.bits(&self.number(number, ty)?)))
    }

    fn within(&self, value: &[Bit<'b>], from: i128, to: i128, ty: &Type) -> Made<Bit<'b>> {
        let signed = matches!(ty, Type::Signed(_));
        let below = self.less(value, &self.number(from, ty)?, signed);
        let above = self.less(&self.number(to, ty)?, value, signed);
        Ok(!below & !above)
    }
}
