//! Two programs on the same inputs.

use halfgate_circuits::Values;

use crate::proof::stimulus::{self, LANES};
use crate::proof::verdict::{Difference, widths};
use crate::{Program, evaluate};

/// Two programs with groups of the same widths.
pub(super) struct Trial<'a> {
    programs: [&'a Program; 2],
    widths: Vec<u32>,
}

impl<'a> Trial<'a> {
    pub(super) fn new(programs: [&'a Program; 2]) -> Self {
        let widths = widths(programs[0].inputs().iter().map(|input| &input.group));
        Trial { programs, widths }
    }

    /// Compares on at least so many inputs, random and shaped ones.
    pub(super) fn sample(&self, vectors: u64, progress: &mut dyn FnMut(usize, usize)) -> Option<Difference> {
        let blocks = vectors.div_ceil(LANES as u64);
        for number in 0..blocks {
            progress(number as usize, blocks as usize);
            let found = self.compare(&stimulus::block(&self.widths, number, LANES));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Compares on all inputs. There must be fewer than 2^63.
    pub(super) fn exhaust(&self, progress: &mut dyn FnMut(usize, usize)) -> Option<Difference> {
        let inputs = 1_u64 << self.widths.iter().sum::<u32>();
        let blocks = inputs.div_ceil(LANES as u64);
        for block in 0..blocks {
            progress(block as usize, blocks as usize);
            let first = block * LANES as u64;
            let found = self.compare(&self.numbered(first, (inputs - first).min(LANES as u64)));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The inputs with these numbers: all groups side by side are a number.
    fn numbered(&self, first: u64, lanes: u64) -> Vec<Values> {
        let mut place = 0;
        let mut group = |&width: &u32| {
            let numbers: Vec<u64> = (first..first + lanes).map(|number| number >> place).collect();
            place += width;
            Values::from_u64s(width, &numbers)
        };
        self.widths.iter().map(&mut group).collect()
    }

    /// The first lane on which the programs differ.
    pub(super) fn compare(&self, inputs: &[Values]) -> Option<Difference> {
        let [first, second] = self.programs;
        let outputs = [first, second].map(|program| evaluate(program, inputs).expect("the widths fit"));
        if outputs[0] == outputs[1] {
            return None;
        }
        let lanes = outputs[0].first().map_or(0, Values::lanes);
        (0..lanes).find_map(|lane| difference(inputs, &outputs, lane))
    }

    /// One lane with these bits on the input wires.
    pub(super) fn single(&self, bits: &[bool]) -> Vec<Values> {
        let mut bits = bits.iter();
        let mut group = |&width: &u32| {
            let mut values = Values::new(width, 1);
            (0..width).zip(bits.by_ref()).for_each(|(wire, &bit)| values.set_bit(0, wire, bit));
            values
        };
        self.widths.iter().map(&mut group).collect()
    }
}

fn difference(inputs: &[Values], outputs: &[Vec<Values>; 2], lane: usize) -> Option<Difference> {
    let [first, second] = outputs;
    let mut groups = first.iter().zip(second);
    let group = groups.position(|(first, second)| first.lane(lane) != second.lane(lane))?;
    let differs = |&wire: &u32| first[group].bit(lane, wire) != second[group].bit(lane, wire);
    let wire = (0..first[group].width()).find(differs)?;
    let words = |groups: &[Values]| groups.iter().map(|values| values.lane(lane).to_vec()).collect();
    Some(Difference { inputs: words(inputs), outputs: [words(first), words(second)], group, wire })
}
