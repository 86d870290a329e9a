//! The drawing of a profile: a bar for each AND layer, or for some of them if there are many.

use halfgate::circuits::Circuit;
use svg::Document;
use svg::node::element::{Group, Line, Rectangle, Title};

use super::legend::{figures, head};
use super::page;
use super::profile::Profile;
use super::text::{round, text};
use crate::human::{count, counted};

/// The most bars: each should be seen.
const BARS: usize = 440;

/// Pixels.
const MARGIN: f64 = 24.0;
const LEFT: f64 = 60.0;
const WIDE: f64 = 880.0;
const HIGH: f64 = 320.0;
const UNDER: f64 = 56.0;

/// Some layers that share a bar.
struct Bar {
    first: usize,
    last: usize,
    least: usize,
    most: usize,
    mean: f64,
}

/// Draws how many ANDs each AND layer has.
pub(super) fn chart(circuit: &Circuit, profile: &Profile, title: &str) -> Document {
    let head = head(title, &figures(circuit, profile));
    let top = MARGIN + head.height + 44.0;
    let at = |x: f64, y: f64, shapes: Group| shapes.set("transform", format!("translate({x} {y})"));
    let mut shapes = Group::new().add(at(MARGIN, MARGIN, head.shapes));
    if profile.depth() > 0 {
        shapes = shapes.add(at(MARGIN + LEFT, top, plot(profile)));
    }
    page::page((WIDE + LEFT + 2.0 * MARGIN, top + HIGH + UNDER), title, shapes)
}

fn plot(profile: &Profile) -> Group {
    let (depth, share) = (profile.depth(), profile.depth().div_ceil(BARS));
    let bars = bars(profile, share);
    let (steps, top) = scale(ceiling(&bars));
    let mut shapes = Group::new().add(text("caption", (0.0, -28.0), &caption(share)));
    for &tick in &steps {
        let y = HIGH - height(tick as f64, top);
        shapes = shapes.add(line("grid", (0.0, y), (WIDE, y))).add(text(
            "caption end",
            (-8.0, y + 4.0),
            &count(tick as u64),
        ));
    }
    for bar in &bars {
        shapes = shapes.add(drawn(bar, depth, top));
    }
    let mut ticks: Vec<usize> = scale(depth).0.into_iter().filter(|&tick| tick <= depth).collect();
    // There is no layer 0.
    ticks[0] = 1;
    ticks.dedup();
    for tick in ticks {
        let x = (tick as f64 - 0.5) / depth as f64 * WIDE;
        shapes = shapes.add(text("caption middle", (x, HIGH + 18.0), &count(tick as u64)));
    }
    shapes.add(line("axis", (0.0, HIGH), (WIDE, HIGH))).add(text(
        "caption end",
        (WIDE, HIGH + 38.0),
        "AND layer",
    ))
}

fn caption(share: usize) -> String {
    match share {
        1 => "ANDs of each AND layer".to_owned(),
        _ => format!(
            "ANDs of a layer; a bar stands for {share} layers: their mean dark, the widest of them pale"
        ),
    }
}

/// How much the axis has to show: all, unless one bar in a hundred is so much higher that it would flatten the others.
/// Such bars are cut off, with their numbers above them.
fn ceiling(bars: &[Bar]) -> usize {
    let mut tops: Vec<usize> = bars.iter().map(|bar| bar.most).collect();
    tops.sort_unstable();
    let (most, usual) = (tops[tops.len() - 1], tops[tops.len() - 1 - tops.len() / 100]);
    if most > 2 * usual { usual } else { most }
}

fn bars(profile: &Profile, share: usize) -> Vec<Bar> {
    let bar = |(index, layers): (usize, &[usize])| Bar {
        first: index * share + 1,
        last: index * share + layers.len(),
        least: layers.iter().copied().min().unwrap_or(0),
        most: layers.iter().copied().max().unwrap_or(0),
        mean: layers.iter().sum::<usize>() as f64 / layers.len() as f64,
    };
    profile.layers().chunks(share).enumerate().map(bar).collect()
}

