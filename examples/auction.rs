//! A sealed-bid auction for one lot: each side brings the bids of three clients, and both learn which client wins and the
//! second-highest price, which she pays. Losing bids stay secret.

#[path = "support/both_parties.rs"]
mod both_parties;

use halfgate::circuits::CircuitError;
use halfgate::circuits::typed::{Bit, Uint};
use halfgate::{Circuit, Party};

const CLIENTS: usize = 3;

type Price<'b> = Uint<'b, 32>;

/// The highest price and its place in the list, and the highest of the others. Of equal bids the first wins.
fn vickrey<'b>(bids: &[Price<'b>]) -> (Uint<'b, 3>, Price<'b>) {
    let (first, others) = bids.split_first().expect("an auction has bidders");
    let builder = first.builder();
    let start = (Uint::constant(builder, 0), first.clone(), Price::constant(builder, 0));
    let (winner, _, second) = (1..).zip(others).fold(start, |(winner, best, second), (place, bid)| {
        let wins: Bit<'b> = bid.gt(&best);
        let here = Uint::constant(builder, place);
        let loser = wins.mux(&best, bid);
        (wins.mux(&here, &winner), wins.mux(bid, &best), second.max(&loser))
    });
    (winner, second)
}

fn circuit() -> Result<Circuit, CircuitError> {
    Circuit::build(|builder| {
        let ours: [Price<'_>; CLIENTS] =
            std::array::from_fn(|k| builder.input_value(format!("a{k}"), Party::Garbler));
        let theirs: [Price<'_>; CLIENTS] =
            std::array::from_fn(|k| builder.input_value(format!("b{k}"), Party::Evaluator));
        let (winner, price) = vickrey(&[ours, theirs].concat());
        builder.output_value("winner", &winner);
        builder.output_value("price", &price);
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bids = [4100_u32, 3900, 4350, 4200, 4349, 1000];
    let outputs = both_parties::run(&circuit()?, &bids.map(|bid| bid.to_string())).await?;
    both_parties::show(&format!("client {} wins and pays {}", outputs[0], outputs[1]));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{both_parties, circuit};

    #[tokio::test]
    async fn the_winner_pays_the_second_price() {
        for seed in 0..20_u32 {
            let bids: Vec<u32> =
                (0..6).map(|k: u32| (seed * 7 + k + 1).wrapping_mul(0x9e37_79b9) >> (seed % 30)).collect();
            let best = bids.iter().copied().max().unwrap();
            let winner = bids.iter().position(|&bid| bid == best).unwrap();
            let second = bids
                .iter()
                .enumerate()
                .filter(|&(place, _)| place != winner)
                .map(|(_, &bid)| bid)
                .max()
                .unwrap();
            let texts: Vec<_> = bids.iter().map(u32::to_string).collect();
            let outputs = both_parties::run(&circuit().unwrap(), &texts).await.unwrap();
            assert_eq!(outputs, [winner.to_string(), second.to_string()], "{bids:?}");
        }
    }
}
