//! Leaky ANDs (KRRW18, figure "leaky AND"; `authenticated.md` derives them): of random ⟨x⟩, ⟨y⟩, ⟨r⟩ makes S_P on both sides,
//! whose difference is x∧y ⊕ r in the second bit.

use halfgate_crypto::{Block, Delta, Mitccrh, past_caches, refit};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Auth;
use crate::candidates::{Candidates, Factors, Fresh, X, Y, Z};

/// Candidates that are hashed at a time: a first cache holds what is done with them.
const AT_ONCE: usize = 256;

/// Rows of both directions for one bit of some candidates: this party is the receiver of the macs and chose the bits, and
/// it is the sender of the keys. Wiped on drop.
#[derive(Default, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Rows {
    pub(crate) choices: Vec<u64>,
    pub(crate) macs: Vec<Block>,
    pub(crate) keys: Vec<Block>,
}

impl Rows {
    /// Has so many rows, to be filled anew.
    pub(crate) fn fit(&mut self, count: usize) {
        refit(&mut self.choices, count.div_ceil(64));
        refit(&mut self.macs, count);
        refit(&mut self.keys, count);
    }

    /// So many rows, at most 64, from one on whose number is divisible by 64.
    fn word(&self, first: usize, count: usize) -> Word<'_> {
        Word {
            choices: self.choices[first / 64],
            macs: &self.macs[first..][..count],
            keys: &self.keys[first..][..count],
        }
    }
}

/// Rows whose choices are one word.
struct Word<'a> {
    choices: u64,
    macs: &'a [Block],
    keys: &'a [Block],
}

impl Word<'_> {
    fn share(&self, place: usize) -> bool {
        self.choices >> place & 1 == 1
    }

    fn auth(&self, place: usize, delta: &Delta) -> Auth {
        let key = self.keys[place] ^ delta.block().and_bit(self.share(place));
        Auth { mac: self.macs[place], key }
    }

    /// The sum of both, which for ⟨y⟩ is C_P: C_G ⊕ C_E = y·(Δ_G ⊕ Δ_E).
    fn c(&self, place: usize, delta: &Delta) -> Block {
        let y = self.auth(place, delta);
        y.key ^ y.mac
    }
}

/// Some candidates between this party's tables and the peer's.
pub(crate) struct Leaky<'a> {
    pub(crate) delta: &'a Delta,
    pub(crate) x: &'a Rows,
    pub(crate) y: &'a Rows,
    pub(crate) r: &'a Rows,
}

