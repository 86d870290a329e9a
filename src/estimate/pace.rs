use halfgate_channel::Agreement;
use halfgate_compiler::Program;
use halfgate_crypto::Backend;

use super::clock::Speed;
use super::flow::{Task, Work};
use super::trials;
use crate::{Error, Security};

/// How fast a machine computes its part of a session that runs a certain program: nanoseconds of one thread, unless
/// something else is said. All of it is measured by [`Pace::measure`], none of it is secret.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// To garble an AND of the program, with its exclusive ors.
    pub garble_and: f64,
    /// To evaluate an AND of the program, with its exclusive ors.
    pub evaluate_and: f64,
    /// To make the points of a base OT's choice.
    pub base_points: f64,
    /// To make both keys of a base OT.
    pub base_keys: f64,
    /// To make the chosen key of a base OT.
    pub base_key: f64,
    /// To make or rebuild the trees of the OT extension, once.
    pub trees: f64,
    /// To make a row of the OT extension, as the evaluator.
    pub make_row: f64,
    /// To check a row of the OT extension, as the garbler.
    pub check_row: f64,
    /// To make an authenticated bit of rows of both directions; nothing in the semi-honest mode, as the two that follow.
    pub authenticated_bit: f64,
    /// To make a leaky AND of authenticated bits, and to put it into its bucket.
    pub leaky_and: f64,
    /// To find the masks at an AND of the program and to multiply them.
    pub masked_and: f64,
    /// To make the label of an input.
    pub input_label: f64,
    /// To read the bit of an output's label.
    pub output_label: f64,
    /// To prove or check that an output's label is held.
    pub proven_label: f64,
    /// To move a byte through a socket of this machine.
    pub byte: f64,
    /// To wake up when a message arrives.
    pub wake: f64,
    /// What a session takes once beside all that.
    pub session: f64,
    /// The threads that compute.
    pub threads: u32,
}

impl Pace {
    /// Measures this machine, in about a fifth of a second, on the program itself, in as many lanes as it is to run and in the
    /// mode; no longer for large ones, of which a part is run.
    ///
    /// # Errors
    /// If the operating system gives no randomness.
    pub fn measure(
        program: &Program,
        lanes: usize,
        security: Security,
        backend: Backend,
    ) -> Result<Self, Error> {
        trials::pace(program, lanes, security, backend)
    }

    /// A slow machine, whose processor has no instructions for AES: what bounds the time of a run that is too short to try
    /// this machine out for it. A server's core is about ten times as fast.
    pub const fn of_a_slow_machine() -> Self {
        Pace {
            garble_and: 2_000.0,
            evaluate_and: 2_000.0,
            base_points: 600_000.0,
            base_keys: 800_000.0,
            base_key: 400_000.0,
            trees: 5_000_000.0,
            make_row: 1_000.0,
            check_row: 1_000.0,
            authenticated_bit: 1_000.0,
            leaky_and: 10_000.0,
            masked_and: 4_000.0,
            input_label: 500.0,
            output_label: 100.0,
            proven_label: 500.0,
            byte: 5.0,
            wake: 200_000.0,
            session: 1_000_000.0,
            threads: 1,
        }
    }

    /// The same machine with so many threads.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = u32::try_from(threads).unwrap_or(u32::MAX).max(1);
        self
    }

    /// The figures as terms, so that the peer can know them.
    pub fn to_terms(&self) -> Agreement {
        let terms = self.figures().into_iter().fold(Agreement::new(), |terms, (name, nanoseconds)| {
            // Picoseconds; a float that fits no number becomes the nearest one.
            terms.with(name, (nanoseconds * 1000.0).round() as u64)
        });
        terms.with(THREADS, u64::from(self.threads))
    }

    /// The figures that a peer has sent; nothing if some are missing. A lying peer spoils the estimate and nothing else.
    pub fn from_terms(terms: &Agreement) -> Option<Self> {
        let figure = |name| Some(terms.number(name)?.min(LONGEST) as f64 / 1000.0);
        Some(Pace {
            garble_and: figure("garble AND")?,
            evaluate_and: figure("evaluate AND")?,
            base_points: figure("base OT points")?,
            base_keys: figure("base OT keys")?,
            base_key: figure("base OT key")?,
            trees: figure("OT trees")?,
            make_row: figure("make OT row")?,
            check_row: figure("check OT row")?,
            authenticated_bit: figure("authenticated bit")?,
            leaky_and: figure("leaky AND")?,
            masked_and: figure("masked AND")?,
            input_label: figure("input label")?,
            output_label: figure("output label")?,
            proven_label: figure("proven label")?,
            byte: figure("byte")?,
            wake: figure("wake")?,
            session: figure("session")?,
            threads: u32::try_from(terms.number(THREADS)?).ok()?.clamp(1, 1 << 16),
        })
    }

    fn figures(&self) -> [(&'static str, f64); 17] {
        [
            ("garble AND", self.garble_and),
            ("evaluate AND", self.evaluate_and),
            ("base OT points", self.base_points),
            ("base OT keys", self.base_keys),
            ("base OT key", self.base_key),
            ("OT trees", self.trees),
            ("make OT row", self.make_row),
            ("check OT row", self.check_row),
            ("authenticated bit", self.authenticated_bit),
            ("leaky AND", self.leaky_and),
            ("masked AND", self.masked_and),
            ("input label", self.input_label),
            ("output label", self.output_label),
            ("proven label", self.proven_label),
            ("byte", self.byte),
            ("wake", self.wake),
            ("session", self.session),
        ]
    }
}

