//! The list of functions, in words.

use super::parameter::Kind;
use super::{Function, Parameter, auctions, comparisons, median, ranges, risk};

const YES_NO: &[&str] = &["no", "yes"];
const WINNER: &[&str] = &["tie", "host", "guest"];
const WINNER_IF_ANY: &[&str] = &["tie", "host", "guest", "none"];

const BOTH: &str = "Both sides learn the output and nothing else.";

const fn required(name: &'static str, kind: Kind, about: &'static str) -> Parameter {
    Parameter { name, about, required: true, kind }
}

const RESERVE: Parameter = Parameter {
    name: "reserve",
    about: "the lowest price at which a lot is sold, written like a bid; without it every lot is sold",
    required: false,
    kind: Kind::Value,
};

pub(super) static FUNCTIONS: [Function; 10] = [
    Function {
        name: "greater-than",
        title: "Greater than",
        about: "whether the host's value is greater than the guest's",
        inputs: "each side one `value` per row",
        parameters: &[],
        ties: "Equal values give `no`: the host's is not greater.",
        reveals: BOTH,
        infers: "Each side learns on which side of its own value the other one lies. Whoever may ask again with other \
                 values finds the other value by halving, in as many questions as it has bits.",
        example: "greater-than bits=64",
        words: &[("host_is_greater", YES_NO)],
        build: comparisons::greater_than,
    },
    Function {
        name: "equality",
        title: "Equality",
        about: "whether the two values are equal",
        inputs: "each side one `value` per row",
        parameters: &[],
        ties: "Equality is the question itself: `yes` exactly if all digits agree.",
        reveals: BOTH,
        infers: "On `yes` each side knows the other's value. On `no` one value is excluded, which tells much if there \
                 are few: a list of all candidates, one per row, finds any value that is on it.",
        example: "equality bits=64",
        words: &[("equal", YES_NO)],
        build: comparisons::equality,
    },
    Function {
        name: "maximum",
        title: "Maximum with winner",
        about: "the larger of the two values, and whose it is",
        inputs: "each side one `value` per row",
        parameters: &[],
        ties: "Equal values have the winner `tie`, and the maximum is that value.",
        reveals: BOTH,
        infers: "The loser learns the winner's value exactly; the winner learns that the other value is smaller. After \
                 a tie both know both.",
        example: "maximum bits=64",
        words: &[("winner", WINNER)],
        build: comparisons::maximum,
    },
    Function {
        name: "closest",
        title: "Closest within a threshold",
        about: "whether the two values lie within a public threshold of each other",
        inputs: "each side one `value` per row",
        parameters: &[required(
            "threshold",
            Kind::Distance,
            "the largest distance that counts as close, written like a value without a sign",
        )],
        ties: "A distance equal to the threshold is within it; with threshold 0 this is equality.",
        reveals: "Both sides learn whether the values are close, and nothing else: neither the distance nor its sign.",
        infers: "On `yes` each side knows the other's value up to the threshold, so a small threshold tells nearly \
                 all of it. On `no` a range of that size is excluded.",
        example: "closest bits=64 scale=2 threshold=0.50",
        words: &[("within", YES_NO)],
        build: comparisons::closest,
    },
    Function {
        name: "range-overlap",
        title: "Range overlap with midpoint",
        about: "whether two ranges overlap, and the midpoint of what they have in common",
        inputs: "each side a `low` and a `high` end per row, both part of the range",
        parameters: &[],
        ties: "Ranges that touch in one value overlap there. A midpoint between two neighbours is rounded down, \
               toward minus infinity. A range whose low end is above its high end is empty and overlaps nothing.",
        reveals: "Both sides learn whether the ranges overlap and, if so, the midpoint of the overlap; otherwise the \
                  midpoint is 0. The ends themselves are not shown.",
        infers: "The midpoint is half the sum of the higher low end and the lower high end. Where one of them is one's \
                 own, the other one follows, up to rounding; and each side can try both cases.",
        example: "range-overlap bits=64 scale=2",
        words: &[("overlap", YES_NO)],
        build: ranges::range_overlap,
    },
    Function {
        name: "sum-against-limit",
        title: "Sum against a limit",
        about: "whether the sum of the two values exceeds a public limit (joint exposure)",
        inputs: "each side one `value` per row",
        parameters: &[required(
            "limit",
            Kind::Sum,
            "the largest sum that is still allowed, written like a value; up to twice the largest value",
        )],
        ties: "A sum equal to the limit does not exceed it.",
        reveals: "Both sides learn whether the sum exceeds the limit, and nothing else: not the sum. The sum is \
                  computed with one bit more than the values, so it never wraps around.",
        infers: "Each side learns on which side of (limit - its own value) the other value lies. Asked again with \
                 other values or limits, that finds the other value by halving.",
        example: "sum-against-limit bits=64 scale=2 limit=1000000.00",
        words: &[("exceeds", YES_NO)],
        build: comparisons::sum_against_limit,
    },
    Function {
        name: "first-price-auction",
        title: "First-price sealed-bid auction",
        about: "who bids more for each lot; the winner pays the own bid",
        inputs: "each side one `bid` per lot, one lot per row",
        parameters: &[RESERVE],
        ties: "Equal bids have the winner `tie` and that price; the rules of the sale say what happens then. A bid \
               equal to the reserve reaches it. If neither does, the winner is `none` and the price 0.",
        reveals: "Both sides learn the winner and the price of each lot, which is the winning bid. The losing bid \
                  stays secret.",
        infers: "The loser learns the winning bid exactly; the winner learns that the other bid is smaller. After a \
                 tie both know both bids. A lot that is not sold tells that the other bid is below the reserve.",
        example: "first-price-auction bits=64 scale=2",
        words: &[("winner", WINNER_IF_ANY)],
        build: auctions::first_price,
    },
    Function {
        name: "second-price-auction",
        title: "Second-price sealed-bid auction",
        about: "who bids more for each lot; the winner pays the other bid (Vickrey)",
        inputs: "each side one `bid` per lot, one lot per row",
        parameters: &[RESERVE],
        ties: "Equal bids have the winner `tie` and that price; the rules of the sale say what happens then. A bid \
               equal to the reserve reaches it. If only the winner's does, the reserve is the price; if neither does, \
               the winner is `none` and the price 0.",
        reveals: "Both sides learn the winner and the price of each lot, which is the losing bid, or the reserve if \
                  that is higher. The winning bid stays secret.",
        infers: "With two bidders the price is the loser's bid, so the winner learns it exactly, unless a reserve \
                 hides it; the loser learns only that the winning bid is larger. After a tie both know both bids.",
        example: "second-price-auction bits=64 scale=2",
        words: &[("winner", WINNER_IF_ANY)],
        build: auctions::second_price,
    },
    Function {
        name: "median",
        title: "Median",
        about: "the lower median of all values of a row, as many of each side",
        inputs: "each side `value1`, `value2`, … per row, in any order",
        parameters: &[required("count", Kind::Count, "how many values each side has in a row")],
        ties: "Equal values count as often as they occur. Of the two values in the middle it is the lower one.",
        reveals: "Both sides learn one of the values, the lower median, and not whose it is.",
        infers: "A side that does not have this value knows that the other one does, and how many of the other's \
                 values lie below it and above it. Whoever puts in extreme values instead of real ones chooses which \
                 of the other's values comes out: count matters, and so does asking only once.",
        example: "median bits=64 count=5",
        words: &[],
        build: median::median,
    },
    Function {
        name: "risk-score",
        title: "Weighted risk score with bands",
        about: "the band of a weighted sum of factors of both sides; the sum itself is not revealed",
        inputs: "each side the factors that its weights name, otherwise `factor1`, `factor2`, …",
        parameters: &[
            required(
                "host-weights",
                Kind::Weights,
                "the weights of the host's factors, such as income:-0.5,debt:2",
            ),
            required(
                "guest-weights",
                Kind::Weights,
                "the weights of the guest's factors, such as arrears:10",
            ),
            required(
                "bands",
                Kind::Bands,
                "the scores at which bands 1, 2, … begin, rising, such as 30,60,85.5",
            ),
        ],
        ties: "A score equal to the beginning of a band belongs to that band; scores below all are in band 0.",
        reveals: "Both sides learn the number of the band, from 0 to the number of thresholds, and nothing else: not \
                  the score.",
        infers: "With the own factors known, the band bounds the other side's part of the score from both sides; the \
                 outermost bands from one side. With a single factor of the other side that bounds the factor itself. \
                 Narrow bands tell more than wide ones.",
        example: "risk-score bits=64 host-weights=debt:2,income:-0.5 guest-weights=arrears:10 bands=30,60,85.5",
        words: &[],
        build: risk::risk_score,
    },
];
