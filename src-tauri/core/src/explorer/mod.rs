//! The explorer: any request of an API, for what its forms do not cover.
//!
//! 1. A person fills a request (request.rs), from the catalogue, a saved one or a command of curl. What is open is a draft,
//!    which is kept as it is typed (table.rs).
//! 2. It is filled and looked at (ready.rs): variables, parameters, headers that would present a token or end the request
//!    elsewhere. To another server than the connection's it goes only when the person says so, and without the token.
//! 3. It is sent (post.rs), redirects hop by hop (hop.rs), each measured on a connection of its own.
//! 4. The body goes to the disk as it comes (carry.rs), or all pages of a list do (load_all.rs). How far it is stands in a
//!    [`SentView`]; what it is like is asked of the room `answer`.

mod body;
mod carry;
mod catalogue;
mod curl;
mod desk;
mod fill;
mod hop;
mod kept;
mod live;
mod load_all;
mod once;
mod pages;
mod post;
mod ready;
mod request;
mod sent;
mod table;
mod told;

pub use catalogue::{Catalogue, docs, fetch};
pub use desk::{Explorer, Means};
pub use request::{
    BodyPart, Draft, ExplorerPreview, ExplorerRequest, ReadCurl, RequestBody, RequestRow, SavedRequest, Variable,
};
pub use sent::{AnswerKind, Hop, PagesState, Removed, SendState, SentView};
