//! Lines over numbers, drawn as SVG.

use plotters::coord::types::RangedCoordf64;
use plotters::element::{Circle, Cross, TriangleMarker};
use plotters::prelude::{
    Cartesian2d, ChartBuilder, ChartContext, IntoDrawingArea, IntoLogRange, LineSeries, LogCoord, SVGBackend,
};
use plotters::style::text_anchor::Pos;
use plotters::style::{Color, IntoFont, ShapeStyle, TextStyle};

use super::palette::{GRID, INK, MUTED, SERIES, Shade};
use super::report::{Curve, Series};
use super::table::number;
use crate::failure::Failure;

/// In pixels of the drawing, which is scaled to the page.
pub(crate) const WIDTH: u32 = 860;
const HEIGHT: u32 = 400;
const TEXT: u32 = 15;

type Plot<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<LogCoord<f64>, RangedCoordf64>>;

/// A plot whose x axis doubles from label to label.
pub(crate) fn lines(curve: &Curve) -> Result<String, Failure> {
    let mut svg = String::new();
    draw(curve, &mut svg).map_err(no_plot)?;
    Ok(inline(svg))
}

fn draw(curve: &Curve, svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let (first, last) = ends(curve);
    let root = SVGBackend::with_string(svg, (WIDTH, HEIGHT)).into_drawing_area();
    let mut chart = ChartBuilder::on(&root)
        .margin(14)
        .margin_right(34)
        .x_label_area_size(52)
        .y_label_area_size(70)
        .build_cartesian_2d((first..last).log_scale().base(2.0), 0.0..1.08 * top(&curve.series))?;
    chart
        .configure_mesh()
        .axis_style(MUTED.color())
        .bold_line_style(GRID.color())
        .light_line_style(ShapeStyle { color: GRID.color().mix(0.0), filled: false, stroke_width: 0 })
        .label_style(text(&MUTED))
        .axis_desc_style(text(&INK))
        .x_labels(12)
        .x_label_formatter(&|x| number_on_axis(*x))
        .y_labels(6)
        .y_label_formatter(&|y| number_on_axis(*y))
        .x_desc(curve.x.as_str())
        .y_desc(curve.unit.label())
        .draw()?;
    for (index, series) in curve.series.iter().enumerate() {
        line(&mut chart, index, series)?;
    }
    root.present()?;
    Ok(())
}

/// Series differ in their marks too, not by colour alone.
fn line(chart: &mut Plot<'_, '_>, index: usize, series: &Series) -> Result<(), Box<dyn std::error::Error>> {
    let color = SERIES[index % SERIES.len()].color();
    let (stroke, fill) = (color.stroke_width(2), color.filled());
    chart.draw_series(LineSeries::new(series.points.iter().copied(), stroke))?;
    let points = series.points.iter().copied();
    match index % 4 {
        0 => chart.draw_series(points.map(|point| Circle::new(point, 4, fill)))?,
        1 => chart.draw_series(points.map(|point| TriangleMarker::new(point, 6, fill)))?,
        2 => chart.draw_series(points.map(|point| Circle::new(point, 5, stroke)))?,
        _ => chart.draw_series(points.map(|point| Cross::new(point, 5, stroke)))?,
    };
    Ok(())
}

/// What marks a series in the legend.
pub(crate) fn mark(index: usize) -> char {
    ['●', '▲', '○', '✕'][index % 4]
}

pub(crate) fn text(shade: &Shade) -> TextStyle<'static> {
    let color = shade.color().to_backend_color();
    TextStyle { font: ("sans-serif", TEXT).into_font(), color, pos: Pos::default() }
}

/// The largest value.
pub(crate) fn top(series: &[Series]) -> f64 {
    let values = series.iter().flat_map(|series| &series.points).map(|point| point.1);
    values.fold(f64::MIN_POSITIVE, f64::max)
}

fn ends(curve: &Curve) -> (f64, f64) {
    let places = || curve.series.iter().flat_map(|series| &series.points).map(|point| point.0);
    (places().fold(f64::MAX, f64::min), places().fold(f64::MIN_POSITIVE, f64::max))
}

fn number_on_axis(value: f64) -> String {
    if value.fract() == 0.0 { crate::human::count(value as u64) } else { number(value) }
}

/// As an element of a page: scaled by its style, without a namespace.
pub(crate) fn inline(svg: String) -> String {
    let attributes = svg.find("viewBox").unwrap_or(0);
    let rest = svg[attributes..].replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
    format!("<svg aria-hidden=\"true\" {rest}")
}

pub(crate) fn no_plot(error: impl std::fmt::Display) -> Failure {
    Failure::Bench(format!("a plot cannot be drawn: {error}"))
}
