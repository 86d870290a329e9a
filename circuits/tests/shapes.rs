//! Values of types that are more than a number: layout, text, and what is refused.

use halfgate_circuits::{
    Fault, Field, Group, LiteralError, Radix, Shape, Variant, format_literal, parse_literal,
};
use proptest::prelude::*;

fn field(name: &str, shape: Shape) -> Field {
    Field { name: name.to_owned(), shape }
}

fn variant(name: &str, fields: &[Shape]) -> Variant {
    Variant { name: name.to_owned(), fields: fields.to_vec() }
}

fn answer() -> Shape {
    let variants = vec![
        variant("No", &[]),
        variant("Yes", &[Shape::Uint(8)]),
        variant("Both", &[Shape::Bool, Shape::Int(16)]),
    ];
    Shape::Enum { name: "Answer".to_owned(), variants }
}

fn pay() -> Shape {
    let fields = vec![
        field("base", Shape::Uint(8)),
        field("bonus", Shape::Tuple(vec![Shape::Bool, Shape::Int(8)])),
        field("parts", Shape::Array(Box::new(Shape::Uint(4)), 3)),
        field("answer", answer()),
    ];
    Shape::Struct { name: "Pay".to_owned(), fields }
}

fn parse(shape: &Shape, text: &str) -> Result<Vec<u64>, LiteralError> {
    let group = Group::shaped("pay", shape.clone()).expect("the shape fits");
    let mut words = vec![u64::MAX; group.width.div_ceil(64) as usize];
    parse_literal(&group, text, &mut words)?;
    Ok(words)
}

fn show(shape: &Shape, words: &[u64]) -> String {
    format_literal(&Group::shaped("pay", shape.clone()).expect("the shape fits"), words, Radix::Natural)
}

#[test]
fn wires_stand_in_the_order_of_the_parts() {
    // base 8, bonus 1 + 8, parts 3 · 4, answer 2 + max(8, 1 + 16).
    assert_eq!(pay().width(), 8 + 9 + 12 + 19);
    let text = "Pay { base: 5, bonus: (true, -2), parts: [1, 2, 3], answer: Answer::Both(true, -1) }";
    let answer = 2 | 1 << 2 | 0xffff << 3;
    let expected = 5 | 1 << 8 | 0xfe << 9 | 0x321 << 17 | answer << 29;
    assert_eq!(parse(&pay(), text), Ok(vec![expected]));
    assert_eq!(show(&pay(), &[expected]), text);
}

#[test]
fn json_and_literals_are_read_alike() {
    let literal = "Pay { base: 0x10u8, bonus: (false, 3i8), parts: [7; 3], answer: Answer::Yes(255) }";
    let json = r#" {"answer": {"Yes": "255"}, "parts": [7, 7, 7], "bonus": [false, 3], "base": 16} "#;
    assert_eq!(parse(&pay(), literal).unwrap(), parse(&pay(), json).unwrap());
    for text in ["Answer::No", "No", "\"No\"", " { \"No\" : [ ] } "] {
        assert_eq!(parse(&answer(), text), Ok(vec![0]), "{text}");
    }
    for text in ["Answer::Both(true, 1)", "Both(true,1,)", r#"{"Both": [true, 1]}"#, "{Both: (1, 1)}"] {
        assert_eq!(parse(&answer(), text), Ok(vec![2 | 1 << 2 | 1 << 3]), "{text}");
    }
    for text in ["true", "1", "\"true\""] {
        assert_eq!(parse(&Shape::Bool, text), Ok(vec![1]), "{text}");
    }
    let unit = Shape::Array(Box::new(Shape::Tuple(vec![])), 2);
    assert_eq!(parse(&unit, "[(), ()]"), Ok(vec![]));
    assert_eq!(parse(&Shape::Array(Box::new(Shape::Bool), 1), "[true; 1]"), Ok(vec![1]));
}

#[test]
fn messages_tell_places_and_types_but_no_values() {
    let cases = [
        (
            "Pay { base: 5 }",
            "character 15 of the value of `pay`: expected the field bonus: (bool, i8) before the end of Pay",
        ),
        (
            "{\"base\": 300}",
            "character 10 of the value of `pay`: the value of `pay.base` does not fit into 8 bits",
        ),
        (
            "{\"base\": 77, \"base\": 77}",
            "character 14 of the value of `pay`: expected one of the fields bonus: (bool, i8), parts: ",
        ),
        (
            r#"{"answer": "No", "parts": [7, 7, 7], "bonus": [true, 3], "base": 77, "more": 1}"#,
            "character 70 of the value of `pay`: expected `}`, as all fields of Pay are there",
        ),
        ("Sold { base: 77 }", "character 1 of the value of `pay`: expected Pay { … } or a JSON object"),
        ("{ base: 77 bonus: 1 }", "character 12 of the value of `pay`: expected `,` or `}`"),
        ("{ parts: [1, 2] }", "character 10 of the value of `pay`: expected 3 elements between the brackets"),
        ("{ parts: [1; 2] }", "character 10 of the value of `pay`: expected 3 elements"),
        ("{ bonus: (2, 1) }", "character 11 of the value of `pay`: expected true or false"),
        ("{ base: 77u16 }", "character 11 of the value of `pay`: expected a number of type u8"),
        ("{ answer: Answer::Maybe }", "expected one of Answer::No, Answer::Yes(u8), Answer::Both(bool, i16)"),
        ("{ answer: Answer::Yes }", "expected `(`"),
        ("", "character 1 of the value of `pay`: expected Pay { … } or a JSON object"),
    ];
    for (text, expected) in cases {
        let message = parse(&pay(), text).expect_err(text).to_string();
        assert!(message.contains(expected), "{text}: {message}");
        assert!(!message.contains("77"), "{text}: {message}");
    }
    let message = parse(&Shape::Bool, "true false").unwrap_err().to_string();
    assert_eq!(message, "character 6 of the value of `pay`: expected nothing behind the value");
    let mut deep = Shape::Bool;
    for _ in 0..100 {
        deep = Shape::Tuple(vec![deep]);
    }
    let text = format!("{}true{}", "(".repeat(100), ")".repeat(100));
    assert!(parse(&deep, &text).unwrap_err().to_string().contains("less nesting"));
}