impl Leaky<'_> {
    /// Makes T_P of the candidates from `first` on, which is divisible by 64, and H(K_P[x]) for later. The candidate at index i
    /// has the tweak `first_tweak + i`, which must never repeat under one hash.
    pub(crate) fn tables(
        &self,
        hash: &Mitccrh,
        first_tweak: u64,
        first: usize,
        hashes: &mut [Block],
        tables: &mut [[u8; 16]],
    ) {
        let mut sums = Zeroizing::new([Block::ZERO; AT_ONCE]);
        let pieces = hashes.chunks_mut(AT_ONCE).zip(tables.chunks_mut(AT_ONCE));
        for (first, (hashes, tables)) in (first..).step_by(AT_ONCE).zip(pieces) {
            let (keys, sums) = (&self.x.keys[first..][..tables.len()], &mut sums[..tables.len()]);
            hash.hash_pairs(self.delta, first_tweak + first as u64, keys, hashes, sums);
            let words = tables.chunks_mut(64).zip(sums.chunks(64));
            for (first, (tables, sums)) in (first..).step_by(64).zip(words) {
                let y = self.y.word(first, tables.len());
                for (place, (table, sum)) in tables.iter_mut().zip(sums).enumerate() {
                    *table = (*sum ^ y.c(place, self.delta)).to_bytes();
                }
            }
        }
    }

    /// Takes T_Q of the candidates from `first` on, which is divisible by 64, and adds them to the others. `hash` is the peer's,
    /// and `hashes` what [`Leaky::tables`] made for the same candidates.
    pub(crate) fn finish(
        &self,
        hash: &Mitccrh,
        first_tweak: u64,
        first: usize,
        hashes: &[Block],
        tables: &[[u8; 16]],
        out: &mut Candidates<'_>,
    ) {
        let mut evaluated = Zeroizing::new([Block::ZERO; AT_ONCE]);
        let pieces = hashes.chunks(AT_ONCE).zip(tables.chunks(AT_ONCE));
        for (first, (hashes, tables)) in (first..).step_by(AT_ONCE).zip(pieces) {
            let evaluated = &mut evaluated[..tables.len()];
            hash.hash(first_tweak + first as u64, &self.x.macs[first..][..tables.len()], evaluated);
            let words = evaluated.chunks(64).zip(hashes.chunks(64).zip(tables.chunks(64)));
            for (first, (evaluated, (hashes, tables))) in (first..).step_by(64).zip(words) {
                self.add(first, evaluated, hashes, tables, out.add(tables.len()));
            }
        }
    }

    /// Puts at most 64 candidates into their places; of each there is H(M_P[x]), H(K_P[x]) and T_Q.
    fn add(&self, first: usize, evaluated: &[Block], hashes: &[Block], tables: &[[u8; 16]], out: Fresh<'_>) {
        let count = tables.len();
        let [x, y, r] = [self.x, self.y, self.r].map(|rows| rows.word(first, count));
        let hashed = evaluated.iter().zip(hashes).zip(tables);
        let places = out.seconds.iter_mut().zip(out.shares).zip(out.sums);
        let mut told = 0;
        // By the time that anybody asks for them, a cache has long forgotten them.
        past_caches(bytemuck::cast_slice_mut(out.factors), |factors| {
            for (place, (((theirs, ours), &table), ((second, shares), sum))) in hashed.zip(places).enumerate()
            {
                let pair = Factors { x: x.auth(place, self.delta), r: r.auth(place, self.delta) };
                factors.put(place, bytemuck::cast_ref(&pair));
                *second = y.auth(place, self.delta);
                let row = Block::from_bytes(table) ^ y.c(place, self.delta);
                *sum = *ours ^ *theirs ^ r.c(place, self.delta) ^ row.and_bit(x.share(place));
                told |= u64::from(sum.second_bit()) << place;
                let [x, y, r] = [&x, &y, &r].map(|word| u8::from(word.share(place)));
                *shares = x << X | y << Y | r << Z;
            }
        });
        *out.told = told;
    }
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::{BitRows, Party};
    use halfgate_crypto::{Backend, Entropy, Oracle, SessionId};

    use super::*;
    use crate::candidates::Arena;

    /// Both parties' rows of random bits with these shares, the garbler's first.
    fn rows(shares: [&[bool]; 2], deltas: &[Delta; 2], entropy: &mut Entropy) -> [Rows; 2] {
        let mut both: [Rows; 2] = Default::default();
        both.iter_mut().for_each(|rows| rows.fit(shares[0].len()));
        for party in 0..2 {
            let choices = BitRows::from_bits(shares[0].len(), 1, shares[party].iter().copied());
            both[party].choices.copy_from_slice(choices.words());
            for (index, &share) in shares[party].iter().enumerate() {
                let key = entropy.block();
                both[1 - party].keys[index] = key;
                both[party].macs[index] = key ^ deltas[1 - party].block().and_bit(share);
            }
        }
        both
    }

    struct Model {
        deltas: [Delta; 2],
        hashes: [Mitccrh; 2],
        /// x, y and r of both parties.
        rows: [[Rows; 2]; 3],
    }

    /// All 64 combinations of the shares of x, y and r.
    fn model() -> Model {
        let mut entropy = Entropy::fixed(3);
        let deltas = [true, false].map(|bit| Delta::with_second_bit(&mut entropy, bit));
        let hashes = [0; 2].map(|_| Mitccrh::new(Backend::detect(), entropy.block()));
        let rows = [0, 1, 2].map(|value| {
            let share =
                |party: usize| (0..64).map(|case| case >> (2 * value + party) & 1 == 1).collect::<Vec<_>>();
            rows([&share(0), &share(1)], &deltas, &mut entropy)
        });
        Model { deltas, hashes, rows }
    }

    impl Model {
        fn leaky(&self, party: usize) -> Leaky<'_> {
            let [x, y, r] = [0, 1, 2].map(|value| &self.rows[value][party]);
            Leaky { delta: &self.deltas[party], x, y, r }
        }

        /// Both parties' candidates, when `tamper` had its way with the tables.
        fn run<'a>(
            &self,
            arenas: &'a mut [Arena; 2],
            tamper: impl Fn(&mut [Vec<[u8; 16]>; 2]),
        ) -> [Candidates<'a>; 2] {
            let mut hashes = [0; 2].map(|_| vec![Block::ZERO; 64]);
            let mut tables = [0; 2].map(|_| vec![[0; 16]; 64]);
            for party in 0..2 {
                let (hashes, tables) = (&mut hashes[party], &mut tables[party]);
                self.leaky(party).tables(&self.hashes[party], 5, 0, hashes, tables);
            }
            tamper(&mut tables);
            let mut party = 0..2;
            arenas.each_mut().map(|arena| {
                let (party, mut candidates) = (party.next().unwrap(), arena.candidates(64));
                let (hash, tables) = (&self.hashes[1 - party], &tables[1 - party]);
                self.leaky(party).finish(hash, 5, 0, &hashes[party], tables, &mut candidates);
                candidates
            })
        }

        /// Whether the digests of L agree, after the bits were exchanged.
        fn correct(&self, candidates: &mut [Candidates<'_>; 2]) -> bool {
            let mut d = candidates[0].told();
            d.xor_assign(&candidates[1].told());
            let [garbler, evaluator] = candidates;
            let oracle = || Oracle::new("a test", &SessionId::new([0; 32]));
            garbler.correct(&d, Party::Garbler, &self.deltas[0], oracle())
                == evaluator.correct(&d, Party::Evaluator, &self.deltas[1], oracle())
        }
    }

    /// Whether a bit is authenticated on both sides, by equation 2.
    fn authenticated(auths: [Auth; 2], bit: bool, deltas: &[Delta; 2]) -> bool {
        (0..2).all(|party| auths[party].mac == auths[1 - party].expected_mac(bit, &deltas[1 - party]))
    }

    #[test]
    fn equations_2_to_5_hold_for_all_shares() {
        let model = model();
        let mut arenas = Default::default();
        let mut candidates = model.run(&mut arenas, |_| {});
        assert!(model.correct(&mut candidates), "L is the same on both sides");
        for case in 0..64 {
            let bit = |place: u8| {
                let [garbler, evaluator] =
                    [0, 1].map(|party: usize| candidates[party].shares[case] >> place & 1);
                garbler ^ evaluator == 1
            };
            assert_eq!(bit(X), (case ^ case >> 1) & 1 == 1);
            assert_eq!(bit(Y), (case >> 2 ^ case >> 3) & 1 == 1);
            assert_eq!(bit(Z), bit(X) && bit(Y), "shares {case:06b}");
            let of = |pick: fn(&Candidates<'_>, usize) -> Auth| {
                [0, 1].map(|party: usize| pick(&candidates[party], case))
            };
            assert!(authenticated(of(|c, i| c.factors[i].x), bit(X), &model.deltas));
            assert!(authenticated(of(|c, i| c.seconds[i]), bit(Y), &model.deltas));
            let z = [0, 1].map(|party: usize| {
                candidates[party].factors[case].z(candidates[party].shares[case], &model.deltas[party])
            });
            assert!(authenticated(z, bit(Z), &model.deltas));
        }
    }

    #[test]
    fn a_wrong_table_is_found_where_the_others_share_is_one() {
        for (cheat, case) in (0..2).flat_map(|cheat| (0..64).map(move |case| (cheat, case))) {
            let model = model();
            let mut arenas = Default::default();
            let mut candidates = model.run(&mut arenas, |tables| tables[cheat][case][9] ^= 1 << 5);
            let share = candidates[1 - cheat].shares[case] >> X & 1 == 1;
            assert_eq!(model.correct(&mut candidates), !share, "the leak that buckets are for");
        }
    }

    /// Whether the digests of L agree if a party goes on with another share than the one that it chose by oblivious transfer.
    fn passes_with_another_share(value: usize, cheat: usize, case: usize) -> bool {
        let mut model = model();
        model.rows[value][cheat].choices[0] ^= 1 << case;
        let mut arenas = Default::default();
        let mut candidates = model.run(&mut arenas, |_| {});
        model.correct(&mut candidates)
    }

    #[test]
    fn another_share_than_that_of_the_transfer_is_found() {
        for (cheat, case) in (0..2).flat_map(|cheat| (0..64).map(move |case| (cheat, case))) {
            let [x, y, r] = [0, 1, 2].map(|value| passes_with_another_share(value, cheat, case));
            assert!(!x && !r, "party {cheat}, shares {case:06b}");
            // Where x is zero the product is right whatever y is; the MAC finds y when d is opened.
            assert_eq!(y, (case ^ case >> 1) & 1 == 0, "party {cheat}, shares {case:06b}");
        }
    }

    #[test]
    fn another_delta_in_the_tables_is_found() {
        // The selective failure of a table that hides another Δ: H(K) ⊕ H(K ⊕ Δ′) ⊕ C.
        let model = model();
        let other = Delta::with_second_bit(&mut Entropy::fixed(8), true);
        let Leaky { x, y, r, .. } = model.leaky(0);
        let cheater = Leaky { delta: &other, x, y, r };
        let mut arenas = Default::default();
        let mut candidates = model.run(&mut arenas, |tables| {
            let mut hashes = vec![Block::ZERO; 64];
            cheater.tables(&model.hashes[0], 5, 0, &mut hashes, &mut tables[0]);
        });
        assert!(!model.correct(&mut candidates));
    }
}
