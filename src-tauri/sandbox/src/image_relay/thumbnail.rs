use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::Desk;
use super::id::number;
use super::problem::Problem;
use crate::png::png;

const WIDTH: u32 = 160;
const HEIGHT: u32 = 120;

/// The address of a file's picture: of another server than the API, which lets in whoever knows it (IRMAC: a presigned
/// address of a store of files).
pub(super) fn url(port: u16, id: u64) -> String {
    format!("http://localhost:{port}/image-relay/thumbnails/{id}.png?signature=demo-{id}")
}

/// A small picture: hills below a sky, in colours of the file's own.
pub(super) async fn thumbnail(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err(Problem::bad_request("Only one way to authenticate is allowed"));
    }
    let id = name.strip_suffix(".png").and_then(number).ok_or(Problem::not_found())?;
    desk.library().files.get(id).ok_or(Problem::not_found())?;
    Ok(([(header::CONTENT_TYPE, "image/png")], draw(id)).into_response())
}

fn draw(id: u64) -> Vec<u8> {
    // Steps that share no factor with a circle: neighbours look different.
    let hue = |step: u64| u16::try_from((id * step) % 360).unwrap_or_default();
    let (sky, land) = (hue(47), hue(83));
    let palette = [
        colour(sky, 0.55, 0.86),
        colour(sky, 0.50, 0.78),
        colour((sky + 180) % 360, 0.75, 0.70),
        colour(land, 0.35, 0.52),
        colour(land, 0.40, 0.38),
    ];
    let (sun_x, sun_y) = (28 + id % 100, 24 + id % 22);
    let shift = f64::from(u32::try_from(id % 628).unwrap_or_default()) / 100.0;
    png(WIDTH, HEIGHT, &palette, |x, y| {
        let hill = |height: f64, length: f64, from: f64| height + 14.0 * (f64::from(x) / length + from).sin();
        let from_sun = u64::from(x).abs_diff(sun_x).pow(2) + u64::from(y).abs_diff(sun_y).pow(2);
        match f64::from(y) {
            y if y > hill(96.0, 23.0, shift) => 4,
            y if y > hill(80.0, 37.0, shift * 2.0) => 3,
            _ if from_sun < 150 => 2,
            y if y > 44.0 => 0,
            _ => 1,
        }
    })
}

/// Of hue, saturation and lightness.
fn colour(hue: u16, saturation: f64, lightness: f64) -> [u8; 3] {
    let part = |offset: f64| {
        let at = (offset + f64::from(hue) / 30.0) % 12.0;
        let value = lightness - saturation * lightness.min(1.0 - lightness) * (at - 3.0).min(9.0 - at).clamp(-1.0, 1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
        let byte = (value * 255.0).round() as u8;
        byte
    };
    [part(0.0), part(8.0), part(4.0)]
}
