use halfgate_channel::{Agreement, Channel, Field, Role, handshake};
use halfgate_circuits::{BitOrder, Circuit, Encoding, Group, Party, Reveal};
use halfgate_compiler::Program;
use halfgate_crypto::{Entropy, Oracle, SessionId};

use crate::{Error, PoolId, PoolSize, Security, Statistical};

/// The longest list that is compared as text; a longer one is compared by its digest.
const LONGEST_LIST: usize = 512;

/// What terms call the pool that a session uses.
const POOL: &str = "prepared pool";

/// What is in a pool that is being prepared.
const TRIPLES: &str = "triples to prepare";
const BITS: &str = "bits to prepare";

/// What both parties have to see alike before any secret is used. A difference ends the session on both sides with
/// the name of the term and both values.
///
/// ```
/// use halfgate::{Security, Statistical, Terms};
///
/// let security = Security::Malicious { statistical: Statistical::Bits40 };
/// let terms = Terms::new(security).with("purpose", "salary survey 2026");
/// assert_eq!(terms.agreement().text("security mode"), Some("malicious"));
/// assert_eq!(terms.agreement().text("purpose"), Some("salary survey 2026"));
/// ```
#[derive(Clone, Debug)]
pub struct Terms {
    security: Security,
    agreement: Agreement,
}

impl Terms {
    /// The terms of a session in which programs are agreed on as they are called.
    pub fn new(security: Security) -> Self {
        let agreement = Agreement::new()
            .with("security mode", security.to_string().as_str())
            .with("computational security", 128)
            .with("statistical security", u64::from(security.statistical().bits()));
        let agreement = match security {
            Security::SemiHonest => agreement
                .with("garbling", "half-gates, MITCCRH")
                .with("oblivious transfer", "Masny-Rindal ristretto255, SoftSpoken k=4"),
            Security::Malicious { .. } => agreement
                .with("garbling", "authenticated half-gates (KRRW18), MITCCRH")
                .with("oblivious transfer", "Masny-Rindal ristretto255, SoftSpoken k=4, both directions")
                .with("AND triples", "leaky ANDs in random buckets")
                .with(POOL, "none"),
        };
        Terms { security, agreement }
    }

    /// The terms of a session that runs one program: adds who brings and learns what, the lanes (`None` takes the
    /// peer's number), and the digests of circuit and program.
    pub fn for_run(
        security: Security,
        circuit: &Circuit,
        program: &Program,
        lanes: Option<u64>,
        reveal: Reveal,
    ) -> Self {
        let inputs: Vec<String> = circuit
            .inputs()
            .iter()
            .map(|input| format!("{} of the {}", describe(&input.group), input.owner))
            .collect();
        let outputs: Vec<String> = circuit.outputs().iter().map(|output| describe(&output.group)).collect();
        Terms::new(security)
            .with("inputs", list(&inputs))
            .with("outputs", list(&outputs))
            .with("who learns the outputs", reveal.to_string().as_str())
            .with("lanes", lanes.map_or(Field::Unspecified, Field::Number))
            .with("circuit", circuit.digest())
            .with("tile width", program.tile_width() as u64)
            .with("program", program.digest())
    }

    /// The terms of a session that [prepares](crate::prepare) a pool.
    pub fn for_pool(statistical: Statistical, size: PoolSize) -> Self {
        let terms = Terms::new(Security::Malicious { statistical }).with_pool(Field::Text("made now".into()));
        terms.with(TRIPLES, size.triples).with(BITS, size.bits)
    }

    /// What [`Terms::for_pool`] was told.
    pub(crate) fn pool(&self) -> Option<(Statistical, PoolSize)> {
        let Security::Malicious { statistical } = self.security else { return None };
        Some((statistical, Terms::size_of_pool(&self.agreement)?))
    }

    /// The size of the pool that such terms are about.
    pub fn size_of_pool(terms: &Agreement) -> Option<PoolSize> {
        Some(PoolSize { triples: terms.number(TRIPLES)?, bits: terms.number(BITS)? })
    }

    /// The same terms for a session that uses this pool; with semi-honest security there is nothing to use it for, and they stay
    /// as they are. [`Session::open_prepared`](crate::Session::open_prepared) does this by itself; before that it shows
    /// people what will be used.
    #[must_use]
    pub fn prepared(self, id: PoolId) -> Self {
        self.with_pool(Field::Digest(*id.as_bytes()))
    }

    /// The same terms with a pool that is not there yet, to [estimate](crate::estimate) what a session with one costs: ids are of one
    /// length.
    #[must_use]
    pub fn prepared_later(self) -> Self {
        self.with_pool(Field::Digest([0; 32]))
    }

