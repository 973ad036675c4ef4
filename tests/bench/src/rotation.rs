//! Two processes that share a login at a certified server, which rotates and ends a login whose refresh token comes twice:
//! `keydesk token` in two loops without a pause, with tokens of five seconds. How many logins are lost, of how many
//! renewals.

use std::process::Stdio;
use std::time::{Duration, Instant};

use keydesk_support::{Certified, Failure, Outcome, Visitor};
use serde_json::Value;

use crate::cli::{Cli, succeeds};
use crate::figure::Figure;

const LIFETIME: u32 = 5;
const SOON: Duration = Duration::from_secs(20);

pub async fn measure(time: Duration) -> Outcome<Figure> {
    let (cli, server) = (Cli::new()?, Certified::with_lifetime(LIFETIME)?);
    log_in(&cli, &server).await?;
    let (one, other) = tokio::join!(asks(&cli, time), asks(&cli, time));
    let counts = server.counts().await?;
    let renewals = counts["refresh_token"].as_f64().unwrap_or(0.0);
    if one.1 + other.1 == 0 || renewals < 2.0 {
        return Err(Failure::new(format!("the two processes did not renew: {counts}")));
    }
    let errors = counts["errors"].as_object().into_iter().flat_map(|errors| errors.values());
    let refused: f64 =
        errors.filter_map(Value::as_f64).sum::<f64>() + counts["revoked_families"].as_f64().unwrap_or(0.0);
    let lost = refused + f64::from(one.0 + other.0);
    Ok(Figure::at_most("rotation-two-processes", "lost", lost, renewals, 0.0))
}

async fn log_in(cli: &Cli, server: &Certified) -> Outcome {
    let issuer = server.issuer();
    let base = format!("base_url={issuer}");
    cli.run(&["connect", "another-api", "--name", "bench", "--set", &base]).await?;
    let issuer = format!("issuer={issuer}");
    let mut login =
        cli.command(&["login", "bench", "--method", "browser", "--set", &issuer, "--set", "client_id=public"]);
    login.stdout(Stdio::null());
    let redirect = async {
        let opened = cli.desktop.opened_url(SOON).await?;
        let redirect = Visitor::log_in(&url::Url::parse(&opened)?).await?;
        reqwest::get(redirect).await?;
        Ok::<(), Failure>(())
    };
    let (ended, redirected) = tokio::join!(succeeds(login), redirect);
    redirected.and(ended)
}

/// Asks again and again. Gives how often there was no token, and how often there was.
async fn asks(cli: &Cli, time: Duration) -> (u32, u32) {
    let begun = Instant::now();
    let (mut without, mut with) = (0, 0);
    while begun.elapsed() < time {
        match cli.run(&["token", "bench"]).await {
            Ok(()) => with += 1,
            Err(why) => {
                if without == 0 {
                    eprintln!("after {:.1} s: {why}", begun.elapsed().as_secs_f64());
                }
                without += 1;
            }
        }
    }
    (without, with)
}
