//! A clock that is wrong. One that jumps in a running process is in tests/desktop/faults.rs.

use keydesk_support::WrongClock;

use super::stage::{Stage, rotates};
use crate::house::House;
use crate::ran::Ran;

const OFFSETS: [&str; 4] = ["+1h", "-1h", "+10y", "-10y"];

impl House {
    /// Runs a command whose clock is off by this.
    async fn run_off(&self, offset: &str, arguments: &[&str]) -> Ran {
        let clock = WrongClock::off_by(offset, self.home.path()).unwrap();
        let mut command = self.command(arguments);
        command.envs(clock.variables());
        Ran::of(&command.output().await.unwrap())
    }
}

#[tokio::test]
async fn e9_with_a_clock_that_is_off_by_an_hour_or_ten_years_a_token_is_had_and_not_renewed_over_and_over() {
    let stage = Stage::new().await;
    rotates(&stage.server);
    // That the clock is off at all.
    stage.log_in_at_last("it").await;
    stage.token().await.well();
    let view = stage.house.run_off("+1h", &["--json", "token", "it"]).await.well().json();
    assert!((3000..=3700).contains(&view["seconds_left"].as_i64().unwrap()), "{view}");
    for offset in OFFSETS {
        stage.log_in_at_last("it").await;
        stage.token().await.well();
        let before = stage.asked().len();
        let mut last = String::new();
        for _ in 0..3 {
            last = stage.house.run_off(offset, &["token", "it"]).await.well().out;
        }
        let renewals = stage.asked().len() - before;
        let over = offset == "+10y";
        let from_later = offset.starts_with('-');
        assert_eq!(renewals, usize::from(over || from_later), "{offset}: where its end cannot be told, and once");
        // Back in time: what was obtained ten years from now, or before, says nothing of its end either.
        let far = offset.ends_with("10y");
        let now = stage.token().await.well().out;
        assert_eq!(now != last, far, "{offset}");
        assert_eq!(stage.token().await.well().out, now, "{offset}");
        assert_eq!(stage.asked().len() - before, renewals + usize::from(far), "{offset}");
    }
}

#[tokio::test]
async fn e9_with_a_clock_that_is_off_a_token_that_the_server_ended_is_renewed_and_the_call_sent_once_more() {
    let house = House::new().await;
    for offset in OFFSETS {
        let name = offset.trim_start_matches(['+', '-']).to_owned() + &offset[..1];
        house.logged_in(&name).await;
        for _ in 0..2 {
            house.sandbox.expire_access_tokens();
            house.run_off(offset, &["call", &name, "GET", "/me"]).await.well();
        }
        // What was renewed in another time is good in this one.
        house.run(&["call", &name, "GET", "/me"]).await.well();
        house.sandbox.expire_access_tokens();
        house.run(&["call", &name, "GET", "/me"]).await.well();
    }
}
