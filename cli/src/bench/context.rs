//! What every measurement needs, and what they share.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use halfgate::Backend;
use halfgate::channel::Link;
use tokio::runtime::Handle;

use super::options::{BenchArgs, Suite};
use super::pace::Pace;
use super::report::{Curve, Limit, Row, Scenario, Unit};
use super::statistics::Figure;
use crate::failure::Failure;

/// A run of the bench on its way.
pub(crate) struct Bench {
    pub(crate) suite: Suite,
    pub(crate) pace: Pace,
    pub(crate) backend: Backend,
    /// That compute in each party where there are two processes.
    pub(crate) threads: NonZeroUsize,
    /// Between two processes.
    pub(crate) link: Link,
    /// For the measurements that move bytes over the product's own channel.
    pub(crate) runtime: Handle,
    /// A limit is measured when the first row asks for it, and once.
    limits: RefCell<BTreeMap<String, Limit>>,
    /// Figures that are rows of their own and limits of others.
    shared: RefCell<BTreeMap<String, Figure>>,
}

type Measure = Box<dyn Fn(&Bench) -> Result<Vec<Finding>, Failure>>;

/// Something that can be measured, under a name that `--only` can select.
pub(crate) struct Entry {
    pub(crate) id: &'static str,
    pub(crate) measure: Measure,
}

/// What a measurement gives.
pub(crate) enum Finding {
    Row(Row),
    Curve(Curve),
    Scenario(Scenario),
}

impl Entry {
    pub(crate) fn new(
        id: &'static str,
        measure: impl Fn(&Bench) -> Result<Vec<Finding>, Failure> + 'static,
    ) -> Self {
        Entry { id, measure: Box::new(measure) }
    }

    /// A measurement that gives one row.
    pub(crate) fn row(id: &'static str, measure: impl Fn(&Bench) -> Result<Row, Failure> + 'static) -> Self {
        Entry::new(id, move |bench| Ok(vec![Finding::Row(measure(bench)?)]))
    }
}

impl Bench {
    pub(crate) fn new(args: &BenchArgs, backend: Backend, runtime: Handle) -> Self {
        let BenchArgs { suite, threads, link, .. } = *args;
        Bench {
            suite,
            pace: Pace::of(suite),
            backend,
            threads,
            link,
            runtime,
            limits: RefCell::default(),
            shared: RefCell::default(),
        }
    }

    /// The limits that rows have asked for.
    pub(crate) fn into_limits(self) -> Vec<Limit> {
        self.limits.into_inner().into_values().collect()
    }

    /// A limit, measured unless it was before: the best of its runs, as a disturbed one shows no limit.
    pub(crate) fn limit(
        &self,
        id: &str,
        what: &str,
        unit: Unit,
        measure: impl FnOnce() -> Result<Figure, Failure>,
    ) -> Result<f64, Failure> {
        if let Some(limit) = self.limits.borrow().get(id) {
            return Ok(limit.figure.best(unit));
        }
        let figure = measure()?;
        let best = figure.best(unit);
        let limit = Limit { id: id.to_owned(), what: what.to_owned(), unit, figure };
        self.limits.borrow_mut().insert(id.to_owned(), limit);
        Ok(best)
    }

    /// A figure, measured unless it was before.
    pub(crate) fn shared(
        &self,
        id: String,
        measure: impl FnOnce() -> Result<Figure, Failure>,
    ) -> Result<Figure, Failure> {
        if let Some(figure) = self.shared.borrow().get(&id) {
            return Ok(figure.clone());
        }
        let figure = measure()?;
        self.shared.borrow_mut().insert(id, figure.clone());
        Ok(figure)
    }

    /// Why a goal of the reference machine says nothing about this run, if its kernels are others.
    pub(crate) fn unless_vaes_512(&self) -> Option<String> {
        debug_build().or_else(|| {
            let name = self.backend.name();
            (name != "vaes-512").then(|| format!("the goal is for VAES-512 kernels; in use here: {name}"))
        })
    }

    /// As `otherwise`, for a goal that is about two processes of one thread each.
    pub(crate) fn unless_one_thread(&self, otherwise: Option<String>) -> Option<String> {
        otherwise
            .or_else(|| (self.link != Link::UNLIMITED).then(|| "the goal is for no link between".to_owned()))
            .or_else(|| (self.threads.get() > 1).then(|| "the goal is for one thread per party".to_owned()))
    }

    /// As `otherwise`, for a goal that is about the sizes of the full suite.
    pub(crate) fn unless_full(&self, what: &str, otherwise: Option<String>) -> Option<String> {
        otherwise.or_else(|| {
            (self.suite != Suite::Full).then(|| format!("the goal is for {what}; use --suite full"))
        })
    }
}

/// Why no goal of speed applies, if none does.
pub(crate) fn debug_build() -> Option<String> {
    cfg!(debug_assertions).then(|| "this is a debug build".to_owned())
}
