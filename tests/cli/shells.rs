//! Completions, manual pages, and the help that docs/command-line.md repeats.

use crate::house::House;

#[tokio::test]
async fn completions_and_manual_pages_are_made_of_the_commands() {
    let house = House::new().await;
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = house.run(&["completions", shell]).await.well().out;
        assert!(script.contains("min-valid"), "{shell}");
    }
    let whole = house.run(&["man"]).await.well().out;
    assert!(whole.contains(".TH keydesk 1") && whole.contains("disconnect"), "{whole}");
    let one = house.run(&["man", "login"]).await.well().out;
    assert!(one.contains(".TH keydesk-login 1") && one.contains("secret\\-stdin"), "{one}");
    house.run(&["man", "tokn"]).await.fails_with(2).says("“token”");
}

#[tokio::test]
async fn the_manual_has_every_command_and_every_exit_status() {
    let house = House::new().await;
    let manual = keydesk_support::repository().join("docs/command-line.md");
    let manual = std::fs::read_to_string(manual).unwrap();
    let help = house.run(&["--help"]).await.well().out;
    let section = |title: &str| {
        let lines = help.lines().skip_while(|line| !line.starts_with(title)).skip(1);
        lines.take_while(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let (commands, statuses) = (section("Commands:"), section("Exit status:"));
    assert!(commands.len() > 10 && statuses.len() == 9, "{help}");
    for line in statuses {
        let (status, meaning) = line.trim().split_once("  ").unwrap();
        assert!(manual.contains(&format!("| {status} | {meaning} |")), "{line}");
    }
    for name in commands.iter().filter_map(|line| line.split_whitespace().next()) {
        assert!(manual.contains(&format!("keydesk {name}")) || name == "help", "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_sandbox_says_where_it_is_until_it_is_stopped() {
    let house = House::new().await;
    let mut child = house.command(&["--json", "sandbox", "--port", "0"]).spawn().unwrap();
    let view = house.printed(&mut child).await;
    let url = view["url"].as_str().unwrap().to_owned();
    assert!(reqwest::get(&url).await.unwrap().status().is_success());
    assert_eq!(view["offers"][0]["provider"], "relay");
    crate::waiting::interrupt(child.id().unwrap());
    house.end(child).await.well();
    assert!(reqwest::get(&url).await.is_err());
}
