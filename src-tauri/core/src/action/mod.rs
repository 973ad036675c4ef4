//! A provider's forms: what can be chosen, what will be sent, an action for a target, a call without a form.

mod call;
mod carry_out;
mod choices;
mod columns;
mod computed;
mod desk;
mod identity;
mod order;
mod outcome;
mod pages;
mod parts;
mod rows;
mod values;
mod view;

pub use call::{CallAnswer, CallRequest};
pub use columns::RowForm;
pub use desk::Desk;
pub use order::{ActionRequest, Form, Order, Row, Target};
pub use outcome::{Fate, Outcome};
pub use values::{Argument, ArgumentKind, FieldValue};
pub use view::{ActionView, RequestPreview};
