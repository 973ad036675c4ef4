//! Sees from outside when a window has painted.

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, ImageFormat};
use x11rb::rust_connection::RustConnection;

use crate::{Failure, Outcome};

/// A connection to the screen.
pub(super) struct Screen {
    connection: RustConnection,
    root: u32,
}

impl Screen {
    pub fn open(display: &str) -> Outcome<Self> {
        let (connection, number) =
            RustConnection::connect(Some(display)).map_err(|cause| Failure::new(format!("the screen: {cause}")))?;
        let root = connection.setup().roots[number].root;
        Ok(Self { connection, root })
    }

    /// Whether the pixel there has a colour of a page: an empty screen is black, a window that has not painted white.
    pub fn is_painted(&self, x: i16, y: i16) -> Outcome<bool> {
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, x, y, 1, 1, u32::MAX)
            .map_err(|cause| Failure::new(format!("the screen: {cause}")))?
            .reply()
            .map_err(|cause| Failure::new(format!("the screen: {cause}")))?;
        let colour = &image.data[..3];
        Ok(colour != [0, 0, 0] && colour != [255, 255, 255])
    }
}
