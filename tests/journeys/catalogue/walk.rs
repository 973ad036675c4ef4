//! How a catalogue is walked.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use keydesk_core::{
    BodyKind, BodyPart, ChosenFile, ConnectionView, Endpoint, EndpointParameter, ExplorerRequest, ParameterPlace,
    RequestBody, RequestRow, SendState, SentView,
};
use keydesk_sandbox::Sandbox;
use serde_json::Value;

use crate::house::House;
use crate::logins::{offer, sandbox};

/// The catalogue of a provider, and what its file cannot say.
pub struct Walk {
    pub provider: &'static str,
    /// The first is for all that no other is for.
    pub ways: &'static [Way],
    /// What parameters are, where the example will not do: call, name, value.
    pub given: &'static [(&'static str, &'static str, &'static str)],
    /// What an answer gives for a later call: the first call, a pointer into its answer, the later call, the parameter.
    pub taken: &'static [(&'static str, &'static str, &'static str, &'static str)],
    /// Bodies that a file does not give an example of.
    pub bodies: &'static [(&'static str, &'static str)],
    /// What is answered well by another status than 2xx.
    pub statuses: &'static [(&'static str, u16)],
    /// What does not end.
    pub endless: &'static [&'static str],
    /// What comes after all else, as it ends the way in.
    pub last: &'static [&'static str],
}

/// A way in, for the calls that hold a text.
pub struct Way {
    pub calls: &'static str,
    pub login: &'static str,
    /// Other than the sandbox offers.
    pub fields: &'static [(&'static str, &'static str)],
}

impl Walk {
    pub const NOTHING: Self =
        Self { provider: "", ways: &[], given: &[], taken: &[], bodies: &[], statuses: &[], endless: &[], last: &[] };

