//! An address as a QR code that a telephone reads from a printed sheet.

use super::view::Html;
use fast_qr::{ECL, QRBuilder};
use std::fmt::Write as _;

/// Modules of white around the code: what the standard asks for.
const QUIET: usize = 4;

/// The code as SVG, black on white in every scheme; none for an address too long for one.
pub(super) fn qr(address: &str, label: &str) -> Option<Html> {
    let code = QRBuilder::new(address).ecl(ECL::M).build().ok()?;
    let side = code.size + 2 * QUIET;
    let label = super::prose::escaped(label);
    let mut svg = format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\""
    );
    for row in 0..code.size {
        let mut column = 0;
        while column < code.size {
            let run = (column..code.size).take_while(|at| code[row][*at].value()).count();
            if run > 0 {
                let _ = write!(svg, "M{} {}h{run}v1h-{run}z", column + QUIET, row + QUIET);
            }
            column += run.max(1);
        }
    }
    svg.push_str("\"/></svg>");
    Some(Html::trusted(svg))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_with_white_around_it() {
        let code = qr("https://gk.example/yunxi/2025/", "<二维码>").unwrap();
        assert!(code.as_str().contains("viewBox=\"0 0 37 37\"") && code.as_str().contains("aria-label=\"&lt;二维码&gt;\""), "{}", code.as_str());
        // The finder in the corner: seven dark modules in its first row, after four white ones.
        assert!(code.as_str().contains("d=\"M4 4h7v1h-7z"), "{}", code.as_str());
        assert!(!code.as_str().contains("style="));
        assert!(qr(&"x".repeat(3000), "").is_none());
    }
}
