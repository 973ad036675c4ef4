//! The first rows of the resources that are alike: what the hotel's shop sells, whom it invited, what it shares.

use serde_json::{Value, json};

use super::fixtures::{FIRST_USER, MADE, ROOT};
use super::library::Library;

/// How many products there are: some more than two pages.
const PRODUCTS: usize = 240;

const KEYWORDS: [(&str, [&str; 4]); 2] =
    [("Season", ["spring", "summer", "autumn", "winter"]), ("Light", ["day", "dusk", "night", "studio"])];

const INVITED: [(&str, &str, &str); 3] = [
    ("Nora", "Feldmann", "Feldmann Photography"),
    ("Oscar", "Lindgren", "Lindgren & Sons Print"),
    ("Priya", "Raman", "Northgate Press"),
];

const CATALOGS: [(&str, &str); 2] =
    [("Gift shop", "What the shop in the lobby sells"), ("Room amenities", "What stands in the rooms, by the piece")];
const CATEGORIES: [&str; 5] = ["Bath", "Bed linen", "Kitchen", "Stationery", "Wine and spirits"];
const TEMPLATES: [&str; 3] = ["Textile", "Food and drink", "Paper goods"];
const DIMENSIONS: [(&str, [&str; 3]); 3] = [
    ("Colour", ["White", "Sand", "Slate"]),
    ("Size", ["Small", "Medium", "Large"]),
    ("Scent", ["Cedar", "Fig", "Salt"]),
];
const ATTRIBUTES: [&str; 4] = ["Material", "Country of origin", "Care", "Supplier"];

/// A thing, its category and its template, both from 0.
const THINGS: [(&str, usize, usize); 12] = [
    ("Bath towel", 0, 0),
    ("Bathrobe", 0, 0),
    ("Hand soap", 0, 1),
    ("Pillowcase", 1, 0),
    ("Duvet cover", 1, 0),
    ("Wool blanket", 1, 0),
    ("Tea towel", 2, 0),
    ("Orchard honey", 2, 1),
    ("Breakfast tea", 2, 1),
    ("Notebook", 3, 2),
    ("Postcard set", 3, 2),
    ("Pinot noir", 4, 1),
];

/// Each resource's first number.
const FIRST: [(&str, u64); 13] = [
    ("keyword_sets", 21),
    ("keywords", 2101),
    ("folder_links", 5101),
    ("upload_links", 5301),
    ("invited_users", 8501),
    ("products", 60_001),
    ("variants", 66_001),
    ("product_catalogs", 31),
    ("product_categories", 201),
    ("product_templates", 301),
    ("product_dimensions", 401),
    ("product_custom_attributes", 451),
    ("product_channel_template_mappings", 71),
];

pub(super) fn sow(library: &mut Library, url: &str) {
    for (name, first) in FIRST {
        library.begin(name, first);
    }
    words(library);
    links(library, url);
    vocabulary(library);
    products(library);
}

/// A row with the times that all have.
fn row(mut row: Value) -> Value {
    row["created_at"] = json!(MADE);
    row["updated_at"] = json!(MADE);
    row
}

fn words(library: &mut Library) {
    for (name, keywords) in KEYWORDS {
        let set = library.table("keyword_sets").insert(row(json!({ "name": name })));
        for keyword in keywords {
            library.table("keywords").insert(row(json!({ "keyword_set_id": set["id"], "name": keyword })));
        }
    }
}

fn links(library: &mut Library, url: &str) {
    let shared = [("Wedding fair 2026", ROOT + 6), ("Press kit", ROOT + 4), ("Logos for the printer", ROOT + 5)];
    for (number, (purpose, folder)) in (1u64..).zip(shared) {
        let uid = format!("{:032x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        library.table("folder_links").insert(row(json!({
            "purpose": purpose, "folder_id": folder, "uid": uid, "user_id": FIRST_USER, "expires_on": null,
            "allows_download": true, "show_tracking": true, "view_count": number * 17,
            "folder_link_url": format!("{url}/image-relay/fl/{uid}"),
        })));
        library.table("upload_links").insert(row(json!({
            "purpose": format!("{purpose}: send us yours"), "folder_id": folder, "uid": uid, "user_id": FIRST_USER,
            "expires_on": null, "upload_link_url": format!("{url}/image-relay/ul/{uid}"),
        })));
    }
    for (first_name, last_name, company) in INVITED {
        let name = first_name.to_lowercase();
        library.table("invited_users").insert(row(json!({
            "first_name": first_name, "last_name": last_name, "email": format!("{name}@partner.example"),
            "company": company, "permission_id": 3, "user_id": FIRST_USER,
            "registration_url": format!("{url}/image-relay/registration/{name}"),
        })));
    }
}

fn vocabulary(library: &mut Library) {
    for (name, summary) in CATALOGS {
        library.table("product_catalogs").insert(row(json!({ "name": name, "summary": summary })));
    }
    let lists = [
        ("product_categories", &CATEGORIES[..]),
        ("product_templates", &TEMPLATES[..]),
        ("product_custom_attributes", &ATTRIBUTES[..]),
    ];
    for (resource, names) in lists {
        for name in names {
            library.table(resource).insert(row(json!({ "name": name })));
        }
    }
    for (index, (name, values)) in (401u64..).zip(DIMENSIONS) {
        let options: Vec<_> =
            (1..).zip(values).map(|(number, value)| json!({ "id": index * 100 + number, "value": value })).collect();
        library.table("product_dimensions").insert(row(json!({ "name": name, "options": options })));
    }
    library.table("product_channel_template_mappings").insert(json!({
        "name": "Web shop",
        "mappings": [
            { "channel_field": "title", "product_field": "name" },
            { "channel_field": "article_number", "product_field": "sku" },
            { "channel_field": "material", "product_custom_attribute_id": 451 },
        ],
    }));
}

/// Each thing in twenty kinds; every first has variants.
fn products(library: &mut Library) {
    for index in 0..PRODUCTS {
        let (thing, category, template) = THINGS[index % THINGS.len()];
        let kind = index / THINGS.len();
        let colour = DIMENSIONS[0].1[kind % 3];
        let has_variants = kind == 0;
        let product = library.table("products").insert(row(json!({
            "name": format!("{thing} {:02}", kind + 1),
            "sku": format!("HS-{:02}{:03}", index % THINGS.len() + 1, kind + 1),
            "product_template_id": 301 + template,
            "product_category_id": 201 + category,
            "product_catalog_id": 31 + kind % 2,
            "has_variants": has_variants,
            "dimension1_id": 401, "dimension1_name": "Colour", "dimension1_value": colour,
            "product_custom_attributes": [{ "id": 452, "value": "Portugal" }],
        })));
        if has_variants {
            for (option, size) in (40_201..).zip(DIMENSIONS[1].1) {
                library.table("variants").insert(row(json!({
                    "product_id": product["id"],
                    "name": format!("{thing}, {}", size.to_lowercase()),
                    "variant_dimension_options": [{ "id": option, "value": size }],
                    "product_custom_attributes": [],
                })));
            }
        }
    }
}
