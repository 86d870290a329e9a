//! Gates that join two sorted tables, as in Huang, Evans, Katz, "Private Set Intersection: Are Garbled Circuits Better
//! than Custom Protocols?" (NDSS 2012), section 5: merge them, then compare neighbours.

use std::rc::Rc;

use garble_lang::ast::Type;
use halfgate_circuits::{Bit, Shape};

use super::expressions::Expression;
use super::generate::{Generator, Made, Wires, choose};

/// A row with what it is sorted by, least significant bit first.
#[derive(Clone)]
struct Row<'b> {
    order: Wires<'b>,
    /// Whether it comes from the second table.
    second: Bit<'b>,
    key: Wires<'b>,
    wires: Wires<'b>,
}

impl<'b, 'p> Generator<'b, 'p> {
    /// Neighbours in the merged tables: whether they have one key, and both rows, or only the first of them.
    pub(super) fn joined(
        &mut self,
        key: &Type,
        left: &'p Expression,
        right: &'p Expression,
        both: bool,
    ) -> Made<Vec<(Bit<'b>, Wires<'b>)>> {
        let shape = self.types.shape(key)?;
        let widths = [self.types.elements(&left.ty)?.1, self.types.elements(&right.ty)?.1];
        let mut rows = self.rows(left, &shape, false)?;
        let second = self.rows(right, &shape, true)?;
        let empty = (rows.len() + second.len()).next_power_of_two() - rows.len() - second.len();
        let zero = self.builder.constant(false);
        // The order of a row ends in whether it is one; those that fill up come first.
        let order = shape.width() as usize + 2;
        let filler =
            Row { order: vec![zero; order].into(), second: zero, key: self.unit(), wires: self.unit() };
        rows.splice(0..0, std::iter::repeat_n(filler, empty));
        rows.extend(second.into_iter().rev());
        self.merge(&mut rows, true)?;
        let mut pairs = Vec::new();
        for pair in rows.get(empty..).unwrap_or_default().windows(2) {
            let [first, next] = [&pair[0], &pair[1]];
            let equal = self.bits(&first.key).eq(&self.bits(&next.key)) & (first.second ^ next.second);
            let mut wires = first.wires[..widths[0]].to_vec();
            if both {
                wires.extend_from_slice(&next.wires[..widths[1]]);
            }
            pairs.push((equal, wires.into()));
        }
        Ok(pairs)
    }

    /// `join(left, right)`: the pairs of one key, each behind a `true`, after the others, which are zero.
    pub(super) fn join(
        &mut self,
        key: &Type,
        left: &'p Expression,
        right: &'p Expression,
        both: bool,
    ) -> Made<Wires<'b>> {
        let pairs = self.joined(key, left, right, both)?;
        let row = |(equal, wires): (Bit<'b>, Wires<'b>)| Row {
            order: Rc::from([equal]),
            second: equal,
            key: Rc::from([]),
            wires: std::iter::once(equal).chain(wires.iter().map(|&bit| bit & equal)).collect(),
        };
        let mut rows: Vec<Row<'b>> = pairs.into_iter().map(row).collect();
        self.sort(&mut rows, true)?;
        Ok(rows.iter().flat_map(|row| row.wires.iter().copied()).collect())
    }

    fn rows(&mut self, table: &'p Expression, key: &Shape, second: bool) -> Made<Vec<Row<'b>>> {
        let (count, width) = self.types.elements(&table.ty)?;
        let table = self.value(table)?;
        let (second, one) = (self.builder.constant(second), self.builder.constant(true));
        let key_width = key.width() as usize;
        (0..count)
            .map(|row| {
                let wires = &table[row * width..][..width];
                let mut order = vec![second];
                self.order(key, &wires[..key_width], &mut order)?;
                order.push(one);
                Ok(Row { order: order.into(), second, key: wires[..key_width].into(), wires: wires.into() })
            })
            .collect()
    }

    /// The bits of a key, those of its last part lowest.
    fn order(&self, key: &Shape, wires: &[Bit<'b>], order: &mut Vec<Bit<'b>>) -> Made<()> {
        let parts: Vec<&Shape> = match key {
            Shape::Bool | Shape::Uint(_) | Shape::Int(_) => {
                order.extend_from_slice(wires);
                return Ok(());
            }
            Shape::Array(element, count) => vec![element; *count as usize],
            Shape::Tuple(fields) => fields.iter().collect(),
            Shape::Struct { fields, .. } => fields.iter().map(|field| &field.shape).collect(),
            shape => {
                let what = format!("tables are joined by a key of type {shape}, which has no order");
                return Err(self.types.too_large(what, "join them by numbers"));
            }
        };
        let mut end = wires.len();
        for part in parts.into_iter().rev() {
            let start = end - part.width() as usize;
            self.order(part, &wires[start..end], order)?;
            end = start;
        }
        Ok(())
    }

    /// Sorts what first rises and then falls.
    fn merge(&mut self, rows: &mut [Row<'b>], ascending: bool) -> Made<()> {
        if rows.len() <= 1 {
            return Ok(());
        }
        let half = rows.len().next_power_of_two() / 2;
        let (low, high) = rows.split_at_mut(half);
        for (first, second) in low.iter_mut().zip(high) {
            self.count(first.wires.len())?;
            // Of two that are alike the first stays first where rows rise, and not where they fall: results have an order.
            let swap = self.less(&second.order, &first.order, false) ^ self.builder.constant(!ascending);
            let (a, b) = (first.clone(), second.clone());
            *first = self.chosen_row(swap, &b, &a);
            *second = self.other_row(&a, &b, first);
        }
        let (low, high) = rows.split_at_mut(half);
        self.merge(low, ascending)?;
        self.merge(high, ascending)
    }

    fn sort(&mut self, rows: &mut [Row<'b>], ascending: bool) -> Made<()> {
        if rows.len() <= 1 {
            return Ok(());
        }
        let half = rows.len() / 2;
        let (low, high) = rows.split_at_mut(half);
        self.sort(low, !ascending)?;
        self.sort(high, ascending)?;
        self.merge(rows, ascending)
    }

    fn chosen_row(&self, condition: Bit<'b>, first: &Row<'b>, second: &Row<'b>) -> Row<'b> {
        let wide =
            |wires: &Wires<'b>, other: &Wires<'b>| self.extended(wires, wires.len().max(other.len()), false);
        let chosen = |a: &Wires<'b>, b: &Wires<'b>| choose(condition, &wide(a, b), &wide(b, a));
        Row {
            order: chosen(&first.order, &second.order),
            second: condition.mux(&first.second, &second.second),
            key: chosen(&first.key, &second.key),
            wires: chosen(&first.wires, &second.wires),
        }
    }

    /// The one of two that was not taken: their exclusive or with the one that was, without another AND.
    fn other_row(&self, first: &Row<'b>, second: &Row<'b>, taken: &Row<'b>) -> Row<'b> {
        let other = |a: &Wires<'b>, b: &Wires<'b>, taken: &Wires<'b>| -> Wires<'b> {
            let (a, b) = (self.extended(a, taken.len(), false), self.extended(b, taken.len(), false));
            a.iter().zip(b.iter()).zip(taken.iter()).map(|((&a, &b), &taken)| a ^ b ^ taken).collect()
        };
        Row {
            order: other(&first.order, &second.order, &taken.order),
            second: first.second ^ second.second ^ taken.second,
            key: other(&first.key, &second.key, &taken.key),
            wires: other(&first.wires, &second.wires, &taken.wires),
        }
    }
}
