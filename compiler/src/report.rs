use std::fmt;

use halfgate_circuits::{Circuit, Gate, WireId};

use crate::{AndGate, Machine, Position, Program, ScheduleError, XorGate, schedule};

/// What a circuit costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// AND gates: what garbling pays for.
    pub ands: usize,
    /// XOR gates.
    pub xors: usize,
    /// NOT gates.
    pub nots: usize,
    /// Copies (`EQW`).
    pub copies: usize,
    /// Constants (`EQ`).
    pub constants: usize,
    /// The largest number of ANDs on a path from an input to an output.
    pub and_depth: usize,
    /// Slots of the scheduled program: the largest number of wires alive at a time.
    pub live_width: usize,
    /// Batches of independent ANDs in the scheduled program.
    pub batches: usize,
    /// ANDs of the scheduled program if each batch is padded to a multiple of 16, as it is where one lane runs.
    pub padded_ands: usize,
    /// Lanes that run side by side.
    pub tile_width: usize,
}

impl Figures {
    /// Counts the gates of a circuit and schedules it, as it stands, to find out the rest.
    ///
    /// # Errors
    /// If the circuit is too large to be scheduled.
    pub fn of(circuit: &Circuit) -> Result<Self, ScheduleError> {
        let mut figures = Figures::of_program(&schedule(circuit)?);
        (figures.ands, figures.xors) = (0, 0);
        for gate in circuit.gates() {
            *match gate {
                Gate::And(..) => &mut figures.ands,
                Gate::Xor(..) => &mut figures.xors,
                Gate::Not(_) => &mut figures.nots,
                Gate::Copy(_) => &mut figures.copies,
                Gate::Constant(_) => &mut figures.constants,
            } += 1;
        }
        figures.and_depth = and_depth(circuit);
        Ok(figures)
    }

    fn of_program(program: &Program) -> Self {
        let mut counter = Counter::default();
        program.run(&mut Position::default(), &mut counter);
        Figures {
            live_width: program.slot_count(),
            batches: counter.batches,
            padded_ands: counter.padded_ands,
            tile_width: program.tile_width(),
            ..Figures::default()
        }
    }

    fn rows(&self) -> [(&'static str, usize); 10] {
        [
            ("AND gates", self.ands),
            ("XOR gates", self.xors),
            ("NOT gates", self.nots),
            ("copies", self.copies),
            ("constants", self.constants),
            ("AND depth", self.and_depth),
            ("live width", self.live_width),
            ("batches", self.batches),
            ("padded ANDs", self.padded_ands),
            ("tile width", self.tile_width),
        ]
    }
}

/// What optimising has done to a circuit. Shown, it is a small table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The circuit as it was.
    pub before: Figures,
    /// The circuit as it is now.
    pub after: Figures,
}

impl Report {
    /// Compares a circuit with what it has become.
    ///
    /// # Errors
    /// If a circuit is too large to be scheduled.
    pub fn new(before: &Circuit, after: &Circuit) -> Result<Self, ScheduleError> {
        Ok(Report { before: Figures::of(before)?, after: Figures::of(after)? })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<12}{:>12}{:>12}", "", "before", "after")?;
        for ((name, before), (_, after)) in self.before.rows().into_iter().zip(self.after.rows()) {
            write!(f, "\n{name:<12}{before:>12}{after:>12}")?;
        }
        Ok(())
    }
}

fn and_depth(circuit: &Circuit) -> usize {
    let inputs = circuit.input_width();
    let mut depths: Vec<u32> = Vec::with_capacity(circuit.gates().len());
    for gate in circuit.gates() {
        let depth = |wire: WireId| wire.index().checked_sub(inputs).map_or(0, |gate| depths[gate]);
        let depth = match *gate {
            Gate::And(a, b) => depth(a).max(depth(b)) + 1,
            Gate::Xor(a, b) => depth(a).max(depth(b)),
            Gate::Not(a) | Gate::Copy(a) => depth(a),
            Gate::Constant(_) => 0,
        };
        depths.push(depth);
    }
    let outputs = circuit.outputs().iter().flat_map(|output| &output.wires);
    let depths = outputs.filter_map(|wire| wire.index().checked_sub(inputs)).map(|gate| depths[gate]);
    depths.max().unwrap_or(0) as usize
}

/// The machine that counts.
#[derive(Default)]
struct Counter {
    batches: usize,
    padded_ands: usize,
}

impl Machine for Counter {
    fn has_room(&self, _ands: usize) -> bool {
        true
    }

    fn xor(&mut self, _gates: &[XorGate]) {}

    fn and(&mut self, gates: &[AndGate]) {
        self.batches += 1;
        self.padded_ands += gates.len().next_multiple_of(16);
    }
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::{Circuit, Gate, Group, Input, Output, Party, WireId};

    use super::{Figures, Report};
    use crate::optimize;

    #[test]
    fn figures_count_every_kind() {
        let wire = WireId::new;
        let gates = vec![
            Gate::And(wire(0), wire(1)),
            Gate::Not(wire(2)),
            Gate::And(wire(3), wire(3)),
            Gate::Xor(wire(4), wire(0)),
            Gate::Copy(wire(5)),
            Gate::Constant(true),
            Gate::And(wire(0), wire(0)),
        ];
        let input = Input { group: Group::uint("x", 2), owner: Party::Garbler };
        let output = Output { group: Group::uint("y", 2), wires: vec![wire(6), wire(7)] };
        let circuit = Circuit::new(vec![input], gates, vec![output]).unwrap();
        let report = Report::new(&circuit, &optimize(&circuit)).unwrap();
        let before = Figures {
            ands: 3,
            xors: 1,
            nots: 1,
            copies: 1,
            constants: 1,
            and_depth: 2,
            live_width: 3,
            batches: 2,
            padded_ands: 32,
            tile_width: 32,
        };
        let after = Figures { ands: 1, copies: 0, and_depth: 1, batches: 1, padded_ands: 16, ..before };
        assert_eq!(report, Report { before, after });
        assert_eq!(report.to_string().lines().nth(1), Some("AND gates              3           1"));
    }
}
