//! The sandbox's broker, as Spoke Zone's is described (providers.md section 3).

use std::time::Duration;

use keydesk_core::{ConnectionView, FieldKind, MqttState, SubscriptionState};
use keydesk_sandbox::{Options, Sandbox};
use keydesk_support::wait_for;

use super::{SOON, device_of};
use crate::house::House;

async fn logged_in(login: &str) -> (House, Sandbox, ConnectionView) {
    let options = Options { spoke_zone_tells_every: Duration::from_millis(200), ..Options::default() };
    let (house, sandbox) = (House::new(), Sandbox::start(options).await.unwrap());
    let connection = house.connect_at(&sandbox, "spoke-zone");
    house.log_in_at(&sandbox, &connection, login).await;
    (house, sandbox, connection)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_hears_where_it_is_and_what_runs_on_it_and_publishes_under_its_own_prefix() {
    let (house, _sandbox, connection) = logged_in("device_secrets").await;
    let offer = house.keydesk.mqtt_offer(&connection.id).unwrap().unwrap();
    // The login knew the device.
    assert_eq!(
        (offer.fields.len(), offer.fields[0].kind, offer.values.clone()),
        (1, FieldKind::Text, device_of("1001"))
    );
    assert_eq!(offer.publish_prefix.as_deref(), Some("mrs/d/1001/"));
    let filters: Vec<&str> = offer.suggestions.iter().map(|it| it.filter.as_str()).collect();
    assert_eq!(filters, ["mrs/d/1001/#", "mrs/d/1001/mon/location", "mrs/d/1001/mon/versions"]);
    house.keydesk.connect_mqtt(&connection.id, offer.values).unwrap();
    house.mqtt_becomes(&connection, MqttState::Connected).await;
    house.hear(&connection, "mrs/d/1001/#").await;
    let first = house.message(&connection, "mrs/d/1001/mon/location").await;
    assert!(first.place.is_some_and(|place| place.heading.is_some() && place.speed.is_some()), "{first:?}");
    let versions = house.message(&connection, "mrs/d/1001/mon/versions").await;
    assert!(versions.payload.contains("firmware") && versions.place.is_none());
    let live = async || {
        let rows = house.messages(&connection, Some("mrs/d/+/mon/location")).messages;
        (rows.iter().any(|row| row.retained) && rows.iter().any(|row| !row.retained)).then_some(())
    };
    wait_for(live, SOON, "the kept and the next").await.unwrap();
    let publish = house.keydesk.publish_mqtt(&connection.id, "mrs/d/1001/mon/door", "open".to_owned(), false);
    publish.await.unwrap();
    assert_eq!(house.message(&connection, "mrs/d/1001/mon/door").await.payload, "open");
    // Another's is refused to a device.
    house.keydesk.subscribe_mqtt(&connection.id, "mrs/d/1002/#").unwrap();
    house.hears(&connection, "mrs/d/1002/#", SubscriptionState::Refused).await;
    assert!(!house.messages(&connection, None).messages.iter().any(|row| row.topic.starts_with("mrs/d/1002/")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_hears_the_devices_of_the_own_customer_and_no_other() {
    let (house, _sandbox, connection) = logged_in("user").await;
    house.keydesk.connect_mqtt(&connection.id, device_of("1001")).unwrap();
    house.mqtt_becomes(&connection, MqttState::Connected).await;
    house.hear(&connection, "mrs/d/+/mon/location").await;
    let places = async || {
        let rows = house.messages(&connection, None).messages;
        let devices: std::collections::BTreeSet<String> = rows.into_iter().map(|row| row.topic).collect();
        (devices.len() == 21).then_some(devices)
    };
    let devices = wait_for(places, SOON, "all devices").await.unwrap();
    assert!(devices.contains("mrs/d/1021/mon/location") && !devices.contains("mrs/d/1022/mon/location"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_whose_token_ends_at_the_broker_connects_again_with_a_renewed_one() {
    let (house, sandbox, connection) = logged_in("device_secrets").await;
    house.keydesk.connect_mqtt(&connection.id, device_of("1001")).unwrap();
    house.mqtt_becomes(&connection, MqttState::Connected).await;
    house.hear(&connection, "mrs/d/1001/mon/location").await;
    assert_eq!(sandbox.count("/spoke-zone/mqtt"), 1);
    sandbox.expire_access_tokens();
    let again = async || (sandbox.count("/spoke-zone/mqtt") >= 3).then_some(());
    wait_for(again, SOON, "refused, and let in with another").await.unwrap();
    house.mqtt_becomes(&connection, MqttState::Connected).await;
    house.hears(&connection, "mrs/d/1001/mon/location", SubscriptionState::Granted).await;
    // What is dead there ends it.
    sandbox.revoke_all();
    let failed = house.mqtt_becomes(&connection, MqttState::Failed).await;
    assert!(failed.error.is_some());
}
