use std::sync::OnceLock;

use bytemuck::{Pod, Zeroable};
use halfgate_circuits::{Circuit, Group, Input};

/// A place that holds the value of a wire (a label row while garbling) until it is reused for another wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Slot(u32);

impl Slot {
    /// The slot with this index; an index must stay below `2^31` so that an [`Operand`] can hold it.
    pub fn new(index: u32) -> Self {
        Slot(index)
    }

    /// The index of the slot.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The index as a number of 32 bits.
    pub fn raw(self) -> u32 {
        self.0
    }
}

/// A slot read as it is or inverted. Inversions live here and in outputs only; no instruction computes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operand(u32);

impl Operand {
    /// Reads `slot`, inverted if asked.
    pub fn new(slot: Slot, inverted: bool) -> Self {
        Operand(slot.0 << 1 | u32::from(inverted))
    }

    /// The slot that is read.
    pub fn slot(self) -> Slot {
        Slot(self.0 >> 1)
    }

    /// Whether the value is inverted on reading. Public: it is part of the program.
    pub fn inverted(self) -> bool {
        self.0 & 1 == 1
    }

    /// Slot and inversion in one number, for canonical bytes.
    pub fn raw(self) -> u32 {
        self.0
    }
}

/// `out = left ⊕ right`. `out` may be one of the slots read. In memory it is these three indices, for kernels that know
/// no programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct XorGate {
    /// First slot read.
    pub left: Slot,
    /// Second slot read.
    pub right: Slot,
    /// Slot written.
    pub out: Slot,
}

/// `out = left ∧ right`. `out` may be one of the slots read by this gate or by an earlier one of its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AndGate {
    /// First operand.
    pub left: Operand,
    /// Second operand.
    pub right: Operand,
    /// Slot written.
    pub out: Slot,
}

/// An output group and where its bits lie when the program has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramOutput {
    /// Name, width and encoding.
    pub group: Group,
    /// One operand per bit.
    pub bits: Vec<Operand>,
}

/// What carries out a program: values, labels of either party, or counters.
///
/// The walk calls these in program order. The gates of one `xor` call are run one after the other. Those of one
/// `and` call are independent of each other, and none writes a slot that a later one of the call reads: a machine may
/// read all operands before it writes any output, or run the gates in order, or in groups in order.
pub trait Machine {
    /// Whether a batch of so many AND gates may be run now. If not, the walk pauses before it.
    fn has_room(&self, ands: usize) -> bool;

    /// Runs exclusive ors in order.
    fn xor(&mut self, gates: &[XorGate]);

    /// Runs a batch of independent ANDs; there are 1 to [`Program::MAX_BATCH`] of them.
    fn and(&mut self, gates: &[AndGate]);
}

/// Where a walk through a program stands. The default is the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    step: usize,
    /// Whether the exclusive ors of `step` have been run and its ANDs are next.
    ands_next: bool,
}

/// How far [`Program::run`] came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The machine had no room for the next batch of ANDs.
    Paused,
    /// The program has ended.
    Done,
}

/// One step: exclusive ors up to `xors_end`, then one batch of ANDs up to `ands_end` (maybe empty in the last step).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) xors_end: u32,
    pub(crate) ands_end: u32,
}

/// The digest of a program, once somebody has asked for it: every call of a session names it. It follows from the rest of
/// the program, so it makes no difference between two.
#[derive(Clone, Debug, Default)]
pub(crate) struct Digest(pub(crate) OnceLock<[u8; 32]>);

impl PartialEq for Digest {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Digest {}

/// A scheduled circuit: batches of independent ANDs over reused slots.
///
/// `Program` alone knows the order of gates; every machine is driven by [`Program::run`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub(crate) inputs: Vec<Input>,
    pub(crate) input_slots: Vec<Option<Slot>>,
    pub(crate) zero: Option<Slot>,
    pub(crate) xors: Vec<XorGate>,
    pub(crate) ands: Vec<AndGate>,
    pub(crate) steps: Vec<Step>,
    pub(crate) outputs: Vec<ProgramOutput>,
    pub(crate) slots: u32,
    pub(crate) tile: u32,
    pub(crate) digest: Digest,
}

