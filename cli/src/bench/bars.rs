//! Bars over names, drawn as SVG: rates of circuits, and where the time of a session goes.

use std::error::Error;
use std::time::Duration;

use plotters::coord::Shift;
use plotters::element::{Rectangle, Text};
use plotters::prelude::{DrawingArea, IntoDrawingArea, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, TextStyle};

use super::palette::{GRID, INK, MUTED, SERIES};
use super::plots::{WIDTH, inline, no_plot, text, top};
use super::report::{Cost, Curve, Scenario};
use super::table::number;
use crate::failure::Failure;

/// Pixels of the drawing.
const LEFT: i32 = 250;
const RIGHT: i32 = 100;
const BAR: i32 = 15;
const GAP: i32 = 16;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Bars in groups, one group to a name and one bar to a series.
pub(crate) fn grouped(curve: &Curve) -> Result<String, Failure> {
    let group = curve.series.len() as i32 * BAR + GAP;
    drawn(curve.names.len() as i32 * group + GAP, |area| {
        for (index, name) in curve.names.iter().enumerate() {
            let above = GAP + index as i32 * group;
            let middle = above + (group - GAP) / 2;
            area.draw(&Text::new(name.clone(), (LEFT - 12, middle), anchored(HPos::Right, true)))?;
            for (place, series) in curve.series.iter().enumerate() {
                let Some(&(_, value)) = series.points.get(index) else { continue };
                let from = above + place as i32 * BAR;
                let end = LEFT + length(value / top(&curve.series));
                let color = SERIES[place % SERIES.len()].color().filled();
                area.draw(&Rectangle::new([(LEFT, from), (end, from + BAR - 3)], color))?;
                let label = anchored(HPos::Left, false);
                area.draw(&Text::new(number(value), (end + 8, from + (BAR - 3) / 2), label))?;
            }
        }
        Ok(())
    })
}

/// Each party's time in a session, cut into phases; the waiting of a phase is pale.
pub(crate) fn phases(scenarios: &[Scenario], names: &[&str]) -> Result<String, Failure> {
    let (bar, group) = (BAR + 7, 2 * (BAR + 7) + GAP);
    drawn(scenarios.len() as i32 * group + GAP, |area| {
        for (index, scenario) in scenarios.iter().enumerate() {
            let sides = [("garbler", &scenario.garbler), ("evaluator", &scenario.evaluator)];
            for (place, (party, cost)) in sides.into_iter().enumerate() {
                let from = GAP + index as i32 * group + place as i32 * bar;
                let middle = from + (bar - 4) / 2;
                let name = format!("{}, {party}", scenario.what);
                area.draw(&Text::new(name, (LEFT - 12, middle), anchored(HPos::Right, true)))?;
                stacked(area, cost, names, (from, from + bar - 4))?;
                let total = crate::human::time(Duration::from_secs_f64(total(cost)));
                let end = (LEFT + length(1.0) + 8, middle);
                area.draw(&Text::new(total, end, anchored(HPos::Left, false)))?;
            }
        }
        Ok(())
    })
}

fn stacked(
    area: &Area<'_>,
    cost: &Cost,
    names: &[&str],
    (from, to): (i32, i32),
) -> Result<(), Box<dyn Error>> {
    let (all, mut before) = (total(cost), 0.0);
    for phase in &cost.phases {
        let place = names.iter().position(|name| *name == phase.name).unwrap_or(names.len());
        let color = SERIES[place % SERIES.len()].color();
        let waiting = phase.waiting_seconds.min(phase.seconds);
        for (seconds, opacity) in [(phase.seconds - waiting, 1.0), (waiting, 0.4)] {
            let left = LEFT + length(before / all);
            before += seconds;
            let right = LEFT + length(before / all);
            if right > left {
                area.draw(&Rectangle::new([(left, from), (right, to)], color.mix(opacity).filled()))?;
            }
        }
    }
    Ok(())
}

fn total(cost: &Cost) -> f64 {
    cost.phases.iter().map(|phase| phase.seconds).sum::<f64>().max(f64::MIN_POSITIVE)
}

fn length(part: f64) -> i32 {
    (part * f64::from(WIDTH as i32 - LEFT - RIGHT)).round() as i32
}

fn anchored(side: HPos, is_name: bool) -> TextStyle<'static> {
    text(if is_name { &INK } else { &MUTED }).pos(Pos::new(side, VPos::Center))
}

fn drawn(height: i32, draw: impl FnOnce(&Area<'_>) -> Result<(), Box<dyn Error>>) -> Result<String, Failure> {
    let mut svg = String::new();
    let result = (|| {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height as u32)).into_drawing_area();
        let axis = Rectangle::new([(LEFT - 1, GAP / 2), (LEFT - 1, height - GAP / 2)], GRID.color().filled());
        area.draw(&axis)?;
        draw(&area)?;
        area.present()?;
        Ok::<_, Box<dyn Error>>(())
    })();
    result.map_err(no_plot)?;
    Ok(inline(svg))
}
