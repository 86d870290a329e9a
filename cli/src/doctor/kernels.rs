//! What the processor can do, and whether it does it right.

use halfgate::channel::PROTOCOL_VERSION;
use halfgate::circuits::{BitRows, Radix, Values, format_literal, parse_literal};
use halfgate::{Backend, Entropy, compile, library};
use halfgate_crypto::{Block, Delta, HalfGates};
use halfgate_evaluator::{Evaluating, HashStart, colours, peer_labels};
use halfgate_garbler::{Garbling, LabelSource, own_labels, permute_bits};

use super::Finding;
use crate::backend;
use crate::demo::FIPS_197;
use crate::failure::Failure;

pub(super) fn examine() -> Vec<Finding> {
    let version = format!("halfgate {}, protocol {PROTOCOL_VERSION}", env!("CARGO_PKG_VERSION"));
    let mut findings = vec![Finding::good("version", version)];
    findings.push(match backend::choose() {
        Ok(backend) => {
            let names: Vec<_> = Backend::available().into_iter().map(Backend::name).collect();
            Finding::good(
                "kernels",
                format!("{} in use; this machine has {}", backend.name(), names.join(", ")),
            )
        }
        Err(failure) => Finding::bad("kernels", failure.to_string(), "unset HALFGATE_BACKEND"),
    });
    let mut entropy = match Entropy::from_os() {
        Ok(entropy) => entropy,
        Err(error) => {
            let next = "nothing can be kept secret without it: repair or update the operating system";
            findings.push(Finding::bad("randomness", error.to_string(), next));
            return findings;
        }
    };
    findings.push(if entropy.block() == entropy.block() {
        Finding::bad("randomness", "two random numbers are the same", BROKEN)
    } else {
        Finding::good("randomness", "the operating system gives it")
    });
    findings.extend(Backend::available().into_iter().map(|backend| test(backend, &mut entropy)));
    findings
}

const BROKEN: &str = "do not use this machine for secrets: its processor, memory or system is broken";

fn test(backend: Backend, entropy: &mut Entropy) -> Finding {
    let subject = format!("self-test {}", backend.name());
    match encrypt(backend, entropy) {
        Ok(text) if text == FIPS_197[2] => {
            Finding::good(subject, "AES-128, garbled and evaluated here, gives what FIPS-197 says")
        }
        Ok(text) => Finding::bad(subject, format!("AES-128 gives {text}, which is wrong"), BROKEN),
        Err(failure) => Finding::bad(subject, failure.to_string(), "report this as a bug"),
    }
}

/// The ciphertext of FIPS-197, appendix C.1, by both parties' kernels in this process.
fn encrypt(backend: Backend, entropy: &mut Entropy) -> Result<String, Failure> {
    let program = compile(&library::find("aes128")?)?;
    let (delta, start, zero) = (Delta::random(entropy), entropy.block(), entropy.block());
    let source = LabelSource { delta, half_gates: HalfGates::new(backend, start), zero };
    let start = HashStart { half_gates: HalfGates::new(backend, start), zero };
    let (mut zeros, mut active) = (Vec::new(), Vec::new());
    for (input, literal) in program.inputs().iter().zip(FIPS_197) {
        let (seed, width): (Block, _) = (entropy.block(), input.group.width as usize);
        let mut values = Values::new(input.group.width, 1);
        parse_literal(&input.group, literal, values.lane_mut(0))
            .map_err(|error| Failure::Demo(error.to_string()))?;
        let bits = BitRows::from_values(&values, 0..1);
        zeros.push(own_labels(backend, seed, &source.delta, &bits, 1));
        active.push(peer_labels(backend, seed, width, 1));
    }
    let (zeros, active): (Vec<_>, Vec<_>) = (zeros.iter().collect(), active.iter().collect());
    let mut rows = vec![0; program.and_count() * halfgate_garbler::ROW_BYTES];
    let mut garbling = Garbling::new(&program, &source, &zeros, 0..1, 0);
    let (used, _) = garbling.fill(&mut rows);
    let mut evaluating = Evaluating::new(&program, &start, &active, 0..1, 0);
    evaluating.take(&[]);
    evaluating.take(&rows[..used]);
    let mut bits = colours(&evaluating.finish());
    bits.xor_assign(&permute_bits(&garbling.finish()));
    let group = &program.outputs()[0].group;
    let mut ciphertext = Values::new(group.width, 1);
    bits.part(0, group.width as usize, 1).write_to(&mut ciphertext, 0);
    Ok(format_literal(group, ciphertext.lane(0), Radix::Natural))
}
