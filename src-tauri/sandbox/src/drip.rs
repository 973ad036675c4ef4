use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{Stream, unfold};

/// A body in parts: the first at once, the others each after a pause, until there is no more.
pub(crate) fn drip(
    pause: Duration,
    part: impl Fn(u64) -> Option<Bytes> + Send + 'static,
) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
    unfold((0, part), move |(number, part)| async move {
        if number > 0 && !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        Some((Ok(part(number)?), (number + 1, part)))
    })
}
