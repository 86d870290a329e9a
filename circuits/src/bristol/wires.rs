use std::collections::HashMap;

use super::BristolErrorKind as Kind;
use crate::WireId;

/// How many wires a file may speak of beyond the number of its bytes.
pub(super) const HEADROOM: u64 = 1 << 20;

/// So many inputs may stand in the table like all other wires: then looking one up takes no branch of its own, which
/// could not be foreseen.
const INPUTS_IN_TABLE: u32 = 1 << 16;

const UNDEFINED: u32 = u32::MAX;

/// From the wire numbers of a file to wires of the circuit.
///
/// Files may number their wires with gaps, so a table as large as the largest number would let a short file take any
/// amount of memory. The table reaches only to [`HEADROOM`] plus the bytes read so far; numbers beyond are kept in a
/// hash map until the table has grown up to them.
pub(super) struct WireMap {
    /// Wires below are inputs, the same in file and circuit.
    inputs: u32,
    /// The number of wires in the header.
    wires: u32,
    /// The first number in the table: that of the first gate if there are very many inputs, else zero.
    first: u32,
    /// At `n`: the wire for number `first + n` of the file.
    table: Vec<u32>,
    beyond: HashMap<u32, u32>,
    /// How long the table may become: never so long that it holds numbers that the header does not.
    limit: usize,
    next: u32,
}

impl WireMap {
    /// A map for `inputs ≤ wires < u32::MAX`.
    pub(super) fn new(inputs: u32, wires: u32) -> Self {
        let (first, table) =
            if inputs <= INPUTS_IN_TABLE { (0, (0..inputs).collect()) } else { (inputs, Vec::new()) };
        let mut map = WireMap { inputs, wires, first, table, beyond: HashMap::new(), limit: 0, next: inputs };
        map.set_bytes_read(0);
        map
    }

    /// Lets the table grow with the file.
    pub(super) fn set_bytes_read(&mut self, bytes: u64) {
        let limit = 1u64 << HEADROOM.saturating_add(bytes).ilog2();
        // At most `wires`, so it is no more than 32 bits.
        self.limit = limit.min(u64::from(self.wires - self.first)) as usize;
    }

    /// The wire for a number that has been defined, unless it lies beyond the table.
    #[inline]
    pub(super) fn find(&self, number: u32) -> Option<WireId> {
        let Some(place) = number.checked_sub(self.first) else { return Some(WireId::new(number)) };
        let wire = *self.table.get(place as usize)?;
        (wire != UNDEFINED).then_some(WireId::new(wire))
    }

    /// Makes the number stand for the next wire, if it has a free place in the table.
    #[inline]
    pub(super) fn define_near(&mut self, number: u32) -> Option<()> {
        let wire = self.table.get_mut(number.checked_sub(self.first)? as usize)?;
        if *wire != UNDEFINED {
            return None;
        }
        *wire = self.next;
        self.next += 1;
        Some(())
    }

    /// The wire for a number that has been defined.
    pub(super) fn get(&self, number: u64) -> Result<WireId, Kind> {
        if number < u64::from(self.inputs) {
            return Ok(WireId::new(number as u32));
        }
        let number = self.existing(number)?;
        if let Some(wire) = self.find(number) {
            return Ok(wire);
        }
        let wire = self.beyond.get(&number).ok_or(Kind::ReadBeforeWrite { wire: number.into() })?;
        Ok(WireId::new(*wire))
    }

    /// Makes the number stand for the next wire. As each number is defined once and lies below the number of wires, the
    /// wires never run out.
    pub(super) fn define(&mut self, number: u64) -> Result<(), Kind> {
        if number < u64::from(self.inputs) {
            return Err(Kind::InputWritten { wire: number });
        }
        let number = self.existing(number)?;
        let place = (number - self.first) as usize;
        if (self.table.len()..self.limit).contains(&place) {
            self.grow_over(place);
        }
        let slot = match self.table.get_mut(place) {
            Some(slot) => slot,
            None => self.beyond.entry(number).or_insert(UNDEFINED),
        };
        if *slot != UNDEFINED {
            return Err(Kind::WrittenTwice { wire: number.into() });
        }
        *slot = self.next;
        self.next += 1;
        Ok(())
    }

    fn existing(&self, number: u64) -> Result<u32, Kind> {
        match u32::try_from(number) {
            Ok(number) if number < self.wires => Ok(number),
            _ => Err(Kind::NoSuchWire { wire: number, wires: self.wires }),
        }
    }

    /// At least doubles the table or takes it to its limit, a power of two or final: moving wires over from the map
    /// happens rarely enough to cost little in all.
    fn grow_over(&mut self, place: usize) {
        let length = (2 * self.table.len()).max(place + 1).min(self.limit);
        self.table.reserve_exact(self.limit - self.table.len());
        self.table.resize(length, UNDEFINED);
        let (first, table) = (self.first, &mut self.table);
        self.beyond.retain(|number, wire| match table.get_mut((number - first) as usize) {
            Some(slot) => {
                *slot = *wire;
                false
            }
            None => true,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{HEADROOM, Kind, WireMap};
    use crate::WireId;

    #[test]
    fn inputs_are_themselves_and_cannot_be_written() {
        let mut map = WireMap::new(3, 10);
        assert_eq!(map.get(2).unwrap(), WireId::new(2));
        assert!(matches!(map.define(2), Err(Kind::InputWritten { wire: 2 })));
    }

    #[test]
    fn numbers_beyond_the_table_are_found_before_and_after_it_grows() {
        let far = HEADROOM + 1000; // beyond 2^20, below 2^21
        let mut map = WireMap::new(3, 1 << 30);
        map.set_bytes_read(10);
        assert!(matches!(map.get(far), Err(Kind::ReadBeforeWrite { .. })));
        for number in [far, 3, 7, 1 << 29] {
            map.define(number).unwrap();
        }
        assert!(map.table.len() < 100, "the table does not reach to a number that the file cannot fill");
        let check = |map: &mut WireMap| {
            for (number, wire) in [(far, 3), (3, 4), (7, 5), (1 << 29, 6)] {
                assert_eq!(map.get(number).unwrap(), WireId::new(wire));
                assert!(matches!(map.define(number), Err(Kind::WrittenTwice { wire }) if wire == number));
            }
        };
        check(&mut map);
        map.set_bytes_read(HEADROOM);
        map.define(far + 1).unwrap();
        assert_eq!(map.beyond.len(), 1);
        check(&mut map);
        assert_eq!(map.get(far + 1).unwrap(), WireId::new(7));
    }

    #[test]
    fn numbers_end_at_the_header_and_at_32_bits() {
        let mut map = WireMap::new(0, 10);
        map.set_bytes_read(100);
        map.define(7).unwrap();
        map.define(8).unwrap();
        for number in [10, 11, 15, 16, 1 << 32, u64::MAX] {
            assert!(matches!(map.get(number), Err(Kind::NoSuchWire { .. })));
            assert!(matches!(map.define(number), Err(Kind::NoSuchWire { .. })));
        }
        assert!(matches!(map.get(9), Err(Kind::ReadBeforeWrite { .. })));
    }
}
