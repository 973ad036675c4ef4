//! I10: who floods is slowed down, and keeps nobody else waiting.

use std::collections::BTreeMap;
use std::sync::Arc;

use keydesk_core::{GrantFor, NotHandedOut};
use tokio::net::{TcpStream, UnixStream};

use super::{Stage, path, talk};

#[tokio::test(flavor = "multi_thread")]
async fn i10_ten_thousand_wrong_secrets_are_slowed_down_and_lock_no_right_one_out() {
    let stage = Arc::new(Stage::with(false).await);
    let (_sandbox, connection) = stage.granted().await;
    let (socket, path) = (stage.socket(), path(&connection));
    let guessers: Vec<_> = (0..100)
        .map(|guesser| {
            let (socket, path) = (socket.clone(), path.clone());
            tokio::spawn(async move {
                let mut counted = BTreeMap::new();
                for guess in 0..100 {
                    let secret = format!("{guesser:03}{guess:040}");
                    let request =
                        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nKeydesk-Program: {secret}\r\n\r\n");
                    let answer = talk(UnixStream::connect(&socket).await.unwrap(), &request).await;
                    *counted.entry(answer.status).or_insert(0) += 1;
                }
                counted
            })
        })
        .collect();
    // Meanwhile the right one is answered, again and again.
    while !guessers.iter().all(tokio::task::JoinHandle::is_finished) {
        stage.asks(&path).await.token();
    }
    let mut counted = BTreeMap::new();
    for guesser in guessers {
        for (status, count) in guesser.await.unwrap() {
            *counted.entry(status).or_insert(0) += count;
        }
    }
    assert_eq!(counted.values().sum::<i32>(), 10_000, "{counted:?}");
    assert_eq!(counted.keys().copied().collect::<Vec<_>>(), [401, 429], "{counted:?}");
    // Ten in each minute that it took.
    assert!((10..=50).contains(&counted[&401]), "{counted:?}");
    let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answer = stage.says(request).await;
    answer.is(429, "too_many");
    assert!(answer.head.contains("retry-after: "), "{answer:?}");
    // The activity has neither the guesses nor a line for each.
    let told = format!("{:?}", stage.activity().await);
    assert!(told.matches(&format!("{:?}", NotHandedOut::TooMany)).count() <= 5, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i10_idle_and_large_clients_delay_nobody() {
    let stage = Stage::new().await;
    let (_sandbox, connection) = stage.granted().await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(TcpStream::connect(("127.0.0.1", stage.port())).await.unwrap());
    }
    let mut silent = Vec::new();
    for _ in 0..200 {
        silent.push(UnixStream::connect(stage.socket()).await.unwrap());
    }
    for header in ["X: ".to_owned() + &"x".repeat(1_000_000), "X: y\r\n".repeat(3000)] {
        let large = stage.says(&format!("GET / HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n")).await;
        assert!(matches!(large.status, 0 | 431), "{large:?}");
    }
    stage.asks(&path(&connection)).await.token();
    drop((idle, silent));
}

/// Sixteen wait, and no more: a program that asks in a loop fills nothing up. Who waits is not cut off by others that come.
#[tokio::test(flavor = "multi_thread")]
async fn i10_a_program_waits_with_sixteen_requests_at_most_and_none_of_them_is_cut_off() {
    let stage = Arc::new(Stage::with(false).await);
    let (_sandbox, connection) = stage.logged_in().await;
    let path = path(&connection);
    let (sender, mut answers) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..20 {
        let (stage, path, sender) = (stage.clone(), path.clone(), sender.clone());
        tokio::spawn(async move { drop(sender.send(stage.asks(&path).await)) });
    }
    for _ in 0..4 {
        answers.recv().await.unwrap().is(429, "too_many");
    }
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(UnixStream::connect(stage.socket()).await.unwrap());
    }
    assert_eq!(stage.view().asks.len(), 1, "one question for all of them");
    stage.house.keydesk.answer_ask(&stage.ask().await.id, Some(GrantFor::Hour)).unwrap();
    for _ in 0..16 {
        answers.recv().await.unwrap().token();
    }
}
