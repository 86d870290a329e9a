//! Gates for assignments to variables and to parts of them.

use std::rc::Rc;

use garble_lang::ast::{Accessor, Type};
use garble_lang::token::MetaInfo;
use halfgate_circuits::{Bit, tag_width};

use super::expressions::{Expression, known};
use super::generate::{Generator, Made, Wires};

/// A step from a value to one of its parts.
enum Step<'b> {
    /// The element of an array at an index that is known only when the circuit runs.
    Element { count: usize, width: usize, index: Wires<'b> },
    /// The wires from a place on.
    Part { at: usize, width: usize },
}

impl<'b, 'p> Generator<'b, 'p> {
    /// `name.field[index] = value`; indices are computed before the value.
    pub(super) fn assign(
        &mut self,
        name: &'p str,
        way: &'p [(Accessor<Type>, MetaInfo)],
        value: &'p Expression,
        place: MetaInfo,
    ) -> Made<()> {
        let mut steps = Vec::with_capacity(way.len());
        for (accessor, _) in way {
            steps.push(match accessor {
                Accessor::ArrayAccess { array_ty, index } => {
                    let (count, width) = self.types.elements(array_ty)?;
                    let index = self.value(index)?;
                    self.check_index(&index, count, place);
                    Step::Element { count, width, index }
                }
                Accessor::TupleAccess { tuple_ty, index } => part(self.tuple_field(tuple_ty, *index)?),
                Accessor::StructAccess { struct_ty, field } => part(self.struct_field(struct_ty, field)?),
            });
        }
        let value = self.value(value)?;
        let scope = self.scopes.iter().rposition(|scope| scope.contains_key(name));
        let scope = scope.ok_or_else(|| self.types.gave_up(format!("variable {name} is unknown")))?;
        let old = Rc::clone(&self.scopes[scope][name]);
        self.count(old.len())?;
        let new = self.replaced(&old, &steps, &value);
        self.scopes[scope].insert(name, new);
        Ok(())
    }

    /// The whole with a part of it replaced.
    fn replaced(&self, whole: &Wires<'b>, steps: &[Step<'b>], value: &Wires<'b>) -> Wires<'b> {
        let Some((step, rest)) = steps.split_first() else { return Rc::clone(value) };
        let mut new = whole.to_vec();
        match step {
            Step::Part { at, width } => {
                let part = self.replaced(&whole[*at..at + width].into(), rest, value);
                new[*at..at + width].copy_from_slice(&part);
            }
            Step::Element { count, width, index } => {
                let old = self.element(whole, *count, *width, index);
                let element = self.replaced(&old, rest, value);
                if let Some(place) = known(index) {
                    if place < *count {
                        new[place * width..][..*width].copy_from_slice(&element);
                    }
                    return new.into();
                }
                for place in 0..*count {
                    let here = self.is_index(index, place, *count);
                    for (bit, element) in new[place * width..][..*width].iter_mut().zip(element.iter()) {
                        *bit = Bit::mux(here, element, bit);
                    }
                }
            }
        }
        new.into()
    }

    /// Whether an index that lies inside is this one.
    fn is_index(&self, index: &[Bit<'b>], place: usize, count: usize) -> Bit<'b> {
        let digits = tag_width(count) as usize;
        let low = self.uint(&index[..digits.min(index.len())]);
        low.eq(&self.builder.constant_uint(low.width(), place as u128))
    }
}

fn part<'b>((at, width): (usize, usize)) -> Step<'b> {
    Step::Part { at, width }
}