#[test]
fn a_result_is_a_value_or_says_why_there_is_none() {
    let fault = |reason: &str, line| Fault { reason: reason.to_owned(), line, column: 5 };
    let faults = vec![fault("overflow", 3), fault("division by zero", 4)];
    let result = Shape::Checked { value: Box::new(Shape::Uint(8)), faults };
    assert_eq!(result.width(), 2 + 8);
    assert_eq!(result.to_string(), "u8, or overflow at 3:5, division by zero at 4:5");
    assert_eq!(result.summary(), "u8, or one of 2 errors");
    assert_eq!((show(&result, &[7 << 2]), result.fault(&[7 << 2])), ("7".to_owned(), None));
    assert_eq!(show(&result, &[2]), "error: division by zero at 4:5");
    assert_eq!(result.fault(&[1]).map(|fault| fault.line), Some(3));
    assert!(parse(&result, "7").is_err());
}

fn shapes() -> impl Strategy<Value = Shape> {
    let leaf =
        prop_oneof![Just(Shape::Bool), (1u32..=70).prop_map(Shape::Uint), (1u32..=70).prop_map(Shape::Int)];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let fields = prop::collection::vec(inner.clone(), 0..4);
        let named = |shapes: Vec<Shape>| {
            let fields =
                shapes.into_iter().enumerate().map(|(place, shape)| field(&format!("f{place}"), shape));
            Shape::Struct { name: "S".to_owned(), fields: fields.collect() }
        };
        let variants = |variants: Vec<Vec<Shape>>| {
            let variants =
                variants.iter().enumerate().map(|(place, fields)| variant(&format!("V{place}"), fields));
            Shape::Enum { name: "E".to_owned(), variants: variants.collect() }
        };
        prop_oneof![
            (inner, 0u32..4).prop_map(|(shape, count)| Shape::Array(Box::new(shape), count)),
            fields.clone().prop_map(Shape::Tuple),
            fields.clone().prop_map(named),
            prop::collection::vec(fields, 1..5).prop_map(variants),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_shown_is_read_again(shape in shapes(), seed in any::<u64>()) {
        let group = Group::shaped("v", shape).unwrap();
        let mut state = seed;
        let mut words: Vec<u64> = (0..group.width.div_ceil(64)).map(|_| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            state ^ state >> 29
        }).collect();
        if let Some(last) = words.last_mut() {
            *last &= u64::MAX >> ((64 - group.width % 64) % 64);
        }
        let text = format_literal(&group, &words, Radix::Natural);
        // A tag beyond the variants shows as `?` and is not read.
        prop_assume!(!text.contains('?'));
        let mut again = vec![u64::MAX; words.len()];
        parse_literal(&group, &text, &mut again).unwrap();
        // Bits that belong to no field are zero in what was read, so the texts are compared.
        prop_assert_eq!(format_literal(&group, &again, Radix::Natural), text.clone());
        let hex = format_literal(&group, &words, Radix::Hex);
        parse_literal(&group, &hex, &mut again).unwrap();
        prop_assert_eq!(format_literal(&group, &again, Radix::Natural), text);
    }
}

/// Every wire of a value without enums is in one part of one bit or number, and the way to that part leads there.
#[test]
fn ways_lead_to_parts() {
    let shape = pay();
    for wire in 0..shape.width() {
        let way = shape.way_to(wire);
        let (at, part) = shape.part(&way).unwrap_or_else(|| panic!("{way}"));
        assert!((at..at + part.width()).contains(&wire), "{way}");
        assert!(part.is_scalar() || matches!(part, Shape::Enum { .. }), "{way}");
    }
    assert_eq!(shape.part(""), Some((0, &shape)));
    for way in
        ["base", ".bas", ".base.0", ".parts[3]", ".parts[03]", ".parts[", ".parts.0", ".bonus[0]", "[0]", "."]
    {
        assert_eq!(shape.part(way), None, "{way}");
    }
}