impl Program {
    /// The largest number of ANDs in one batch.
    pub const MAX_BATCH: usize = 64;

    /// The program with the groups of a circuit: their names, owners and encodings. `None` if they are not as many or not
    /// as wide as its own.
    pub fn with_groups_of(mut self, circuit: &Circuit) -> Option<Self> {
        let widths = |groups: Vec<&Group>| groups.iter().map(|group| group.width).collect::<Vec<_>>();
        let own = widths(self.inputs.iter().map(|input| &input.group).collect());
        let own_outputs = widths(self.outputs.iter().map(|output| &output.group).collect());
        if own != widths(circuit.inputs().iter().map(|input| &input.group).collect())
            || own_outputs != widths(circuit.outputs().iter().map(|output| &output.group).collect())
        {
            return None;
        }
        self.inputs = circuit.inputs().to_vec();
        for (own, output) in self.outputs.iter_mut().zip(circuit.outputs()) {
            own.group = output.group.clone();
        }
        self.digest = Digest::default();
        Some(self)
    }

    /// The input groups, as in the circuit.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The output groups and where their bits lie at the end.
    pub fn outputs(&self) -> &[ProgramOutput] {
        &self.outputs
    }

    /// For each input wire, in the order of the groups, the slot it must be loaded into before the walk; `None` for
    /// wires that nothing reads.
    pub fn input_slots(&self) -> &[Option<Slot>] {
        &self.input_slots
    }

    /// The input wires that something reads: the group, the wire in it, and the slot that it must be loaded into before
    /// the walk.
    pub fn loads(&self) -> impl Iterator<Item = (usize, usize, Slot)> {
        let groups = self.inputs.iter().enumerate();
        let wires =
            groups.flat_map(|(group, input)| (0..input.group.width as usize).map(move |wire| (group, wire)));
        let slots = wires.zip(&self.input_slots);
        slots.filter_map(|((group, wire), slot)| slot.map(|slot| (group, wire, slot)))
    }

    /// The slot that must hold the constant zero before the walk, if the program needs one.
    pub fn zero_slot(&self) -> Option<Slot> {
        self.zero
    }

    /// The number of slots a machine must hold per lane.
    pub fn slot_count(&self) -> usize {
        self.slots as usize
    }

    /// The number of ANDs per lane.
    pub fn and_count(&self) -> usize {
        self.ands.len()
    }

    /// The number of exclusive ors per lane.
    pub fn xor_count(&self) -> usize {
        self.xors.len()
    }

    /// How many lanes are run side by side: 16 or 32, chosen from the live width; part of the agreement.
    pub fn tile_width(&self) -> usize {
        self.tile as usize
    }

    /// The one walk: drives `machine` from `at` until it has no room for the next batch or the program ends.
    pub fn run<M: Machine + ?Sized>(&self, at: &mut Position, machine: &mut M) -> Progress {
        while let Some(step) = self.steps.get(at.step) {
            let (xors_from, ands_from) = match at.step.checked_sub(1) {
                Some(previous) => (self.steps[previous].xors_end, self.steps[previous].ands_end),
                None => (0, 0),
            };
            if !at.ands_next {
                machine.xor(&self.xors[xors_from as usize..step.xors_end as usize]);
                at.ands_next = true;
            }
            let batch = &self.ands[ands_from as usize..step.ands_end as usize];
            if !batch.is_empty() {
                if !machine.has_room(batch.len()) {
                    return Progress::Paused;
                }
                machine.and(batch);
            }
            *at = Position { step: at.step + 1, ands_next: false };
        }
        Progress::Done
    }
}
