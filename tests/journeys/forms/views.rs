//! What views offer beside an answer: other forms filled from a row, a place on the map, what moves.

use keydesk_core::ResultView;

use super::{Chosen, Person, at};
use crate::house::sandbox;

const LOGINS: [(&str, &str); 5] = [
    ("relay", "browser"),
    ("relay", "api_key"),
    ("image-relay", "api_key"),
    ("wazo", "online"),
    ("spoke-zone", "user"),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_a_row_opens_is_offered_in_the_same_connection_and_its_fields_are_there() {
    let sandbox = sandbox().await;
    for (provider, login) in LOGINS {
        let person = Person::at(&sandbox, provider, login).await;
        let actions = person.house.keydesk.list_actions(&person.connection.id).unwrap();
        for action in &actions {
            let children = match &action.view {
                ResultView::Tree { children, .. } => Some(children),
                _ => None,
            };
            for opened in action.view.opens().iter().chain(children) {
                let form = actions.iter().find(|form| form.id == opened.action);
                let form = form.unwrap_or_else(|| panic!("{provider} {login}: {} opens {}", action.id, opened.action));
                let known = |id: &String| form.fields.iter().any(|field| field.id == *id);
                assert!(opened.set.keys().all(known), "{provider}: {} of {}", opened.action, action.id);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_relay_is_on_the_map_can_be_watched_and_stands_under_a_heading() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "relay", "browser").await;
    let action = person.action("device_info");
    assert_eq!((action.watch, action.group.as_deref()), (true, Some("Devices")));
    let ResultView::Form { place: Some(place), .. } = action.view else { panic!("no place") };
    let device = person.read("device_info", &[("device", Chosen("Porter 1"))]).await;
    let first = |pointers: &[String]| pointers.iter().find_map(|pointer| at(&device, pointer));
    let [lat, long, metres] = [&place.lat, &place.long, &place.accuracy].map(|it| first(it).unwrap().as_f64().unwrap());
    assert!((35.0..36.5).contains(&lat) && (-79.5..-78.0).contains(&long) && metres > 0.0, "{lat} {long} {metres}");
    assert_eq!(first(&place.label).unwrap(), "Porter 1");
    assert!(first(&place.at).is_some_and(|at| at.as_str().is_some_and(|at| at.parse::<jiff::Timestamp>().is_ok())));
    // Every form but those about oneself has a heading.
    let actions = person.house.keydesk.list_actions(&person.connection.id).unwrap();
    let without: Vec<_> = actions.iter().filter(|action| action.group.is_none()).map(|action| &action.id).collect();
    assert_eq!(without, ["who_am_i"]);
}
