//! The comparison functions against big integers.

use halfgate_circuits::library::functions::{Choice, Settings, function};
use num_bigint::{BigInt, BigUint, Sign};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::plaintext::{cases, modulus, number, run};

const WIDTHS: [u32; 13] = [1, 2, 3, 8, 33, 63, 64, 65, 127, 128, 129, 1000, 4096];
const LANES: usize = 24;

/// One function with settings, rows of values as the parties have them (host first, in the order of the groups), and
/// what comes out.
struct Case {
    text: String,
    rows: Vec<Vec<BigInt>>,
    expected: Vec<Vec<BigInt>>,
}

impl Case {
    fn check(&self) {
        let choice: Choice = self.text.parse().unwrap_or_else(|error| panic!("{}: {error}", self.text));
        let circuit = choice.build().unwrap_or_else(|error| panic!("{}: {error}", self.text));
        let settings = choice.settings();
        let columns: Vec<Vec<BigUint>> = (0..circuit.inputs().len())
            .map(|column| self.rows.iter().map(|row| to_wires(&row[column], settings.bits)).collect())
            .collect();
        let outputs = run(&circuit, &columns);
        for (index, (output, column)) in circuit.outputs().iter().zip(&outputs).enumerate() {
            let width = output.group.width;
            let signed = output.group.encoding == halfgate_circuits::Encoding::Int;
            for (lane, wires) in column.iter().enumerate() {
                let value = if signed { of_signed(wires, width) } else { BigInt::from(wires.clone()) };
                let name = &output.group.name;
                assert_eq!(
                    value, self.expected[lane][index],
                    "{}: {name} of {:?}",
                    self.text, self.rows[lane]
                );
            }
        }
    }
}

fn to_wires(value: &BigInt, width: u32) -> BigUint {
    let modulus = BigInt::from(modulus(width as usize));
    (((value % &modulus) + &modulus) % &modulus).to_biguint().expect("a remainder is not negative")
}

fn of_signed(wires: &BigUint, width: u32) -> BigInt {
    let value = BigInt::from(wires.clone());
    if wires.bit(u64::from(width) - 1) { value - BigInt::from(modulus(width as usize)) } else { value }
}

