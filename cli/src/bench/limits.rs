//! The limits of the machine: what a row would take if everything but one thing cost nothing.

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::Instant;

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use curve25519_dalek::{RistrettoPoint, Scalar};
use halfgate::Backend;
use halfgate_crypto::{Block, Prg, xor_rows};

use super::context::Bench;
use super::report::Unit;
use super::statistics::Figure;
use crate::failure::Failure;

/// Blocks that lie in the first cache.
const NEAR: usize = 256;

/// Blocks that lie in no cache.
const FAR: usize = 4 << 20;

/// AES blocks of an AND: two half-gates, and for the garbler both labels of each.
pub(crate) const GARBLER_BLOCKS: f64 = 4.0;
pub(crate) const EVALUATOR_BLOCKS: f64 = 2.0;

/// The bytes of an AND on the wire.
pub(crate) const ROW_BYTES: f64 = 32.0;

/// What the record cipher of TLS does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    Seal,
    Open,
}

/// The longest record of TLS, in bytes.
const RECORD: usize = 16 << 10;

impl Bench {
    /// Nanoseconds of an AES-128 block under one key.
    pub(crate) fn aes_block(&self, backend: Backend) -> Result<f64, Failure> {
        let name = backend.name();
        let what = format!("AES-128 block, one key, counter mode in the first cache, {name}");
        self.limit(&format!("aes.{name}"), &what, Unit::Nanoseconds, || {
            let prg = Prg::new(backend, Block::new(1));
            let mut blocks = vec![Block::ZERO; NEAR];
            let times = self.pace.time(|| prg.fill(0, black_box(&mut blocks)));
            Ok(Figure::of_each(&times, |seconds| seconds * 1e9 / NEAR as f64))
        })
    }

    /// Nanoseconds for the bytes of an AND of the record cipher that TLS prefers, in the first caches.
    pub(crate) fn record_cipher(&self, what: Cipher) -> Result<f64, Failure> {
        let (id, name) = match what {
            Cipher::Seal => ("cipher.seal", "seal"),
            Cipher::Open => ("cipher.open", "open"),
        };
        let text = format!("AES-128-GCM of aws-lc, {name} 32 bytes in records of 16 KiB");
        self.limit(id, &text, Unit::NsPerAnd, || {
            let key = UnboundKey::new(&AES_128_GCM, &[7; 16]).map(LessSafeKey::new);
            let key = key.map_err(|_| Failure::Bench("AES-128-GCM takes no key".to_owned()))?;
            // The bytes are worth nothing, so one nonce does for all.
            let nonce = || Nonce::assume_unique_for_key([0; NONCE_LEN]);
            let (mut record, mut opened) = (vec![0x5a; RECORD], vec![0; RECORD]);
            let seal = |record: &mut [u8]| {
                key.seal_in_place_separate_tag(nonce(), Aad::empty(), record)
                    .map_err(|_| Failure::Bench("AES-128-GCM does not seal".to_owned()))
            };
            let tag = seal(&mut record)?;
            let times = match what {
                Cipher::Seal => self.pace.time(|| {
                    let _tag = black_box(seal(black_box(&mut record)));
                }),
                Cipher::Open => self.pace.time(|| {
                    let (sealed, tag) = (black_box(&record), tag.as_ref());
                    let opening = key.open_separate_gather(nonce(), Aad::empty(), sealed, tag, &mut opened);
                    let _opened = black_box(opening);
                }),
            };
            Ok(Figure::of_each(&times, |seconds| seconds * 1e9 * ROW_BYTES / RECORD as f64))
        })
    }

