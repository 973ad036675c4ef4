//! The main job, as `./dev run` shows it where there is no display.

use keydesk_support::{Outcome, tour};

#[tokio::test]
async fn every_step_of_the_tour_is_passed() -> Outcome {
    #[allow(clippy::print_stdout)] // shown when it fails
    let passed = tour::take(|line| println!("{line}")).await?;
    assert!(passed, "a step failed");
    Ok(())
}