/// A number of units of `10^-places` with a point.
fn decimal(units: &BigInt, places: u32) -> String {
    let sign = if units.sign() == Sign::Minus { "-" } else { "" };
    let digits = format!("{:0>width$}", units.magnitude().to_string(), width = places as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places as usize);
    if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Settings and rows of values that often repeat one another.
#[derive(Clone, Debug)]
struct Data {
    bits: u32,
    signed: bool,
    scale: u32,
    rows: Vec<Vec<BigInt>>,
    /// Values for parameters.
    spare: Vec<BigInt>,
}

impl Data {
    fn prefix(&self, name: &str) -> String {
        let signed = if self.signed { " signed" } else { "" };
        format!("{name} bits={}{signed} scale={}", self.bits, self.scale)
    }

    fn case(&self, text: String, expected: impl Fn(&[BigInt]) -> Vec<BigInt>) -> Case {
        Case { text, expected: self.rows.iter().map(|row| expected(row)).collect(), rows: self.rows.clone() }
    }
}

fn data(bits: u32, signed: bool, columns: usize) -> impl Strategy<Value = Data> {
    let width = bits as usize;
    let value = move || {
        number(width)
            .prop_map(move |wires| if signed { of_signed(&wires, bits) } else { BigInt::from(wires) })
    };
    let row = (prop::collection::vec(value(), columns), any::<[u8; 3]>()).prop_map(
        |(mut row, [from, to, again])| {
            if again < 100 {
                let columns = row.len();
                row[usize::from(to) % columns] = row[usize::from(from) % columns].clone();
            }
            row
        },
    );
    (prop::collection::vec(row, LANES), prop::collection::vec(value(), 4), 0u32..4)
        .prop_map(move |(rows, spare, scale)| Data { bits, signed, scale, rows, spare })
}

/// Runs `test` on data of all widths, signed and unsigned.
fn for_all(columns: usize, test: impl Fn(Data) -> Case) {
    for bits in WIDTHS {
        for signed in [false, true] {
            let mut runner = TestRunner::new(cases(2));
            let done = runner.run(&data(bits, signed, columns), |data| {
                test(data).check();
                Ok(())
            });
            done.unwrap();
        }
    }
}

fn yes(answer: bool) -> BigInt {
    BigInt::from(u8::from(answer))
}

fn winner(host: &BigInt, guest: &BigInt) -> BigInt {
    BigInt::from(match host.cmp(guest) {
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Less => 2,
    })
}

#[test]
fn greater_than() {
    for_all(2, |data| data.case(data.prefix("greater-than"), |row| vec![yes(row[0] > row[1])]));
}

#[test]
fn equality() {
    for_all(2, |data| data.case(data.prefix("equality"), |row| vec![yes(row[0] == row[1])]));
}

#[test]
fn maximum() {
    for_all(2, |data| {
        data.case(data.prefix("maximum"), |row| {
            vec![winner(&row[0], &row[1]), row[0].clone().max(row[1].clone())]
        })
    });
}

#[test]
fn closest() {
    for_all(2, |data| {
        // Often just the distance of some row, or one off it.
        let distance = BigInt::from((&data.rows[0][0] - &data.rows[0][1]).magnitude().clone());
        let threshold = match data.scale {
            0 => distance,
            1 if distance > BigInt::ZERO => distance - 1,
            _ => BigInt::from(data.spare[0].magnitude().clone()),
        };
        let text = format!("{} threshold={}", data.prefix("closest"), decimal(&threshold, data.scale));
        data.case(text, |row| vec![yes(BigInt::from((&row[0] - &row[1]).magnitude().clone()) <= threshold)])
    });
}

#[test]
fn range_overlap() {
    for_all(4, |data| {
        data.case(data.prefix("range-overlap"), |row| {
            let (low, high) = (row[0].clone().max(row[2].clone()), row[1].clone().min(row[3].clone()));
            let there = low <= high;
            // A shift rounds toward minus infinity.
            vec![yes(there), if there { (low + high) >> 1 } else { BigInt::ZERO }]
        })
    });
}

#[test]
fn sum_against_limit() {
    for_all(2, |data| {
        let limit = match data.scale {
            0 => &data.rows[0][0] + &data.rows[0][1],
            1 if data.signed => -(BigInt::from(1) << data.bits),
            1 => (BigInt::from(1) << (data.bits + 1)) - 1,
            _ => &data.spare[0] + &data.spare[1],
        };
        let text = format!("{} limit={}", data.prefix("sum-against-limit"), decimal(&limit, data.scale));
        data.case(text, |row| vec![yes(&row[0] + &row[1] > limit)])
    });
}

#[test]
fn auctions_without_a_reserve() {
    for_all(2, |data| {
        data.case(data.prefix("first-price-auction"), |row| {
            vec![winner(&row[0], &row[1]), row[0].clone().max(row[1].clone())]
        })
    });
    for_all(2, |data| {
        data.case(data.prefix("second-price-auction"), |row| {
            vec![winner(&row[0], &row[1]), row[0].clone().min(row[1].clone())]
        })
    });
}

#[test]
fn auctions_with_a_reserve() {
    for (name, second) in [("first-price-auction", false), ("second-price-auction", true)] {
        for_all(2, |data| {
            let reserve = if data.scale % 2 == 0 { data.rows[0][0].clone() } else { data.spare[0].clone() };
            let text = format!("{} reserve={}", data.prefix(name), decimal(&reserve, data.scale));
            data.case(text, |row| {
                let (high, low) = (row[0].clone().max(row[1].clone()), row[0].clone().min(row[1].clone()));
                match high >= reserve {
                    true if second => vec![winner(&row[0], &row[1]), low.max(reserve.clone())],
                    true => vec![winner(&row[0], &row[1]), high],
                    false => vec![BigInt::from(3), BigInt::ZERO],
                }
            })
        });
    }
}

#[test]
fn median() {
    for count in [1, 2, 3, 5] {
        for_all(2 * count, |data| {
            data.case(format!("{} count={count}", data.prefix("median")), |row| {
                let mut values = row.to_vec();
                values.sort();
                vec![values[count - 1].clone()]
            })
        });
    }
}

/// 0-1 sequences decide whether a network of comparisons sorts (Knuth's principle); here every one of a size is tried.
#[test]
fn median_of_all_sequences_of_bits() {
    for count in 1..=6usize {
        let rows =
            (0..1u32 << (2 * count)).map(|row| (0..2 * count).map(|k| BigInt::from(row >> k & 1)).collect());
        let data = Data { bits: 1, signed: false, scale: 0, rows: rows.collect(), spare: Vec::new() };
        let case = data.case(format!("median bits=1 count={count}"), |row| {
            let zeros = row.iter().filter(|value| **value == BigInt::ZERO).count();
            vec![yes(zeros < count)]
        });
        case.check();
    }
}

#[test]
fn risk_score() {
    for (host, guest) in [
        (vec![("1", 1)], vec![("1", 1)]),
        (vec![("income:-0.5", -5), ("debt:2", 20)], vec![("arrears:10.3", 103)]),
        (vec![("-3", -3), ("999999999", 999_999_999), ("7", 7)], vec![("-11", -11), ("x:170", 170)]),
    ] {
        let places = if host.len() == 2 { 1 } else { 0 };
        let list =
            |weights: &[(&str, i64)]| weights.iter().map(|(text, _)| *text).collect::<Vec<_>>().join(",");
        let units: Vec<i64> = host.iter().chain(&guest).map(|(_, units)| *units).collect();
        for_all(units.len(), |data| {
            let score =
                |row: &[BigInt]| row.iter().zip(&units).map(|(value, unit)| value * unit).sum::<BigInt>();
            // Scores of rows, so that ties occur.
            let mut bands: Vec<BigInt> =
                data.rows.iter().take(1 + data.scale as usize * 2).map(|row| score(row)).collect();
            bands.sort();
            bands.dedup();
            let texts: Vec<_> = bands.iter().map(|band| decimal(band, data.scale + places)).collect();
            let text = format!(
                "{} host-weights={} guest-weights={} bands={}",
                data.prefix("risk-score"),
                list(&host),
                list(&guest),
                texts.join(",")
            );
            data.case(text, |row| {
                let score = score(row);
                vec![BigInt::from(bands.iter().filter(|band| **band <= score).count())]
            })
        });
    }
}

/// Bands that no score reaches, or all do.
#[test]
fn bands_far_away() {
    let far = BigInt::from(1) << 66u32;
    let text = format!("risk-score bits=8 signed host-weights=1 guest-weights=-1 bands=-{far},0,{far}");
    let rows: Vec<Vec<BigInt>> = [(-128, 127), (127, -128), (0, 0), (3, 4)]
        .map(|(host, guest)| vec![BigInt::from(host), BigInt::from(guest)])
        .to_vec();
    let expected = [1, 2, 2, 1].map(|band| vec![BigInt::from(band)]).to_vec();
    Case { text, rows, expected }.check();
}

#[test]
fn settings_and_texts_give_the_same_circuit() {
    let mut settings = Settings { bits: 20, scale: 2, ..Settings::default() };
    settings.parameters.insert("threshold".to_owned(), "1.5".to_owned());
    let built = function("closest").unwrap().build(&settings).unwrap();
    let choice: Choice = "closest scale=2 threshold=1.50 bits=20".parse().unwrap();
    assert_eq!(choice.build().unwrap(), built);
    let other: Choice = "closest scale=2 threshold=1.51 bits=20".parse().unwrap();
    assert_ne!(other.build().unwrap().digest(), built.digest());
    // The same wires, read in other units.
    let other: Choice = "closest scale=1 threshold=15 bits=20".parse().unwrap();
    assert_eq!(other.build().unwrap().gates(), built.gates());
    assert_ne!(other.build().unwrap().digest(), built.digest());
}