    /// Nanoseconds of an exclusive or of two labels: side by side in the first cache, or one lane, from anywhere.
    pub(crate) fn xor(&self, backend: Backend, lanes: usize) -> Result<f64, Failure> {
        let (slots, width, id, what) = match lanes {
            1 => (4096, 1, "xor.gathered", "XOR of two labels gathered from 4096 slots"),
            _ => (NEAR / 16, 16, "xor.rows", "XOR of two labels, 16 side by side, in the first cache"),
        };
        let (id, name) = (format!("{id}.{}", backend.name()), backend.name());
        self.limit(&id, &format!("{what}, {name}"), Unit::Nanoseconds, || {
            let gates: Vec<[u32; 3]> = scattered(slots as u64).take(NEAR * 16).collect();
            let mut labels = vec![Block::new(5); slots * width];
            let times = self.pace.time(|| xor_rows(backend, black_box(&mut labels), width, &gates));
            Ok(Figure::of_each(&times, |seconds| seconds * 1e9 / (gates.len() * width) as f64))
        })
    }

    /// MB/s of a copy from memory to memory.
    pub(crate) fn memory_copy(&self) -> Result<f64, Failure> {
        let what = "copy from memory to memory, one core";
        self.limit("memory.copy", what, Unit::MegaBytes, || {
            let (from, mut to) = (vec![Block::new(5); FAR], vec![Block::ZERO; FAR]);
            let times = self.pace.time(|| black_box(&mut to).copy_from_slice(black_box(&from)));
            Ok(Figure::of_each(&times, |seconds| FAR as f64 * 16.0 / 1e6 / seconds))
        })
    }

    /// Microseconds of a scalar multiplication on the curve of the base OTs.
    pub(crate) fn multiplication(&self) -> Result<f64, Failure> {
        let what = "ristretto255: variable point times scalar";
        self.limit("curve.multiply", what, Unit::Microseconds, || {
            let point = RistrettoPoint::from_uniform_bytes(&[3; 64]);
            let scalar = Scalar::from_bytes_mod_order([0x5a; 32]);
            let times = self.pace.time(|| {
                black_box(black_box(point) * black_box(scalar));
            });
            Ok(Figure::of_each(&times, |seconds| seconds * 1e6))
        })
    }

    /// MB/s of a loop that reads all numbers of a text and keeps none of them.
    pub(crate) fn numbers(&self, text: &[u8]) -> Result<f64, Failure> {
        let what = "a loop over bytes that reads the numbers of a Bristol file and keeps none";
        self.limit("text.numbers", what, Unit::MegaBytes, || {
            let times = self.pace.time(|| {
                black_box(black_box(text).iter().fold((0u32, 0u32), |(sum, number), &byte| {
                    let digit = byte.wrapping_sub(b'0');
                    if digit < 10 {
                        (sum, number.wrapping_mul(10).wrapping_add(u32::from(digit)))
                    } else {
                        (sum ^ number, 0)
                    }
                }));
            });
            Ok(Figure::of_each(&times, |seconds| text.len() as f64 / 1e6 / seconds))
        })
    }

    /// Milliseconds from the start of a process of this executable that does nothing to its end.
    pub(crate) fn process_start(&self) -> Result<f64, Failure> {
        let what = "this executable from start to exit, doing nothing (--version)";
        self.limit("process.start", what, Unit::Milliseconds, || {
            let cannot = |source| Failure::System { what: "start another process", source };
            let program = std::env::current_exe().map_err(cannot)?;
            let start = || {
                let start = Instant::now();
                Command::new(&program).arg("--version").stdout(Stdio::null()).status().map_err(cannot)?;
                Ok::<_, Failure>(start.elapsed())
            };
            let times = self.pace.repeat(self.pace.starts, start)?;
            Ok(Figure::of_each(&times, |seconds| seconds * 1e3))
        })
    }
}

/// Gates that read and write anywhere among so many slots. Any generator of full period scatters them well enough.
fn scattered(slots: u64) -> impl Iterator<Item = [u32; 3]> {
    let mut state = 1u64;
    let mut slot = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((state >> 33) % slots) as u32
    };
    std::iter::repeat_with(move || [slot(), slot(), slot()])
}