    fn with_pool(self, pool: Field) -> Self {
        let replace = |name: &str, field: &Field| if name == POOL { pool.clone() } else { field.clone() };
        let fields = self.agreement.fields();
        let agreement =
            fields.fold(Agreement::new(), |terms, (name, field)| terms.with(name, replace(name, field)));
        Terms { agreement, ..self }
    }

    /// Adds a term of the caller's own.
    #[must_use]
    pub fn with(self, name: &str, field: impl Into<Field>) -> Self {
        Terms { agreement: self.agreement.with(name, field), ..self }
    }

    /// What a session on these terms protects against.
    pub fn security(&self) -> Security {
        self.security
    }

    /// The terms by name.
    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// The number of lanes of an agreed run: one if neither side named any.
    pub fn lanes(&self) -> u64 {
        self.agreement.number("lanes").unwrap_or(1)
    }
}

/// Agrees with the peer. Fails with the first difference.
pub(crate) async fn agree(
    channel: &mut Channel,
    own: Party,
    terms: Terms,
    entropy: &mut Entropy,
) -> Result<(SessionId, Terms), Error> {
    let role = match own {
        Party::Garbler => Role::Garbler,
        Party::Evaluator => Role::Evaluator,
    };
    let Terms { security, agreement } = terms;
    let agreed = handshake(channel, role, agreement, entropy).await?;
    Ok((agreed.sid, Terms { security, agreement: agreed.agreement }))
}

/// What a run is: the terms of its operation.
pub(crate) fn of_run(program: &Program, lanes: u64, to: Reveal) -> Agreement {
    Agreement::new()
        .with("program", program.digest())
        .with("lanes", lanes)
        .with("input owners", owners(program))
        .with("who learns the outputs", to.to_string().as_str())
}

/// The owners of a program's input groups.
fn owners(program: &Program) -> Field {
    list(&program.inputs().iter().map(|input| input.owner.to_string()).collect::<Vec<_>>())
}

/// The numbers of the values that a call works on.
pub(crate) fn numbers(numbers: impl Iterator<Item = u64>) -> Field {
    list(&numbers.map(|number| number.to_string()).collect::<Vec<_>>())
}

fn describe(group: &Group) -> String {
    if let Some(shape) = &group.shape {
        return format!("{}: {shape} in {} bits", group.name, group.width);
    }
    let encoding = match group.encoding {
        Encoding::Uint => "uint",
        Encoding::Int => "int",
        Encoding::Bytes => "bytes",
        Encoding::Bits => "bits",
    };
    let order = match group.order {
        BitOrder::LsbFirst => "",
        BitOrder::MsbFirst => " msb-first",
    };
    let scale = match group.scale {
        0 => String::new(),
        scale => format!(" scale {scale}"),
    };
    format!("{}: {encoding} of {} bits{order}{scale}", group.name, group.width)
}

fn list(items: &[String]) -> Field {
    let text = items.join("; ");
    if text.len() <= LONGEST_LIST {
        return Field::Text(text);
    }
    let oracle = Oracle::unbound("list of terms");
    Field::Digest(items.iter().fold(oracle, |oracle, item| oracle.field(item.as_bytes())).digest())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(security: Security) -> Vec<String> {
        let terms = Terms::new(security);
        let text = |field: &Field| match field {
            Field::Text(text) => text.clone(),
            Field::Number(number) => number.to_string(),
            other => panic!("{other:?}"),
        };
        terms.agreement().fields().map(|(name, field)| format!("{name}: {}", text(field))).collect()
    }

    #[test]
    fn each_mode_names_all_that_it_rests_on() {
        let semi_honest = [
            "security mode: semi-honest",
            "computational security: 128",
            "statistical security: 40",
            "garbling: half-gates, MITCCRH",
            "oblivious transfer: Masny-Rindal ristretto255, SoftSpoken k=4",
        ];
        assert_eq!(shown(Security::SemiHonest), semi_honest);
        for statistical in [Statistical::Bits40, Statistical::Bits64] {
            let malicious = [
                "security mode: malicious",
                "computational security: 128",
                &format!("statistical security: {statistical}"),
                "garbling: authenticated half-gates (KRRW18), MITCCRH",
                "oblivious transfer: Masny-Rindal ristretto255, SoftSpoken k=4, both directions",
                "AND triples: leaky ANDs in random buckets",
                "prepared pool: none",
            ];
            assert_eq!(shown(Security::Malicious { statistical }), malicious);
        }
    }
}
