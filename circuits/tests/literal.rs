//! Values of any width as text and back.

use halfgate_circuits::{BitOrder, Encoding, Group, LiteralError, Radix, format_literal, parse_literal};
use num_bigint::BigInt;
use proptest::prelude::*;

fn group(encoding: Encoding, width: u32) -> Group {
    Group { encoding, ..Group::uint("in0", width) }
}

fn words(group: &Group) -> Vec<u64> {
    vec![0x5555; group.width.div_ceil(64) as usize]
}

fn parse(group: &Group, text: &str) -> Result<Vec<u64>, LiteralError> {
    let mut words = words(group);
    let result = parse_literal(group, text, &mut words);
    if result.is_err() {
        assert!(words.iter().all(|word| *word == 0), "a failed parse leaves no value behind");
    }
    result.map(|()| words)
}

fn message(encoding: Encoding, width: u32, text: &str) -> String {
    parse(&group(encoding, width), text).expect_err("no value").to_string()
}

#[test]
fn every_radix_is_read_for_every_encoding() {
    for encoding in [Encoding::Uint, Encoding::Int, Encoding::Bytes, Encoding::Bits] {
        for text in ["90", " 90 ", "0090", "0x5a", "0X05A", "0b1011010", "0B01011010"] {
            assert_eq!(parse(&group(encoding, 8), text), Ok(vec![90]), "{text}");
        }
    }
    assert_eq!(parse(&group(Encoding::Int, 8), "-1"), Ok(vec![255]));
    assert_eq!(parse(&group(Encoding::Int, 8), "-128"), Ok(vec![128]));
    assert_eq!(parse(&group(Encoding::Int, 8), "0xff"), Ok(vec![255]));
    assert_eq!(parse(&group(Encoding::Int, 8), "-0"), Ok(vec![0]));
    assert_eq!(parse(&group(Encoding::Int, 128), "-2"), Ok(vec![u64::MAX - 1, u64::MAX]));
}

#[test]
fn values_are_shown_by_encoding_and_radix() {
    let show = |encoding, width, words: &[u64], radix| format_literal(&group(encoding, width), words, radix);
    let natural = |encoding, width, words: &[u64]| show(encoding, width, words, Radix::Natural);
    assert_eq!(natural(Encoding::Uint, 64, &[u64::MAX]), "18446744073709551615");
    assert_eq!(natural(Encoding::Uint, 65, &[10, 1]), "0x1000000000000000a");
    assert_eq!(natural(Encoding::Uint, 66, &[10, 0]), "0x0000000000000000a");
    assert_eq!(natural(Encoding::Int, 8, &[0x80]), "-128");
    assert_eq!(natural(Encoding::Int, 8, &[0x7f]), "127");
    assert_eq!(natural(Encoding::Int, 65, &[0, 1]), "-18446744073709551616");
    assert_eq!(natural(Encoding::Bytes, 12, &[0x0a]), "0x00a");
    assert_eq!(natural(Encoding::Bits, 5, &[6]), "0b00110");
    assert_eq!(show(Encoding::Int, 8, &[0xff], Radix::Hex), "0xff");
    assert_eq!(show(Encoding::Int, 8, &[0xff], Radix::Bin), "0b11111111");
    assert_eq!(show(Encoding::Int, 8, &[0xff], Radix::Dec), "-1");
    assert_eq!(show(Encoding::Bytes, 8, &[0xff], Radix::Dec), "255");
    assert_eq!(show(Encoding::Uint, 129, &[0, 0, 1], Radix::Dec), "340282366920938463463374607431768211456");
}

#[test]
fn the_first_wire_may_be_the_highest_bit() {
    let aes = Group { order: BitOrder::MsbFirst, ..group(Encoding::Bytes, 128) };
    let text = "0x000102030405060708090a0b0c0d0e0f";
    let words = parse(&aes, text).unwrap();
    // Byte 1 is 0x01: of wires 8 to 15, the last is set.
    assert_eq!(words[0] & 0xffff, 0x8000);
    assert_eq!(words[1] >> 56, 0xf0);
    assert_eq!(format_literal(&aes, &words, Radix::Natural), text);
    let three = Group { order: BitOrder::MsbFirst, ..group(Encoding::Uint, 3) };
    assert_eq!(parse(&three, "1"), Ok(vec![4]));
}

#[test]
fn groups_without_wires_have_one_value() {
    for (encoding, shown) in
        [(Encoding::Uint, "0"), (Encoding::Int, "0"), (Encoding::Bytes, "0x"), (Encoding::Bits, "0b")]
    {
        let group = group(encoding, 0);
        for text in ["", "0", "0x", "0b", "0x00", shown] {
            assert_eq!(parse(&group, text), Ok(vec![]), "{text}");
        }
        assert_eq!(format_literal(&group, &[], Radix::Natural), shown);
    }
    let text = message(Encoding::Uint, 0, "1");
    assert_eq!(
        text,
        "the value of `in0` does not fit into 0 bits; expected 0 or nothing, as the group has no wires"
    );
}