fn drawn(bar: &Bar, depth: usize, top: usize) -> Group {
    let x = |layer: usize| layer as f64 / depth as f64 * WIDE;
    let (from, to) = (x(bar.first - 1), x(bar.last));
    // No gap where it would be a hair.
    let gap = if to - from < 4.0 { 0.0 } else { ((to - from) * 0.2).min(6.0) };
    let rectangle = |class: &str, ands: f64| {
        let high = height(ands, top);
        let shape = Rectangle::new().set("class", class).set("x", round(from + gap / 2.0));
        shape.set("y", round(HIGH - high)).set("width", round(to - from - gap)).set("height", round(high))
    };
    let words = match bar.last - bar.first {
        0 => format!("layer {}: {}", bar.first, counted(bar.most as u64, "AND")),
        _ => format!(
            "layers {} to {}: {} to {} ANDs, {:.1} in the mean",
            count(bar.first as u64),
            count(bar.last as u64),
            count(bar.least as u64),
            count(bar.most as u64),
            bar.mean
        ),
    };
    let shapes = Group::new()
        .set("class", "layers")
        .add(rectangle("most", bar.most.min(top) as f64))
        .add(rectangle("bar", bar.mean.min(top as f64)))
        .add(Title::new(words));
    match bar.most > top {
        true => shapes.add(text("caption", (from, -5.0), &format!("↑ {}", count(bar.most as u64)))),
        false => shapes,
    }
}

fn height(ands: f64, top: usize) -> f64 {
    ands / top as f64 * HIGH
}

fn line(class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Line {
    let shape = Line::new().set("class", class).set("x1", round(x1)).set("y1", round(y1));
    shape.set("x2", round(x2)).set("y2", round(y2))
}

/// Round numbers from 0 up, about six of them, and where the axis ends that shows up to `most`.
fn scale(most: usize) -> (Vec<usize>, usize) {
    let tenfold = std::iter::successors(Some(1_usize), |unit| unit.checked_mul(10));
    let mut steps = tenfold.flat_map(|unit| [unit, unit.saturating_mul(2), unit.saturating_mul(5)]);
    let step = steps.find(|step| most.div_ceil(*step) <= 6).unwrap_or(usize::MAX);
    let last = most.div_ceil(step).max(1);
    ((0..=last).map(|place| place.saturating_mul(step)).collect(), last.saturating_mul(step))
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::library;

    use super::*;

    #[test]
    fn scales_are_round_and_reach_the_top() {
        assert_eq!(scale(1), (vec![0, 1], 1));
        assert_eq!(scale(6).0, [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(scale(7), (vec![0, 2, 4, 6, 8], 8));
        assert_eq!(scale(160), (vec![0, 50, 100, 150, 200], 200));
        assert_eq!(scale(1607).1, 2000);
    }

    #[test]
    fn a_few_high_bars_are_cut_off() {
        let bar = |most: usize| Bar { first: 1, last: 1, least: most, most, mean: most as f64 };
        let mut bars: Vec<_> = (0..200).map(|index| bar(10 + index % 5)).collect();
        assert_eq!(ceiling(&bars), 14);
        (bars[0], bars[7]) = (bar(300), bar(290));
        assert_eq!(ceiling(&bars), 14);
        bars[9] = bar(280);
        assert_eq!(ceiling(&bars), 300, "too many to be exceptions");
        assert_eq!(ceiling(&bars[..50]), 300, "too few to judge");
    }

    #[test]
    fn bars_share_all_layers() {
        let profile = Profile::of(&library::find("mul64").unwrap());
        for share in [1, 2, 7, profile.depth(), profile.depth() + 1] {
            let bars = bars(&profile, share);
            assert!(bars.windows(2).all(|pair| pair[0].last + 1 == pair[1].first));
            assert_eq!((bars[0].first, bars.last().unwrap().last), (1, profile.depth()));
            let ands = bars.iter().map(|bar| bar.mean * (bar.last - bar.first + 1) as f64).sum::<f64>();
            assert_eq!(ands.round() as usize, profile.ands());
            assert_eq!(bars.iter().map(|bar| bar.most).max(), profile.widest().map(|(_, most)| most));
        }
    }
}
