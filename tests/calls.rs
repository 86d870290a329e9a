//! Independent calls made at once, on different numbers of threads on the two sides.

#![cfg(test)]

use halfgate::circuits::{Party, Reveal, Values};
use halfgate::compiler::Program;
use halfgate::{Channel, Error, Limits, Security, Session, Terms, compile, library};

const LANES: usize = 300;
const ADDED: u64 = 77;

fn program(name: &str) -> Program {
    compile(&library::find(name).unwrap()).unwrap()
}

fn numbers() -> Vec<u64> {
    (0..LANES as u64).map(|lane| lane * 1_000_003).collect()
}

/// Sum and product of both sides' numbers in one step, then the difference of the two in another: three bands and more
/// of each call, and ids that go on behind them.
async fn party(channel: Channel, own: Party, threads: usize) -> Result<Vec<Vec<u64>>, Error> {
    let (add, mul, sub) = (program("add64"), program("mul64"), program("sub64"));
    let mut session = Session::open(channel, own, Terms::new(Security::SemiHonest)).await?;
    session.use_threads(threads)?;
    let (a, b) = match own {
        Party::Garbler => {
            let a = session.input(&Values::from_u64s(64, &numbers())).await?;
            (a, session.peer_input(64, LANES).await?)
        }
        Party::Evaluator => {
            let a = session.peer_input(64, LANES).await?;
            (a, session.input(&Values::from_u64s(64, &[ADDED; LANES])).await?)
        }
    };
    let both = session.call_all(&[(&add, &[&a, &b]), (&mul, &[&a, &b])]).await?;
    let difference = session.call(&sub, &[&both[1][0], &both[0][0]]).await?;
    let mut results = Vec::new();
    for value in [&both[0][0], &both[1][0], &difference[0]] {
        results.push(session.reveal(value, Reveal::Both).await?.unwrap().to_u64s());
    }
    session.finish().await?;
    Ok(results)
}

#[test]
fn calls_made_at_once_give_what_each_gives() {
    let sums: Vec<u64> = numbers().iter().map(|a| a + ADDED).collect();
    let products: Vec<u64> = numbers().iter().map(|a| a * ADDED).collect();
    let differences = products.iter().zip(&sums).map(|(product, sum)| product.wrapping_sub(*sum)).collect();
    let expected = vec![sums, products, differences];
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for threads in [(1, 1), (3, 1), (1, 2), (2, 2)] {
        let (garbler, evaluator) = runtime.block_on(async {
            let (left, right) = Channel::memory_pair(Limits::default());
            tokio::join!(party(left, Party::Garbler, threads.0), party(right, Party::Evaluator, threads.1))
        });
        assert_eq!(garbler.unwrap(), expected, "garbler, {threads:?} threads");
        assert_eq!(evaluator.unwrap(), expected, "evaluator, {threads:?} threads");
    }
}
