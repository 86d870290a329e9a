use std::ops::Range;

use halfgate_circuits::{BitRows, Values};

use crate::Program;

/// The output values of a call of many lanes, filled chunk by chunk.
pub struct OutputTable(Vec<Values>);

impl OutputTable {
    /// All bits zero, one entry per output group.
    pub fn new(program: &Program, lanes: usize) -> Self {
        OutputTable(program.outputs().iter().map(|output| Values::new(output.group.width, lanes)).collect())
    }

    /// Takes the bits of some lanes to their places. They lie as `[group][wire][lane]`, as the labels of a call do.
    ///
    /// # Panics
    /// If there are more lanes than the table has, or fewer bits than the lanes need.
    pub fn write(&mut self, lanes: Range<usize>, bits: &BitRows) {
        let mut from = 0;
        for values in &mut self.0 {
            let part = bits.part(from, values.width() as usize, lanes.len());
            part.write_to(values, lanes.start);
            from += part.len();
        }
    }

    /// The values, one entry per output group.
    pub fn into_values(self) -> Vec<Values> {
        self.0
    }
}
