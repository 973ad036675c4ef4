//! A million exchanges that are kept: how long a search takes, and whether a request takes longer than where none is kept. They are
//! written into the file itself, as a million requests would take a day.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use keydesk_core::{CallRequest, ExchangeQuery, ExchangeStatus, Keydesk, Settings};
use keydesk_support::{Authority, Failure, Outcome};
use rusqlite::Connection;

use crate::figure::{Figure, median};
use crate::request_overhead::{ANSWER, elsewhere, failed, log_in, open};

const KEPT: u32 = 1_000_000;
/// So many are written in one change.
const TOGETHER: u32 = 50_000;
/// What a search may take, in milliseconds.
const MOST: f64 = 50.0;
const ROUNDS: usize = 1000;
const BEFORE: usize = 100;

// A word in all of them, words in some, and words in one; every hundredth was refused.
const FILL: &str = "
    INSERT INTO exchange (at_ms, connection, source, method, url, status, outcome, duration_ms, size, sent_headers, headers, body)
    WITH RECURSIVE number (n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < ?2)
    SELECT ?3, 'connection-' || (n % 7), '\"explorer\"', 'GET', 'https://api.example/things/' || n || '?page=' || (n % 97),
        iif(n % 100 = 0, 401, 200), iif(n % 100 = 0, 'refused', 'good'), 12, 120, '[]', '[]',
        '{\"name\":\"thing ' || n || '\",\"owner\":\"person' || (n % 1009) || '\",\"place\":\"room' || (n % 31) || '\"}'
    FROM number";

pub async fn measure() -> Outcome<[Figure; 2]> {
    let authority = Authority::new()?.after(ANSWER);
    let ca = authority.pem().to_owned();
    let url = elsewhere(authority)?;
    let (full, empty) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let (ours, bare) = (open(full.path())?, open(empty.path())?);
    let settings = Settings { history_megabytes: 100_000, ..ours.read_settings() };
    ours.save_settings(settings).map_err(|error| failed(&error))?;
    // The file is made when it is asked first.
    listed(&ours, ExchangeQuery { limit: 1, ..ExchangeQuery::default() }).await?;
    fill(full.path())?;
    let searches = Figure::at_most("history-search", "ms", search(&ours).await?, MOST, 1.0);
    let requests = (log_in(&ours, &url, &ca).await?, log_in(&bare, &url, &ca).await?);
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for round in 0..BEFORE + ROUNDS {
        let (one, other) = (call(&ours, &requests.0).await?, call(&bare, &requests.1).await?);
        if round >= BEFORE {
            with.push(one);
            without.push(other);
        }
    }
    Ok([searches, Figure::at_most("history-send", "µs", median(with), median(without), 1.05)])
}

fn fill(home: &Path) -> Outcome {
    let file = Connection::open(home.join("data/history.sqlite")).map_err(|error| Failure::new(error.to_string()))?;
    let now = jiff::Timestamp::now().as_millisecond();
    for begin in (0..KEPT).step_by(TOGETHER as usize) {
        file.execute(FILL, (begin, begin + TOGETHER, now)).map_err(|error| Failure::new(error.to_string()))?;
    }
    Ok(())
}

/// The median of searches for what stands in all, in some, in one and in none, with and without a filter.
async fn search(keydesk: &Arc<Keydesk>) -> Outcome<f64> {
    let mut times = Vec::new();
    for round in 0..20 {
        for typed in ["thing", "person17", "/things/123456", "room3", "nowhere", &format!("person{}", round * 50)] {
            for status in [ExchangeStatus::Any, ExchangeStatus::Failed] {
                for connection in [None, Some("connection-3".to_owned())] {
                    let search = Some(typed.to_owned());
                    let begun = Instant::now();
                    listed(
                        keydesk,
                        ExchangeQuery { search, status, connection, limit: 100, ..ExchangeQuery::default() },
                    )
                    .await?;
                    times.push(begun.elapsed().as_secs_f64() * 1e3);
                }
            }
        }
    }
    Ok(median(times))
}

async fn listed(keydesk: &Arc<Keydesk>, query: ExchangeQuery) -> Outcome<usize> {
    keydesk.list_exchanges(query).await.map(|rows| rows.len()).map_err(|error| failed(&error))
}

async fn call(keydesk: &Arc<Keydesk>, request: &CallRequest) -> Outcome<f64> {
    let begun = Instant::now();
    let answer = keydesk.call(request).await.map_err(|error| failed(&error))?;
    let took = begun.elapsed().as_secs_f64() * 1e6;
    if answer.status == 200 { Ok(took) } else { Err(Failure::new(format!("the server answered {}", answer.status))) }
}
