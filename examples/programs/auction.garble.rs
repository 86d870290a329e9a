// A sealed-bid auction between two bidders: the higher bid wins and pays the lower one.
// A bid below the reserve price does not count.

struct Bid {
    amount: u64,
    reserve_met: bool,
}

enum Outcome {
    NoSale,
    FirstWins(u64),
    SecondWins(u64),
    Tie(u64),
}

fn valid(bid: Bid) -> u64 {
    if bid.reserve_met { bid.amount } else { 0u64 }
}

pub fn main(first: Bid, second: Bid) -> Outcome {
    let a = valid(first);
    let b = valid(second);
    match (a > b, b > a, a == 0u64) {
        (true, _, _) => Outcome::FirstWins(b),
        (_, true, _) => Outcome::SecondWins(a),
        (_, _, true) => Outcome::NoSale,
        (_, _, false) => Outcome::Tie(a),
    }
}
