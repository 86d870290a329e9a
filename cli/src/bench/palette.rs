//! The colours of the page. Plots are drawn with the light ones; in the dark the style sheet puts others in their place.

use std::fmt::Write;

use plotters::style::RGBColor;

/// A colour by day and by night.
pub(crate) struct Shade {
    /// As the style sheet calls it.
    pub(crate) name: &'static str,
    light: [u8; 3],
    dark: [u8; 3],
}

pub(crate) const INK: Shade = Shade { name: "ink", light: [0x1d, 0x23, 0x2b], dark: [0xe7, 0xea, 0xee] };
pub(crate) const MUTED: Shade = Shade { name: "muted", light: [0x5a, 0x65, 0x73], dark: [0x9f, 0xaa, 0xb8] };
pub(crate) const GRID: Shade = Shade { name: "grid", light: [0xdf, 0xe3, 0xe8], dark: [0x33, 0x3b, 0x46] };
const PAPER: Shade = Shade { name: "paper", light: [0xff, 0xff, 0xff], dark: [0x16, 0x1a, 0x20] };
const CARD: Shade = Shade { name: "card", light: [0xf6, 0xf8, 0xfa], dark: [0x1e, 0x24, 0x2c] };
const GOOD: Shade = Shade { name: "good", light: [0x0b, 0x6e, 0x4f], dark: [0x4f, 0xd1, 0xa1] };
const BAD: Shade = Shade { name: "bad", light: [0xb4, 0x23, 0x18], dark: [0xff, 0x8f, 0x80] };

/// Told apart by most people who see few colours, after Okabe and Ito.
pub(crate) const SERIES: [Shade; 7] = [
    Shade { name: "s1", light: [0x00, 0x5a, 0x9c], dark: [0x6c, 0xb8, 0xf5] },
    Shade { name: "s2", light: [0xc2, 0x50, 0x00], dark: [0xff, 0xa0, 0x5c] },
    Shade { name: "s3", light: [0x00, 0x85, 0x60], dark: [0x4c, 0xd4, 0xa8] },
    Shade { name: "s4", light: [0xa2, 0x3f, 0x80], dark: [0xec, 0x9a, 0xcb] },
    Shade { name: "s5", light: [0xb0, 0x86, 0x00], dark: [0xe8, 0xc8, 0x4a] },
    Shade { name: "s6", light: [0x46, 0x52, 0x9e], dark: [0xa5, 0xb0, 0xf7] },
    Shade { name: "s7", light: [0x6b, 0x72, 0x7d], dark: [0xb9, 0xc1, 0xcc] },
];

impl Shade {
    pub(crate) fn color(&self) -> RGBColor {
        let [red, green, blue] = self.light;
        RGBColor(red, green, blue)
    }
}

fn all() -> impl Iterator<Item = &'static Shade> {
    [&INK, &MUTED, &GRID, &PAPER, &CARD, &GOOD, &BAD].into_iter().chain(&SERIES)
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

/// The variables of both schemes, and rules that make drawn colours follow them.
pub(crate) fn style() -> String {
    let variables = |of: fn(&Shade) -> [u8; 3]| -> String {
        all().fold(String::new(), |mut text, shade| {
            let _infallible = write!(text, "--{}:{};", shade.name, hex(of(shade)));
            text
        })
    };
    let mut style = format!(
        ":root{{color-scheme:light dark;{}}}\n@media(prefers-color-scheme:dark){{:root{{{}}}}}\n",
        variables(|shade| shade.light),
        variables(|shade| shade.dark),
    );
    for shade in all() {
        let (color, name) = (hex(shade.light), shade.name);
        let _infallible = writeln!(
            style,
            "svg [fill=\"{color}\"]{{fill:var(--{name})}}svg [stroke=\"{color}\"]{{stroke:var(--{name})}}"
        );
    }
    style
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{all, hex, style};

    #[test]
    fn drawn_colours_are_distinct_so_that_each_has_its_own_dark_one() {
        let colors: BTreeSet<_> = all().map(|shade| hex(shade.light)).collect();
        assert_eq!(colors.len(), all().count());
        assert!(style().contains("svg [fill=\"#005A9C\"]{fill:var(--s1)}"));
    }
}
