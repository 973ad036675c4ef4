//! A picture, and a document of one page.

use axum::http::header;
use axum::response::IntoResponse;

use crate::png::png;

const WIDTH: u32 = 320;
const HEIGHT: u32 = 240;

/// A chequered flag.
pub(super) async fn image() -> impl IntoResponse {
    let palette = [[0xf4, 0xf1, 0xea], [0x23, 0x4f, 0x45]];
    let picture = png(WIDTH, HEIGHT, &palette, |x, y| u8::from((x / 40 + y / 40) % 2 == 1));
    ([(header::CONTENT_TYPE, "image/png")], picture)
}

/// PDF 1.4 (ISO 32000-1 §7.5): five objects, where they begin, and which is the first.
pub(super) async fn pdf() -> impl IntoResponse {
    let drawn = "BT /F1 28 Tf 72 720 Td (The Hillside) Tj 0 -40 Td /F1 12 Tf (House rules: be kind.) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{drawn}\nendstream", drawn.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = "0000000000 65535 f \n".to_owned();
    for (number, object) in (1..).zip(&objects) {
        places += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let (begin, size) = (file.len(), objects.len() + 1);
    file += &format!("xref\n0 {size}\n{places}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{begin}\n%%EOF\n");
    ([(header::CONTENT_TYPE, "application/pdf")], file)
}
