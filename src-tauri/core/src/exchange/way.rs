//! How a request goes, once the token is presented: what it carries, and what of its answer is read before it is given.

use reqwest::RequestBuilder;

use super::prepared::Prepared;
use super::send::{Sent, no_answer};
use crate::transport::{Answer, Limits, Transport};

/// How a request is sent, and is sent once more with a renewed token.
pub(super) trait Way: Sync {
    /// What it gives of an answer.
    type Answer: Send;

    /// Puts the rest on a request that presents the token, and sends it.
    fn send(
        &self,
        transport: &Transport,
        prepared: &Prepared,
        request: RequestBuilder,
    ) -> impl Future<Output = Sent<Self::Answer>> + Send;

    /// What is known of an answer that may say why it is none.
    fn known(answer: &Self::Answer) -> Option<&Answer>;
}

/// The answer is read at once, within these limits.
pub(super) struct Whole(pub Limits);

impl Way for Whole {
    type Answer = Answer;

    async fn send(&self, transport: &Transport, prepared: &Prepared, request: RequestBuilder) -> Sent<Answer> {
        transport.send(prepared.put(request)?, self.0).await.map_err(no_answer)
    }

    fn known(answer: &Answer) -> Option<&Answer> {
        Some(answer)
    }
}