    /// Walks it at a sandbox of its own: what is deleted comes after what is not, else as the file has it.
    pub async fn go(&self) {
        let (house, sandbox) = (House::new(), sandbox().await);
        let mut open = Vec::new();
        for way in self.ways {
            let connection = self.enter(&house, &sandbox, way).await;
            let catalogues = house.keydesk.read_catalogues(&connection.id).await.unwrap();
            let endpoints = catalogues.into_iter().next().unwrap().endpoints;
            open.push((way, connection, endpoints));
        }
        let mut calls: Vec<_> = (0..open[0].2.len()).collect();
        calls.sort_by_key(|number| self.rank(&open[0].2[*number]));
        let mut taken = BTreeMap::new();
        let mut wrong = Vec::new();
        for number in calls {
            let call = &open[0].2[number].id;
            let way = open.iter().rposition(|(way, ..)| call.contains(way.calls)).unwrap();
            let (_, connection, endpoints) = &open[way];
            let request = self.request(&house, &endpoints[number], &taken);
            let (sent, body) = self.send(&house, connection, call, request).await;
            if !self.is_good(call, &sent) {
                let said = sent.error.map(|error| error.message);
                wrong.push(format!("{call}: {:?} {said:?} {body:.300}", sent.status));
                continue;
            }
            for (_, pointer, later, name) in self.taken.iter().filter(|(from, ..)| from == call) {
                let answer: Value = serde_json::from_str(&body).unwrap();
                let value = answer.pointer(pointer).unwrap_or_else(|| panic!("{call}: no {pointer} in {body}"));
                taken.insert((*later, *name), value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", self.provider, wrong.join("\n"));
    }

    async fn enter(&self, house: &House, sandbox: &Sandbox, way: &Way) -> ConnectionView {
        let connection = house.connect_at(sandbox, self.provider);
        if way.fields.is_empty() {
            house.log_in_at(sandbox, &connection, way.login).await;
        } else {
            let mut fields = offer(sandbox, self.provider).logins.get(way.login).cloned().unwrap_or_default();
            fields.extend(way.fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            house.enter(&connection, way.login, &fields, &[]).await.unwrap();
        }
        connection
    }

    fn rank(&self, endpoint: &Endpoint) -> usize {
        match endpoint.method.as_str() {
            _ if self.last.contains(&endpoint.id.as_str()) => 2,
            "DELETE" => 1,
            _ => 0,
        }
    }

    /// As a person sends it who changes nothing that needs not be changed.
    fn request(&self, house: &House, endpoint: &Endpoint, taken: &Taken) -> ExplorerRequest {
        let call = endpoint.id.as_str();
        let rows = |place| {
            let of = endpoint.parameters.iter().filter(move |parameter| parameter.place == place);
            of.filter_map(|parameter| Some(row(&parameter.name, self.value(call, parameter, taken)?))).collect()
        };
        ExplorerRequest {
            method: endpoint.method.clone(),
            url: endpoint.path.clone(),
            parameters: rows(ParameterPlace::Path),
            query: rows(ParameterPlace::Query),
            headers: rows(ParameterPlace::Header),
            body: self.body(house, endpoint),
            follow: true,
        }
    }

    fn value(&self, call: &str, parameter: &EndpointParameter, taken: &Taken) -> Option<String> {
        let name = parameter.name.as_str();
        let given = self.given.iter().find(|(of, own, _)| *of == call && *own == name);
        let found = taken.get(&(call, name)).cloned().or_else(|| given.map(|(_, _, value)| (*value).to_owned()));
        let value = found.or_else(|| parameter.example.clone());
        assert!(value.is_some() || !parameter.required, "{call} needs {name}, which has no example");
        value
    }

    fn body(&self, house: &House, endpoint: &Endpoint) -> RequestBody {
        let Some(body) = &endpoint.body else { return RequestBody::None };
        let given = self.bodies.iter().find(|(call, _)| *call == endpoint.id).map(|(_, body)| (*body).to_owned());
        let text = given.or_else(|| body.example.clone()).unwrap_or_default();
        match body.kind {
            BodyKind::Json if text.is_empty() => RequestBody::None,
            BodyKind::Json => RequestBody::Json { text },
            BodyKind::Text => RequestBody::Text { text, media_type: "text/plain".to_owned() },
            BodyKind::File => {
                RequestBody::File { file: Some(file(house)), media_type: "application/octet-stream".to_owned() }
            }
            BodyKind::Form => RequestBody::Form { rows: lines(&text).map(|(name, value)| row(name, value)).collect() },
            BodyKind::Multipart => RequestBody::Multipart {
                parts: lines(&text)
                    .map(|(name, value)| BodyPart {
                        name: name.to_owned(),
                        value: value.to_owned(),
                        file: (value == "@").then(|| file(house)),
                        on: true,
                    })
                    .collect(),
            },
        }
    }

    /// Sends it, and waits until it is over; what does not end is ended once something came.
    async fn send(
        &self,
        house: &House,
        connection: &ConnectionView,
        call: &str,
        request: ExplorerRequest,
    ) -> (SentView, String) {
        let keydesk = &house.keydesk;
        let sent = keydesk.send_request(&connection.id, None, request, None).await;
        let mut sent = sent.unwrap_or_else(|error| panic!("{call}: {error:?}"));
        while !sent.state.is_over() {
            tokio::time::sleep(Duration::from_millis(5)).await;
            sent = keydesk.read_sent(&sent.id).await.unwrap();
            if self.endless.contains(&call) && sent.received > 0 {
                sent = keydesk.cancel_sent(&sent.id).await.unwrap();
            }
        }
        let body = BASE64_STANDARD.decode(keydesk.read_answer_bytes(&sent.id, 0, 1 << 20).await.unwrap()).unwrap();
        (sent, String::from_utf8_lossy(&body).into_owned())
    }

    fn is_good(&self, call: &str, sent: &SentView) -> bool {
        let wanted = if self.endless.contains(&call) { SendState::Cancelled } else { SendState::Done };
        let expected = self.statuses.iter().find(|(known, _)| *known == call).map(|(_, status)| *status);
        let is_good = |status: u16| expected.map_or((200..300).contains(&status), |expected| status == expected);
        sent.status.is_some_and(is_good) && sent.state == wanted
    }
}

type Taken = BTreeMap<(&'static str, &'static str), String>;

fn row(name: &str, value: impl Into<String>) -> RequestRow {
    RequestRow { name: name.to_owned(), value: value.into(), on: true }
}

/// Fields as an example writes them.
fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('&').filter_map(|field| field.split_once('='))
}

fn file(house: &House) -> ChosenFile {
    let path = house.home.path().join("chosen.bin");
    std::fs::write(&path, [7; 100]).unwrap();
    house.keydesk.choose_file(&path).unwrap()
}
