//! Two brokers look for a trade in the same stock without showing their books: one wants to sell, one to buy, each with a
//! limit and a quantity. If the limits meet, both learn quantity and price, which is half-way; if not, they learn that.

#[path = "support/both_parties.rs"]
mod both_parties;

use halfgate::circuits::CircuitError;
use halfgate::circuits::typed::{Bit, Uint};
use halfgate::{Circuit, Party};

struct Order<'b> {
    limit: Uint<'b, 24>,
    quantity: Uint<'b, 16>,
}

struct Trade<'b> {
    happens: Bit<'b>,
    price: Uint<'b, 24>,
    quantity: Uint<'b, 16>,
}

fn cross<'b>(sell: &Order<'b>, buy: &Order<'b>) -> Trade<'b> {
    let happens = sell.limit.le(&buy.limit) & !sell.quantity.is_zero() & !buy.quantity.is_zero();
    let twice = sell.limit.extend::<25>() + buy.limit.extend::<25>();
    let price = (twice >> 1).truncate::<24>();
    let quantity = sell.quantity.min(&buy.quantity);
    // Nothing about the orders may be seen where there is no trade.
    let nothing = (Uint::constant(price.builder(), 0), Uint::constant(price.builder(), 0));
    Trade { happens, price: happens.mux(&price, &nothing.0), quantity: happens.mux(&quantity, &nothing.1) }
}

fn circuit() -> Result<Circuit, CircuitError> {
    Circuit::build(|builder| {
        let order = |name: &str, owner| Order {
            limit: builder.input_value(format!("{name}_limit"), owner),
            quantity: builder.input_value(format!("{name}_quantity"), owner),
        };
        let trade = cross(&order("sell", Party::Garbler), &order("buy", Party::Evaluator));
        builder.output_value("happens", &trade.happens);
        builder.output_value("price", &trade.price);
        builder.output_value("quantity", &trade.quantity);
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    for (sell, buy) in [([10_050_u32, 700], [10_120_u32, 1_200]), ([10_300, 50], [10_299, 9_000])] {
        let texts: Vec<_> = sell.iter().chain(&buy).map(u32::to_string).collect();
        let outputs = both_parties::run(&circuit()?, &texts).await?;
        match outputs[0].as_str() {
            "1" => both_parties::show(&format!("{} shares at {}", outputs[2], outputs[1])),
            _ => both_parties::show("no trade"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{both_parties, circuit};

    #[tokio::test]
    async fn limits_that_meet_trade_half_way() {
        for [sell, sold, buy, bought] in [
            [100, 5, 103, 9],
            [100, 9, 100, 5],
            [101, 5, 100, 5],
            [0, 0, 9, 1],
            [7, 3, 16_777_215, 65_535],
            [7, 1, 9, 0],
        ] {
            let happens = sell <= buy && sold > 0 && bought > 0;
            let expected = if happens { [1, (sell + buy) / 2, sold.min(bought)] } else { [0; 3] };
            let texts = [sell, sold, buy, bought].map(|number: u64| number.to_string());
            let outputs = both_parties::run(&circuit().unwrap(), &texts).await.unwrap();
            assert_eq!(outputs, expected.map(|number| number.to_string()));
        }
    }
}
