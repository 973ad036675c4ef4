//! Some at a time.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

/// Runs the futures, at most so many at once, and hands over each outcome as it comes. The next future is taken only
/// when there is room for it, so an iterator that ends early begins nothing more.
pub async fn each<F: Future>(mut futures: impl Iterator<Item = F>, at_once: usize, mut then: impl FnMut(F::Output)) {
    let mut under_way = FuturesUnordered::new();
    loop {
        while under_way.len() < at_once
            && let Some(future) = futures.next()
        {
            under_way.push(future);
        }
        match under_way.next().await {
            Some(outcome) => then(outcome),
            None => return,
        }
    }
}
