//! A registry's secret key makes pseudonyms of a hospital's patient numbers. They are tags of HMAC-SHA-256: without the key
//! nobody can try out all numbers, and the registry does not see them. Both learn the pseudonym.

#[path = "support/both_parties.rs"]
mod both_parties;

use halfgate::circuits::{CircuitError, library};
use halfgate::{Circuit, Party};

const KEY_BYTES: u32 = 32;

/// Patient numbers have as many bytes as the hospital says beforehand: a circuit's inputs have a fixed width.
fn circuit(number_bytes: u32) -> Result<Circuit, CircuitError> {
    Circuit::build(|builder| {
        let key = builder.input_bytes("key", 8 * KEY_BYTES, Party::Garbler);
        let number = builder.input_bytes("number", 8 * number_bytes, Party::Evaluator);
        builder.output_bytes("pseudonym", &library::hmac_sha256(&key, &number));
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = [0x5e; KEY_BYTES as usize];
    for number in [b"A 123 456 789", b"A 123 456 780"] {
        let texts = [hex(&key), hex(number)];
        let outputs = both_parties::run(&circuit(number.len() as u32)?, &texts).await?;
        both_parties::show(&outputs[0]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{KEY_BYTES, both_parties, circuit, hex};

    /// RFC 4231, test cases 1 and 2. A short key is the same as one with zeros behind it.
    #[tokio::test]
    async fn pseudonyms_are_tags_of_hmac() {
        for (key, number, tag) in [
            (
                &[0x0b; 20][..],
                &b"Hi There"[..],
                "0xb0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "0x5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
        ] {
            let mut key = key.to_vec();
            key.resize(KEY_BYTES as usize, 0);
            let circuit = circuit(number.len() as u32).unwrap();
            let outputs = both_parties::run(&circuit, &[hex(&key), hex(number)]).await.unwrap();
            assert_eq!(outputs, [tag]);
        }
    }
}