#[test]
fn errors_tell_group_reason_and_range_but_not_the_value() {
    let uint = "0 to 255 in decimal, or up to 8 bits after 0x or 0b";
    let int = "-128 to 127 in decimal, or up to 8 bits after 0x or 0b";
    for (encoding, literal, reason) in [
        (Encoding::Uint, "256", format!("does not fit into 8 bits; expected {uint}")),
        (Encoding::Uint, "0x100", format!("does not fit into 8 bits; expected {uint}")),
        (Encoding::Uint, "99999999999999999999999", format!("does not fit into 8 bits; expected {uint}")),
        (Encoding::Uint, "-7", format!("has a sign that does not belong there; expected {uint}")),
        (Encoding::Bits, "", format!("has no digits; expected {uint}")),
        (Encoding::Bytes, "0x", format!("has no digits; expected {uint}")),
        (Encoding::Int, "128", format!("does not fit into 8 bits; expected {int}")),
        (Encoding::Int, "-129", format!("does not fit into 8 bits; expected {int}")),
        (Encoding::Int, "0b111111111", format!("does not fit into 8 bits; expected {int}")),
        (Encoding::Int, "-0x7", format!("has a sign that does not belong there; expected {int}")),
        (Encoding::Int, "-", format!("has no digits; expected {int}")),
    ] {
        assert_eq!(message(encoding, 8, literal), format!("the value of `in0` {reason}"), "{literal}");
    }
    for (literal, position, radix) in [
        ("12a4", 3, "decimal"),
        ("0xfg", 4, "hexadecimal"),
        ("0b102", 5, "binary"),
        ("+1", 1, "decimal"),
        ("٣", 1, "decimal"),
    ] {
        let expected =
            format!("character {position} of the value of `in0` is not a {radix} digit; expected {uint}");
        assert_eq!(message(Encoding::Uint, 8, literal), expected, "{literal}");
    }
    assert!(message(Encoding::Uint, 1, "2").contains("0 to 1 in decimal, or up to 1 bit after"));
    assert!(message(Encoding::Uint, 64, "-1").contains("0 to 18446744073709551615 in"));
    assert!(message(Encoding::Int, 64, "x").contains("-9223372036854775808 to 9223372036854775807 in"));
    assert!(message(Encoding::Int, 65, "x").contains("-2^64 to 2^64 - 1 in"));
    assert!(message(Encoding::Uint, 65, "x").contains("0 to 2^65 - 1 in"));
}

fn scaled(encoding: Encoding, width: u32, scale: u32) -> Group {
    Group { scale, ..group(encoding, width) }
}

#[test]
fn a_scale_puts_digits_behind_the_point() {
    let cents = scaled(Encoding::Int, 16, 2);
    for (text, units) in [
        ("12.50", 1250),
        ("12.5", 1250),
        ("12", 1200),
        ("12.500", 1250),
        ("0.05", 5),
        ("-0.05", -5),
        ("-0.00", 0),
        ("007.1", 710),
        ("327.67", 0x7fff),
        ("-327.68", -0x8000),
    ] {
        assert_eq!(parse(&cents, text), Ok(vec![(units & 0xffff) as u64]), "{text}");
    }
    // What stands on the wires has no point.
    assert_eq!(parse(&cents, "0x4e2"), Ok(vec![1250]));
    assert_eq!(parse(&scaled(Encoding::Uint, 8, 0), "7.00"), Ok(vec![7]));
    assert_eq!(parse(&scaled(Encoding::Uint, 4, 30), "0.000000000000000000000000000015"), Ok(vec![15]));
}

#[test]
fn a_scale_is_shown_at_its_full_length() {
    let show = |encoding, width, scale, words: &[u64]| {
        format_literal(&scaled(encoding, width, scale), words, Radix::Natural)
    };
    assert_eq!(show(Encoding::Uint, 16, 2, &[1250]), "12.50");
    assert_eq!(show(Encoding::Uint, 16, 2, &[5]), "0.05");
    assert_eq!(show(Encoding::Uint, 16, 2, &[0]), "0.00");
    assert_eq!(show(Encoding::Int, 16, 3, &[0xfffb]), "-0.005");
    assert_eq!(show(Encoding::Uint, 72, 1, &[7, 1]), "1844674407370955162.3");
    assert_eq!(show(Encoding::Bytes, 16, 2, &[1250]), "0x04e2");
    let group = scaled(Encoding::Uint, 16, 2);
    assert_eq!(format_literal(&group, &[1250], Radix::Hex), "0x04e2");
    assert_eq!(format_literal(&group, &[1250], Radix::Bin), "0b0000010011100010");
}

