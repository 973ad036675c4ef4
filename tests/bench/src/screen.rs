//! Sees from outside when a window has painted.

use keydesk_support::{Failure, Outcome};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, ImageFormat};
use x11rb::rust_connection::RustConnection;

/// `--paper` of the light theme, which the empty window has too.
const PAPER: [u8; 3] = [247, 250, 251];

/// A connection to the screen.
pub struct Screen {
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

    /// Whether the pixel there has the colour of the page. A window that has not painted has another.
    pub fn is_painted(&self, x: i16, y: i16) -> Outcome<bool> {
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, x, y, 1, 1, u32::MAX)
            .map_err(|cause| Failure::new(format!("the screen: {cause}")))?
            .reply()
            .map_err(|cause| Failure::new(format!("the screen: {cause}")))?;
        // In the order in which X keeps them: blue, green, red.
        Ok(image.data.get(..3) == Some(&PAPER))
    }
}
