//! Invites as QR codes on a terminal.

use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};
use zeroize::Zeroizing;

/// The light modules that a reader needs on each side.
const QUIET: usize = 4;

/// Draws text of capitals and digits with half blocks; `None` if it takes more columns than there are, or more than the
/// greatest QR code holds.
///
/// The lowest error correction makes the smallest code: on a screen nothing gets lost. Light modules are drawn and dark
/// ones left out, as most terminals are dark.
pub(super) fn draw(text: &str, columns: usize) -> Option<Zeroizing<String>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    if code.width() + 2 * QUIET > columns {
        return None;
    }
    let mut renderer = code.render::<Dense1x2>();
    let image = renderer.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).quiet_zone(true).build();
    Some(Zeroizing::new(image))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_fits_is_drawn_and_one_that_does_not_is_not() {
        // 100 alphanumeric characters fit version 4, which has 33 modules.
        let text = "HALFGATE1:".to_owned() + &"A2".repeat(45);
        let image = draw(&text, 41).unwrap();
        let widths: Vec<usize> = image.lines().map(|line| line.chars().count()).collect();
        assert!(widths.iter().all(|width| *width == 41) && widths.len() == 21, "{widths:?}");
        assert!(draw(&text, 40).is_none());
        // The quiet zone is light, the finder pattern in its corner dark.
        let corner: String = image.lines().nth(2).unwrap().chars().take(5).collect();
        assert!(corner.starts_with("████") && !corner.ends_with('█'), "{corner}");
    }

    #[test]
    fn what_no_code_holds_is_not_drawn() {
        assert!(draw(&"A".repeat(4296), 1000).is_some());
        assert!(draw(&"A".repeat(4297), 1000).is_none());
    }
}
