//! Servers with a certificate of their own (security.md D1): each fault has its own words, and a connection can be given
//! the authority to trust. There is no switch that turns checking off.

use std::collections::BTreeMap;

use keydesk_core::{AddConnection, ConnectionView, EditConnection, Error, ErrorCode, LogIn, Secret};
use keydesk_support::Authority;

use crate::house::House;

fn connect(house: &House, url: &str, ca: Option<&str>) -> Result<ConnectionView, Error> {
    house.keydesk.add_connection(AddConnection {
        provider: "world-of-workflows".to_owned(),
        label: None,
        parameters: BTreeMap::from([("base_url".to_owned(), url.to_owned())]),
        ca: ca.map(str::to_owned),
        sandbox: false,
    })
}

async fn log_in(house: &House, connection: &ConnectionView) -> Result<ConnectionView, Error> {
    let fields = [("username", "someone"), ("password", "a-password")];
    let fields = fields.map(|(name, value)| (name.to_owned(), Secret::new(value))).into();
    house
        .keydesk
        .log_in(LogIn { connection: connection.id.clone(), login: "request".to_owned(), fields, keep: vec![] })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn d1_an_unknown_authority_is_named_and_one_given_to_the_connection_is_trusted_there_alone() {
    let (house, authority) = (House::new(), Authority::new().unwrap());
    let url = authority.server("localhost", 2090).await.unwrap();
    let connection = connect(&house, &url, None).unwrap();
    let error = log_in(&house, &connection).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::TlsUntrusted, "{error:?}");
    house
        .keydesk
        .edit_connection(EditConnection {
            connection: connection.id.clone(),
            label: connection.label.clone(),
            parameters: connection.parameters.clone(),
            ca: Some(authority.pem().to_owned()),
        })
        .unwrap();
    log_in(&house, &connection).await.unwrap();
    // Another connection does not trust it, nor does this one trust another authority.
    let other = connect(&house, &url, None).unwrap();
    assert_eq!(log_in(&house, &other).await.unwrap_err().code, ErrorCode::TlsUntrusted);
    let foreign = Authority::new().unwrap().server("localhost", 2090).await.unwrap();
    let foreign = connect(&house, &foreign, Some(authority.pem())).unwrap();
    assert_eq!(log_in(&house, &foreign).await.unwrap_err().code, ErrorCode::TlsUntrusted);
}

#[tokio::test(flavor = "multi_thread")]
async fn d1_an_expired_certificate_and_one_for_another_name_are_refused_each_in_its_own_words() {
    let (house, authority) = (House::new(), Authority::new().unwrap());
    for (name, year, words) in [("localhost", 2021, "has expired"), ("other.example", 2090, "is for another name")] {
        let url = authority.server(name, year).await.unwrap();
        let connection = connect(&house, &url, Some(authority.pem())).unwrap();
        let error = log_in(&house, &connection).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::TlsFailed, "{error:?}");
        assert!(error.message.contains(words), "{}", error.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_certificate_is_refused_at_its_field() {
    let house = House::new();
    let broken = "-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----";
    for text in ["not a certificate", broken] {
        let error = connect(&house, "https://localhost:1", Some(text)).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("ca"), "{text}: {error:?}");
    }
}
