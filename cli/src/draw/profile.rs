//! How many ANDs each AND layer has.

use halfgate::circuits::{Circuit, Gate, WireId};

/// For each wire the number of ANDs on the longest path to it: an AND is in the first layer that it can be in.
pub(super) fn and_layers(circuit: &Circuit) -> Vec<u32> {
    let mut layers = vec![0; circuit.input_width()];
    layers.reserve(circuit.gates().len());
    for gate in circuit.gates() {
        let of = |wire: WireId| layers[wire.index()];
        let layer = match *gate {
            Gate::And(a, b) => of(a).max(of(b)) + 1,
            Gate::Xor(a, b) => of(a).max(of(b)),
            Gate::Not(a) | Gate::Copy(a) => of(a),
            Gate::Constant(_) => 0,
        };
        layers.push(layer);
    }
    layers
}

/// How many ANDs each AND layer has; the first is that of the ANDs that read no other AND. Gates that no output needs
/// count, too: they are computed like all others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Profile(Vec<usize>);

impl Profile {
    pub(super) fn of(circuit: &Circuit) -> Self {
        let mut ands = Vec::new();
        let layers = and_layers(circuit);
        for (gate, &layer) in circuit.gates().iter().zip(&layers[circuit.input_width()..]) {
            if matches!(gate, Gate::And(..)) {
                let place = layer as usize - 1;
                if ands.len() <= place {
                    ands.resize(place + 1, 0);
                }
                ands[place] += 1;
            }
        }
        Profile(ands)
    }

    /// The ANDs of layer 1, layer 2 and so on.
    pub(super) fn layers(&self) -> &[usize] {
        &self.0
    }

    /// All ANDs.
    pub(super) fn ands(&self) -> usize {
        self.0.iter().sum()
    }

    /// How many layers there are.
    pub(super) fn depth(&self) -> usize {
        self.0.len()
    }

    /// The number of the first of the widest layers, and its ANDs; nothing without ANDs.
    pub(super) fn widest(&self) -> Option<(usize, usize)> {
        let widest = self.0.iter().copied().max()?;
        let place = self.0.iter().position(|&ands| ands == widest)?;
        Some((place + 1, widest))
    }
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::library;
    use halfgate::compiler::Figures;

    use super::*;

    #[test]
    fn layers_of_known_circuits() {
        let profile = |name: &str| Profile::of(&library::find(name).unwrap());
        // A ripple carry: one AND after the other.
        assert_eq!(profile("add4").layers(), [1, 1, 1]);
        // Equality: a tree.
        assert_eq!(profile("eq8").layers(), [4, 2, 1]);
        assert_eq!(profile("eq8").widest(), Some((1, 4)));
        assert_eq!(profile("add1"), Profile(Vec::new()));
        assert_eq!((profile("add1").widest(), profile("add1").depth(), profile("add1").ands()), (None, 0, 0));
    }

    #[test]
    fn a_profile_fits_the_compilers_figures() {
        for name in ["lt64", "mul16", "div8", "aes128", "sha256"] {
            let circuit = library::find(name).unwrap();
            let (profile, figures) = (Profile::of(&circuit), Figures::of(&circuit).unwrap());
            assert_eq!((profile.ands(), profile.depth()), (figures.ands, figures.and_depth), "{name}");
            assert!(profile.layers().iter().all(|&ands| ands > 0), "{name}");
        }
    }
}