#[test]
fn errors_of_decimals_tell_the_places_there_are() {
    let message = |group: &Group, text| parse(group, text).expect_err("no value").to_string();
    let cents = scaled(Encoding::Uint, 8, 2);
    let range = "expected 0.00 to 2.55 in decimal with at most 2 digits behind the point, or up to 8 bits after 0x or 0b";
    let range = range.replace("0.00 to", "0 to");
    for (text, reason) in [
        ("1.255", "has more than 2 digits behind the point"),
        ("2.56", "does not fit into 8 bits"),
        ("3", "does not fit into 8 bits"),
        ("-1.00", "has a sign that does not belong there"),
    ] {
        assert_eq!(message(&cents, text), format!("the value of `in0` {reason}; {range}"), "{text}");
    }
    for (text, position) in
        [("1.", 2), (".5", 1), ("1.2.3", 4), ("1,5", 2), ("1.5x", 4), ("1 .5", 2), ("1.٣", 3)]
    {
        let expected = format!("character {position} of the value of `in0` is not a decimal digit; {range}");
        assert_eq!(message(&cents, text), expected, "{text}");
    }
    let whole = message(&group(Encoding::Uint, 8), "1.5");
    assert!(whole.contains("has digits behind a point, which only groups with a scale have"), "{whole}");
    assert!(message(&group(Encoding::Bytes, 8), "1.0").contains("character 2 of"), "bytes have no point");
    let int = message(&scaled(Encoding::Int, 8, 1), "x");
    assert!(int.contains("-12.8 to 12.7 in decimal with at most 1 digit behind the point"), "{int}");
    let wide = message(&scaled(Encoding::Int, 65, 2), "x");
    assert!(wide.contains("-2^64/10^2 to (2^64 - 1)/10^2 in"), "{wide}");
}

proptest! {
    #[test]
    fn decimals_come_back_and_move_the_point_only(
        limbs in proptest::collection::vec(any::<u64>(), 1..4),
        missing in 0u32..64,
        scale in 0u32..45,
        signed in any::<bool>(),
    ) {
        let width = 64 * limbs.len() as u32 - missing;
        let encoding = if signed { Encoding::Int } else { Encoding::Uint };
        let mut words = limbs;
        *words.last_mut().unwrap() &= u64::MAX >> missing;
        let text = format_literal(&scaled(encoding, width, scale), &words, Radix::Dec);
        let whole = format_literal(&group(encoding, width), &words, Radix::Dec);
        let digits = text.replace('.', "");
        let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |digits| ("-", digits));
        let stripped = digits.trim_start_matches('0');
        prop_assert_eq!(format!("{sign}{}", if stripped.is_empty() { "0" } else { stripped }), whole);
        prop_assert_eq!(text.split_once('.').map_or(0, |(_, fraction)| fraction.len()), scale as usize);
        prop_assert_eq!(parse(&scaled(encoding, width, scale), &text), Ok(words.clone()));
        let short = if scale > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        prop_assert_eq!(parse(&scaled(encoding, width, scale), short), Ok(words));
    }
}

proptest! {
    #[test]
    fn decimals_of_any_width_agree_with_big_integers(
        limbs in proptest::collection::vec(any::<u64>(), 1..8),
        missing in 0u32..64,
        order in prop_oneof![Just(BitOrder::LsbFirst), Just(BitOrder::MsbFirst)],
    ) {
        let width = 64 * limbs.len() as u32 - missing;
        let bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        let modulus = BigInt::from(1) << width;
        let value = BigInt::from_bytes_le(num_bigint::Sign::Plus, &bytes) % &modulus;
        let signed = if value.bit(u64::from(width) - 1) { &value - &modulus } else { value.clone() };
        let uint = Group { order, ..group(Encoding::Uint, width) };
        let int = Group { order, ..group(Encoding::Int, width) };
        let words = parse(&uint, &value.to_string()).unwrap();
        for wire in 0..width {
            let weight = if order == BitOrder::LsbFirst { wire } else { width - 1 - wire };
            prop_assert_eq!(words[wire as usize / 64] >> (wire % 64) & 1 == 1, value.bit(weight.into()));
        }
        prop_assert_eq!(format_literal(&uint, &words, Radix::Dec), value.to_string());
        prop_assert_eq!(format_literal(&int, &words, Radix::Dec), signed.to_string());
        prop_assert_eq!(parse(&int, &signed.to_string()), Ok(words.clone()));
        prop_assert!(parse(&uint, &modulus.to_string()).is_err());
        let half = BigInt::from(1) << (width - 1);
        prop_assert!(parse(&int, &half.to_string()).is_err());
        prop_assert!(parse(&int, &(-half - BigInt::from(1)).to_string()).is_err());
        for radix in [Radix::Natural, Radix::Hex, Radix::Bin, Radix::Dec] {
            for group in [&uint, &int] {
                let text = format_literal(group, &words, radix);
                prop_assert_eq!(parse(group, &text), Ok(words.clone()), "{}", text);
            }
        }
    }
}
