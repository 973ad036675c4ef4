//! Every endpoint of every catalogue, called at the sandbox through the explorer, as a person would who takes each from the
//! list and sends it as it is: the examples of the provider's file are what is sent. A path, a method or a body that the
//! sandbox does not know is not answered well, and fails the test.

mod image_relay;
mod relay;
mod spoke_zone;
mod walk;
mod wazo;
mod world_of_workflows;

use walk::Walk;

const WALKS: [Walk; 5] = [image_relay::WALK, relay::WALK, spoke_zone::WALK, wazo::WALK, world_of_workflows::WALK];

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_of_image_relay_is_answered_well() {
    image_relay::WALK.go().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_of_relay_is_answered_well() {
    relay::WALK.go().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_of_spoke_zone_is_answered_well() {
    spoke_zone::WALK.go().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_of_wazo_is_answered_well() {
    wazo::WALK.go().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_of_world_of_workflows_is_answered_well() {
    world_of_workflows::WALK.go().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_catalogue_is_left_out() {
    let (house, sandbox) = (crate::house::House::new(), crate::logins::sandbox().await);
    for offer in keydesk_sandbox::offers(sandbox.url()) {
        let connection = house.connect_at(&sandbox, &offer.provider);
        let has_endpoints = !house.keydesk.read_catalogues(&connection.id).await.unwrap().is_empty();
        let is_walked = WALKS.iter().any(|walk| walk.provider == offer.provider);
        assert_eq!(is_walked, has_endpoints, "{}", offer.provider);
    }
}
