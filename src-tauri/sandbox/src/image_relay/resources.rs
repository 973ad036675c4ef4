//! The resources that are alike. Their members: IRAPI where it has them; of the products only what is sent is documented
//! (IRREF), so that what is answered is what was sent, and the statuses are IRREF's, which has 200 for all of them.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::Desk;
use super::fixtures::FIRST_USER;
use super::resource::Kind::{Flag, Folder, List, Number, Text};
use super::resource::May::{Create, Delete, List as All, Patch, Put, Read};
use super::resource::{Field, Kind, Resource, Style};
use crate::oauth::Parameters;

const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

const PLAIN: Resource = Resource {
    name: "",
    within: None,
    style: Style::Link,
    may: &[All, Read, Create, Put, Delete],
    fields: &[must("name", Text)],
    wanted: |_, _| true,
    made: |_, _| {},
    created: StatusCode::CREATED,
    removed: StatusCode::NO_CONTENT,
};

/// Of the products. That their lists are not paged is the sandbox's choice, but for the products themselves.
const PRODUCT: Resource = Resource { style: Style::Bare, created: StatusCode::OK, removed: StatusCode::OK, ..PLAIN };

pub(super) static RESOURCES: [Resource; 13] = [
    Resource { name: "keyword_sets", ..PLAIN },
    Resource { name: "keywords", within: Some(("keyword_sets", "keyword_set_id")), ..PLAIN },
    Resource {
        name: "folder_links",
        may: &[All, Read, Create, Delete],
        fields: &[
            must("folder_id", Folder),
            must("purpose", Text),
            must("allows_download", Flag),
            must("show_tracking", Flag),
            may("expires_on", Text),
        ],
        made: |desk, row| {
            link(desk, row, "folder_link_url", "fl");
            row.insert("view_count".to_owned(), json!(0));
        },
        ..PLAIN
    },
    Resource {
        name: "upload_links",
        may: &[All, Read, Create, Delete],
        fields: &[must("folder_id", Folder), must("purpose", Text), may("expires_on", Text)],
        made: |desk, row| link(desk, row, "upload_link_url", "ul"),
        ..PLAIN
    },
    Resource {
        name: "invited_users",
        may: &[All, Read, Create, Delete],
        fields: &[
            must("first_name", Text),
            must("last_name", Text),
            must("email", Text),
            may("company", Text),
            must("permission_id", Number),
        ],
        made: |desk, row| link(desk, row, "registration_url", "registration"),
        ..PLAIN
    },
    Resource {
        name: "products",
        style: Style::Object,
        fields: &[
            must("name", Text),
            may("sku", Text),
            may("product_template_id", Number),
            may("product_category_id", Number),
            may("product_catalog_id", Number),
            may("has_variants", Flag),
            may("dimension1_id", Number),
            may("dimension1_name", Text),
            may("dimension1_value", Text),
            may("dimension2_id", Number),
            may("dimension2_name", Text),
            may("dimension2_value", Text),
            may("dimension3_id", Number),
            may("dimension3_name", Text),
            may("dimension3_value", Text),
            may("product_custom_attributes", List),
        ],
        wanted: product_is_wanted,
        ..PRODUCT
    },
    Resource {
        name: "variants",
        within: Some(("products", "product_id")),
        may: &[All, Read, Create, Patch, Delete],
        fields: &[may("name", Text), may("variant_dimension_options", List), may("product_custom_attributes", List)],
        ..PRODUCT
    },
    Resource { name: "product_catalogs", fields: &[must("name", Text), may("summary", Text)], ..PRODUCT },
    Resource { name: "product_categories", may: &[All, Read], ..PRODUCT },
    Resource { name: "product_templates", may: &[All, Read, Create, Put], ..PRODUCT },
    Resource {
        name: "product_dimensions",
        may: &[All, Read, Create, Put],
        made: |_, row| _ = row.insert("options".to_owned(), json!([])),
        ..PRODUCT
    },
    Resource { name: "product_custom_attributes", may: &[All, Read, Create, Put], ..PRODUCT },
    Resource { name: "product_channel_template_mappings", may: &[Read], ..PRODUCT },
];

/// The resources whose rows belong to one of `outer`, and the member that says to which.
pub(super) fn below(outer: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let within = move |resource: &Resource| resource.within.filter(|(name, _)| *name == outer);
    RESOURCES.iter().filter_map(move |resource| Some((resource.name, within(resource)?.1)))
}

/// What a link has that is not said. It leads nowhere: nothing of the sandbox stands there.
fn link(desk: &Desk, row: &mut Map<String, Value>, member: &str, path: &str) {
    let uid = desk.shared.random.hex();
    row.insert(member.to_owned(), json!(format!("{}/image-relay/{path}/{uid}", desk.shared.url)));
    row.insert("uid".to_owned(), json!(uid));
    row.insert("user_id".to_owned(), json!(FIRST_USER));
}

/// The filters of IRREF. `with_variant` is the one by template.
fn product_is_wanted(query: &Parameters, product: &Value) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let is = |name: &str, members: &[&str]| {
        let any = |wanted: &str| members.iter().any(|member| text(&product[*member]).eq_ignore_ascii_case(wanted));
        query.get(name).is_none_or(any)
    };
    is("name", &["name"])
        && is("in_category", &["product_category_id"])
        && is("with_variant", &["product_template_id"])
        && is("with_variants", &["has_variants"])
        && is("with_variant_dimension_id", &["dimension1_id", "dimension2_id", "dimension3_id"])
}
