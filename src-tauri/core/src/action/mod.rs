//! A provider's forms: what can be chosen, what will be sent, and one action over many targets.

mod call;
mod choices;
mod computed;
mod desk;
mod identity;
mod run;
mod values;
mod view;

pub use call::{CallAnswer, CallRequest};
pub use desk::Desk;
pub use run::{RunEvent, RunView, Stop, TargetResult};
pub use values::{ActionRequest, Argument, ArgumentKind, FieldValue};
pub use view::{ActionView, RequestPreview};
