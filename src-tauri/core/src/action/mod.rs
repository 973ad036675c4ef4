//! A provider's forms: what can be chosen, what will be sent, an action for a target, a call without a form.

mod call;
mod carry_out;
mod choices;
mod columns;
mod computed;
mod desk;
mod identity;
mod image;
mod order;
mod outcome;
mod pages;
mod parts;
mod prepare;
mod rows;
mod then;
mod values;
mod view;

pub use call::{CallAnswer, CallRequest};
pub use columns::RowForm;
pub use desk::{Desk, MOMENT};
pub use order::{ActionRequest, Form, Order, Row, Target};
pub use outcome::{Fate, Outcome};
pub use values::{Argument, ArgumentKind, FieldValue, Filled};
pub use view::{ActionView, RequestPreview};
