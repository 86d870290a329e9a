use crate::{BitOrder, CircuitError, Encoding, Group, Party};

/// A wire of a circuit: the input wires come first, group after group, then one wire per gate in gate order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireId(u32);

impl WireId {
    /// The wire with this index.
    pub fn new(index: u32) -> Self {
        WireId(index)
    }

    /// The index as it stands in the circuit.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The index as a number of 32 bits.
    pub fn raw(self) -> u32 {
        self.0
    }
}

/// A gate; its output is the wire that follows those of all gates before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// The exclusive or of two wires.
    Xor(WireId, WireId),
    /// The conjunction of two wires.
    And(WireId, WireId),
    /// The negation of a wire (`INV`, `NOT`).
    Not(WireId),
    /// The same value again (`EQW`).
    Copy(WireId),
    /// A constant (`EQ`).
    Constant(bool),
}

/// A group of input wires and the party that provides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Name, width and encoding.
    pub group: Group,
    /// Whose input it is.
    pub owner: Party,
}

/// A group of output wires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Name, width and encoding.
    pub group: Group,
    /// One wire per bit; any wire may stand here, also an input, also twice.
    pub wires: Vec<WireId>,
}

/// A validated Boolean circuit in topological order.
///
/// Wires are numbered without gaps: `0 .. input_width` are the inputs, `input_width + i` is the output of gate `i`.
/// Every gate reads only wires before its own, so a circuit cannot hold an undefined wire, a double write or a loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circuit {
    inputs: Vec<Input>,
    gates: Vec<Gate>,
    outputs: Vec<Output>,
}

impl Circuit {
    /// Checks the parts and makes a circuit of them.
    ///
    /// # Errors
    /// If a gate or output names a wire that does not exist at that point, if a group's width and its wires differ,
    /// if two inputs or two outputs share a name, or if there are more than `u32::MAX` wires.
    pub fn new(inputs: Vec<Input>, gates: Vec<Gate>, outputs: Vec<Output>) -> Result<Self, CircuitError> {
        let circuit = Circuit { inputs, gates, outputs };
        circuit.check_sizes()?;
        circuit.check_names()?;
        circuit.check_wires()?;
        Ok(circuit)
    }

    /// The input groups in wire order.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The gates in topological order.
    pub fn gates(&self) -> &[Gate] {
        &self.gates
    }

    /// The output groups.
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// The number of input wires.
    pub fn input_width(&self) -> usize {
        self.inputs.iter().map(|input| input.group.width as usize).sum()
    }

    /// The number of output wires.
    pub fn output_width(&self) -> usize {
        self.outputs.iter().map(|output| output.wires.len()).sum()
    }

    /// The number of wires: inputs and one per gate.
    pub fn wire_count(&self) -> usize {
        self.input_width() + self.gates.len()
    }

    /// The same circuit with other owners for some input groups.
    ///
    /// # Errors
    /// If an index names no input group.
    pub fn with_owner(mut self, input: usize, owner: Party) -> Result<Self, CircuitError> {
        let groups = self.inputs.len();
        let slot = self.inputs.get_mut(input).ok_or(CircuitError::NoSuchGroup { index: input, groups })?;
        slot.owner = owner;
        Ok(self)
    }

    /// The same circuit with another encoding of one input group, which replaces its shape.
    ///
    /// # Errors
    /// If the index names no input group.
    pub fn with_input_encoding(
        mut self,
        input: usize,
        encoding: Encoding,
        order: BitOrder,
    ) -> Result<Self, CircuitError> {
        let groups = self.inputs.len();
        let slot = self.inputs.get_mut(input).ok_or(CircuitError::NoSuchGroup { index: input, groups })?;
        (slot.group.encoding, slot.group.order, slot.group.shape) = (encoding, order, None);
        Ok(self)
    }

    /// The same circuit with another encoding of one output group, which replaces its shape.
    ///
    /// # Errors
    /// If the index names no output group.
    pub fn with_output_encoding(
        mut self,
        output: usize,
        encoding: Encoding,
        order: BitOrder,
    ) -> Result<Self, CircuitError> {
        let groups = self.outputs.len();
        let slot = self.outputs.get_mut(output).ok_or(CircuitError::NoSuchGroup { index: output, groups })?;
        (slot.group.encoding, slot.group.order, slot.group.shape) = (encoding, order, None);
        Ok(self)
    }

    fn check_sizes(&self) -> Result<(), CircuitError> {
        let wires = self.inputs.iter().map(|input| u64::from(input.group.width)).sum::<u64>()
            + self.gates.len() as u64;
        // The last index is kept free so that `u32::MAX` can mean "none" in slot tables.
        if wires >= u64::from(u32::MAX) {
            return Err(CircuitError::TooManyWires { wires });
        }
        for output in &self.outputs {
            if output.wires.len() as u64 != u64::from(output.group.width) {
                return Err(CircuitError::WidthMismatch {
                    group: output.group.name.clone(),
                    width: output.group.width,
                    wires: output.wires.len(),
                });
            }
        }
        Ok(())
    }

    fn check_names(&self) -> Result<(), CircuitError> {
        for names in [
            self.inputs.iter().map(|input| input.group.name.as_str()).collect::<Vec<_>>(),
            self.outputs.iter().map(|output| output.group.name.as_str()).collect(),
        ] {
            let mut seen = std::collections::HashSet::new();
            if let Some(name) = names.iter().find(|name| !seen.insert(**name)) {
                return Err(CircuitError::DuplicateName { name: (*name).to_owned() });
            }
        }
        Ok(())
    }

    fn check_wires(&self) -> Result<(), CircuitError> {
        let inputs = self.input_width();
        for (index, gate) in self.gates.iter().enumerate() {
            let defined = inputs + index;
            let reads = match *gate {
                Gate::Xor(a, b) | Gate::And(a, b) => [Some(a), Some(b)],
                Gate::Not(a) | Gate::Copy(a) => [Some(a), None],
                Gate::Constant(_) => [None, None],
            };
            if let Some(wire) = reads.into_iter().flatten().find(|wire| wire.index() >= defined) {
                return Err(CircuitError::UndefinedWire { wire, place: format!("gate {index}"), defined });
            }
        }
        let defined = self.wire_count();
        for output in &self.outputs {
            if let Some(&wire) = output.wires.iter().find(|wire| wire.index() >= defined) {
                let place = format!("output `{}`", output.group.name);
                return Err(CircuitError::UndefinedWire { wire, place, defined });
            }
        }
        Ok(())
    }
}
