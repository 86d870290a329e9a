use std::sync::Arc;

use halfgate_channel::Channel;
use halfgate_compiler::Program;
use halfgate_evaluator::Evaluator;
use halfgate_garbler::Garbler;
use rayon::ThreadPoolBuilder;

use crate::value::Labels;
use crate::{Error, Value};

/// Either party's driver.
pub(crate) enum Side {
    Garbler(Box<Garbler>),
    Evaluator(Box<Evaluator>),
}

impl Side {
    pub(crate) fn channel(&mut self) -> &mut Channel {
        match self {
            Side::Garbler(garbler) => garbler.channel(),
            Side::Evaluator(evaluator) => evaluator.channel(),
        }
    }

    /// Threads for calls; one thread is none beside the caller's.
    pub(crate) fn use_threads(&mut self, count: usize) -> Result<(), Error> {
        let pool = if count > 1 {
            let pool = ThreadPoolBuilder::new().num_threads(count).build();
            Some(Arc::new(pool.map_err(|error| Error::NoThreads(error.to_string()))?))
        } else {
            None
        };
        match self {
            Side::Garbler(garbler) => garbler.use_threads(pool),
            Side::Evaluator(evaluator) => evaluator.use_threads(pool),
        }
        Ok(())
    }

    /// Makes calls on values of this party's kind.
    pub(crate) async fn calls(
        &mut self,
        calls: &[(&Program, &[&Value])],
        lanes: &[usize],
    ) -> Result<Vec<Vec<Labels>>, Error> {
        Ok(match self {
            Side::Garbler(garbler) => {
                let inputs = labels_of(calls, Value::zero_labels);
                let calls = calls.iter().zip(&inputs).zip(lanes);
                let calls: Vec<_> = calls
                    .map(|((&(program, _), inputs), &lanes)| halfgate_garbler::Call {
                        program,
                        inputs,
                        lanes,
                    })
                    .collect();
                let outputs = garbler.calls(&calls).await?;
                outputs.into_iter().map(|labels| labels.into_iter().map(Labels::Garbler).collect()).collect()
            }
            Side::Evaluator(evaluator) => {
                let inputs = labels_of(calls, Value::active_labels);
                let calls = calls.iter().zip(&inputs).zip(lanes);
                let calls: Vec<_> = calls
                    .map(|((&(program, _), inputs), &lanes)| halfgate_evaluator::Call {
                        program,
                        inputs,
                        lanes,
                    })
                    .collect();
                let outputs = evaluator.calls(&calls).await?;
                outputs
                    .into_iter()
                    .map(|labels| labels.into_iter().map(Labels::Evaluator).collect())
                    .collect()
            }
        })
    }
}

/// The labels of each call's values, as this party holds them.
fn labels_of<'a, T: 'a>(
    calls: &[(&Program, &'a [&'a Value])],
    labels: impl Fn(&'a Value) -> Option<&'a T>,
) -> Vec<Vec<&'a T>> {
    calls.iter().map(|(_, values)| values.iter().filter_map(|value| labels(value)).collect()).collect()
}
