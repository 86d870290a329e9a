//! Parts of values, read and assigned where they lie: a loop over a large array would take the square of its size if each
//! access copied the whole.

use std::rc::Rc;

use garble_lang::ast::{Accessor, ExprEnum, Type};
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

/// A part of a value where it lies.
pub(super) struct View<'b> {
    whole: Wires<'b>,
    at: usize,
    width: usize,
}

impl<'b> View<'b> {
    fn of(whole: Wires<'b>) -> Self {
        View { at: 0, width: whole.len(), whole }
    }

    fn part(self, (at, width): (usize, usize)) -> Self {
        View { at: self.at + at, width, ..self }
    }

    fn bits(&self) -> &[Bit<'b>] {
        &self.whole[self.at..self.at + self.width]
    }

    /// The part by itself.
    pub(super) fn wires(&self) -> Wires<'b> {
        if self.width == self.whole.len() { Rc::clone(&self.whole) } else { self.bits().into() }
    }
}

impl<'b, 'p> Generator<'b, 'p> {
    /// Where the value of an expression lies, as wide as its type.
    pub(super) fn view(&mut self, expression: &'p Expression) -> Made<View<'b>> {
        let view = match &expression.inner {
            ExprEnum::ArrayAccess(array, index) => {
                let (count, width) = self.types.elements(&array.ty)?;
                let array = self.view(array)?;
                let index = self.value(index)?;
                self.check_index(&index, count, expression.meta);
                match known(&index) {
                    Some(place) if count > 0 => array.part((place.min(count - 1) * width, width)),
                    _ => {
                        self.count(array.width)?;
                        View::of(self.element(array.bits(), count, width, &index))
                    }
                }
            }
            ExprEnum::TupleAccess(tuple, index) => {
                let part = self.tuple_field(&tuple.ty, *index)?;
                self.view(tuple)?.part(part)
            }
            ExprEnum::StructAccess(structure, field) => {
                let part = self.struct_field(&structure.ty, field)?;
                self.view(structure)?.part(part)
            }
            _ => return Ok(View::of(self.value(expression)?)),
        };
        if view.width == self.types.width(&expression.ty)? {
            return Ok(view);
        }
        Ok(View::of(self.fitted(view.wires(), &expression.ty, expression.meta)?))
    }

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
        let Some((at, width, rest)) = known_part(&steps, old.len()) else { return Ok(()) };
        let part = match rest {
            [] => value,
            rest => self.replaced(&old[at..at + width].into(), rest, &value),
        };
        drop(old);
        self.overwrite(scope, name, at, &part)
    }

    /// Replaces a part of what a name stands for; without a copy of the rest if nothing else stands for it, too.
    fn overwrite(&mut self, scope: usize, name: &'p str, at: usize, part: &Wires<'b>) -> Made<()> {
        let whole = self.scopes[scope].get(name);
        let is_own = whole.is_some_and(|whole| Rc::strong_count(whole) == 1);
        self.count(if is_own { part.len() } else { whole.map_or(0, |whole| whole.len()) })?;
        if let Some(whole) = self.scopes[scope].get_mut(name) {
            if whole.len() == part.len() {
                *whole = Rc::clone(part);
            } else {
                Rc::make_mut(whole)[at..at + part.len()].copy_from_slice(part);
            }
        }
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

/// The part that the first steps lead to, as far as they are known while the circuit is made, and the steps that are left;
/// nothing if they lead out of an array.
fn known_part<'s, 'b>(steps: &'s [Step<'b>], width: usize) -> Option<(usize, usize, &'s [Step<'b>])> {
    let (mut at, mut width) = (0, width);
    for (place, step) in steps.iter().enumerate() {
        let (from, part) = match step {
            Step::Part { at, width } => (*at, *width),
            Step::Element { count, width: part, index } => match known(index) {
                Some(index) if index < *count => (index * part, *part),
                Some(_) => return None,
                None => return Some((at, width, &steps[place..])),
            },
        };
        (at, width) = (at + from, part);
    }
    Some((at, width, &[]))
}

fn part<'b>((at, width): (usize, usize)) -> Step<'b> {
    Step::Part { at, width }
}