const THREADS: &str = "threads";

/// The longest time that a peer is believed, in picoseconds: a second.
const LONGEST: u64 = 1_000_000_000_000;

impl Speed for Pace {
    fn work(&self, work: &Work) -> f64 {
        let threads = f64::from(self.threads);
        let each = match work.task {
            Task::Open => self.session,
            Task::Garble => self.garble_and / threads,
            Task::Evaluate => self.evaluate_and / threads,
            Task::Choose => self.base_points,
            Task::BothKeys => self.base_keys,
            Task::OwnKey => self.base_key,
            Task::Trees => self.trees,
            Task::MakeRows => self.make_row,
            Task::CheckRows => self.check_row,
            Task::AuthenticateBits => self.authenticated_bit,
            Task::LeakyAnds => self.leaky_and,
            Task::MultiplyMasks => self.masked_and,
            Task::Inputs => self.input_label,
            Task::Outputs => self.output_label,
            Task::Proof => self.proven_label,
            Task::Nothing => 0.0,
        };
        each * work.amount as f64 * 1e-9
    }

    fn byte(&self) -> f64 {
        self.byte * 1e-9
    }

    fn wake(&self) -> f64 {
        self.wake * 1e-9
    }
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::library;
    use halfgate_compiler::compile;

    use super::*;

    const MALICIOUS: Security = Security::Malicious { statistical: crate::Statistical::Bits40 };

    #[test]
    fn a_pace_is_measured_and_told() {
        let program = compile(&library::find("lt64").unwrap()).unwrap();
        let measure = |security| Pace::measure(&program, 1000, security, Backend::detect()).unwrap();
        let is_time = |(_, figure): &(_, f64)| *figure > 0.0 && figure.is_finite();
        let (plain, pace) = (measure(Security::SemiHonest), measure(MALICIOUS).with_threads(2));
        assert!(pace.figures().iter().all(is_time), "{pace:?}");
        assert!(plain.figures().iter().filter(|figure| is_time(figure)).count() == 14, "{plain:?}");
        let told = Pace::from_terms(&pace.to_terms()).unwrap();
        let figures = told.figures().into_iter().zip(pace.figures());
        assert!(figures.clone().all(|((_, told), (_, own))| (told - own).abs() < 0.001), "{told:?}");
        assert_eq!(told.threads, 2);
        assert_eq!(Pace::from_terms(&Agreement::new().with("byte", 3)), None);
    }

    #[test]
    fn a_slow_machine_is_slower_than_this_one() {
        let program = compile(&library::find("lt64").unwrap()).unwrap();
        let slow = Pace::of_a_slow_machine().figures();
        for security in [Security::SemiHonest, MALICIOUS] {
            let own = Pace::measure(&program, 1000, security, Backend::detect()).unwrap();
            let faster = own.figures().iter().zip(&slow).filter(|((_, own), (_, slow))| own < slow).count();
            // One or the other is disturbed where tests run side by side.
            assert!(faster >= own.figures().len() - 5, "{own:?}");
        }
    }

    #[test]
    fn a_liars_figures_are_bounded() {
        let pace = Pace::from_terms(&all(u64::MAX, 1 << 30)).unwrap();
        assert_eq!((pace.trees, pace.threads), (1e9, 1 << 16));
        assert_eq!(Pace::from_terms(&all(0, 0)).unwrap().threads, 1);
    }

    fn all(figure: u64, threads: u64) -> Agreement {
        let names = Pace::of_a_slow_machine().figures().map(|(name, _)| name);
        let terms = names.into_iter().fold(Agreement::new(), |terms, name| terms.with(name, figure));
        terms.with(THREADS, threads)
    }
}
