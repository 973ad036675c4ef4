//! "TransElite" of the sample is a booking API (providers.md §4); what its bookings hold is not known, so these are the
//! sandbox's own. It answers 200 to all that is well, as the sample's caller takes nothing else.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Desk;
use super::api::{Problem, check};
use crate::oauth::Parameters;

/// A bound for a sandbox left running for days.
const MOST: usize = 1000;

const SEEDS: [(&str, &str, &str); 6] = [
    ("Amara Okafor", "Airport to Hillside", "confirmed"),
    ("Ben Castillo", "Hillside to Old Town", "confirmed"),
    ("Chloe Nguyen", "Hillside to Central Station", "on the way"),
    ("Darius Webb", "Central Station to Hillside", "waiting"),
    ("Elena Petrova", "Hillside to Airport", "cancelled"),
    ("Farid Haddad", "Hillside to Opera", "confirmed"),
];
const FIRST: u64 = 4101;

#[derive(Debug, Clone, Serialize)]
struct Booking {
    id: u64,
    passenger: String,
    journey: String,
    state: String,
}

impl Booking {
    /// Whether a path names it.
    fn is(&self, id: &str) -> bool {
        self.id.to_string() == id
    }
}

/// What a request says of a booking.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    passenger: Option<String>,
    journey: Option<String>,
    state: Option<String>,
}

/// All bookings, and the number of the next.
pub(super) struct Bookings(Mutex<(Vec<Booking>, u64)>);

impl Default for Bookings {
    fn default() -> Self {
        let seeds = (FIRST..).zip(SEEDS).map(|(id, (passenger, journey, state))| Booking {
            id,
            passenger: passenger.to_owned(),
            journey: journey.to_owned(),
            state: state.to_owned(),
        });
        Self(Mutex::new((seeds.collect(), FIRST + SEEDS.len() as u64)))
    }
}

impl Bookings {
    fn lock(&self) -> MutexGuard<'_, (Vec<Booking>, u64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Outcome = Result<Json<Value>, Problem>;

/// All, or those in the state that the query names.
pub(super) async fn bookings(State(desk): State<Desk>, headers: HeaderMap, RawQuery(query): RawQuery) -> Outcome {
    check(&desk, &headers)?;
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let wanted = |booking: &&Booking| query.get("state").is_none_or(|state| booking.state == state);
    let held = desk.bookings.lock();
    let found: Vec<_> = held.0.iter().filter(wanted).collect();
    Ok(Json(json!({ "bookings": found })))
}

pub(super) async fn create(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> Outcome {
    check(&desk, &headers)?;
    let said = read(&body)?;
    let (Some(passenger), Some(journey)) = (said.passenger, said.journey) else {
        return Err(wrong("A booking needs a passenger and a journey"));
    };
    let mut held = desk.bookings.lock();
    if held.0.len() >= MOST {
        return Err(wrong("The sandbox holds no more bookings"));
    }
    let booking = Booking { id: held.1, passenger, journey, state: said.state.unwrap_or_else(|| "waiting".to_owned()) };
    held.1 += 1;
    held.0.push(booking.clone());
    Ok(Json(json!(booking)))
}

pub(super) async fn booking(State(desk): State<Desk>, Path(id): Path<String>, headers: HeaderMap) -> Outcome {
    check(&desk, &headers)?;
    let held = desk.bookings.lock();
    let found = held.0.iter().find(|booking| booking.is(&id));
    found.map(|booking| Json(json!(booking))).ok_or(UNKNOWN)
}

/// PUT and PATCH alike: what is said is changed.
pub(super) async fn change(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Outcome {
    check(&desk, &headers)?;
    let said = read(&body)?;
    let mut held = desk.bookings.lock();
    let booking = held.0.iter_mut().find(|booking| booking.is(&id)).ok_or(UNKNOWN)?;
    for (own, new) in [
        (&mut booking.passenger, said.passenger),
        (&mut booking.journey, said.journey),
        (&mut booking.state, said.state),
    ] {
        new.into_iter().for_each(|new| *own = new);
    }
    Ok(Json(json!(booking)))
}

pub(super) async fn remove(State(desk): State<Desk>, Path(id): Path<String>, headers: HeaderMap) -> Outcome {
    check(&desk, &headers)?;
    let mut held = desk.bookings.lock();
    let at = held.0.iter().position(|booking| booking.is(&id)).ok_or(UNKNOWN)?;
    Ok(Json(json!(held.0.remove(at))))
}

const UNKNOWN: Problem = Problem { status: StatusCode::NOT_FOUND, message: "No such booking" };

fn wrong(message: &'static str) -> Problem {
    Problem { status: StatusCode::BAD_REQUEST, message }
}

fn read(body: &[u8]) -> Result<Said, Problem> {
    serde_json::from_slice(body).map_err(|_| wrong("The body must be JSON: passenger, journey, state"))
}
