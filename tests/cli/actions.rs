//! action.

use crate::house::House;

#[tokio::test]
async fn actions_are_listed_their_choices_read_and_one_sent_to_several_targets() {
    let house = House::new().await;
    house.connect("relay", "hotel").await;
    house.log_in_by_browser("relay", "hotel", "browser").await.well();
    let listed = house.run(&["action", "hotel"]).await.well().out;
    assert!(listed.contains("send_trigger") && listed.contains("arguments"), "{listed}");

    let choices = async |field: &str| {
        let read = house.run(&["--json", "action", "hotel", "send_trigger", "--choices", field]).await.well().json();
        read.as_array().unwrap().iter().map(|it| it["value"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (workflows, devices) = (choices("workflow").await, choices("devices").await);
    let set = [
        format!("workflow={}", workflows[0]),
        format!("devices={}", devices[0]),
        format!("devices={}", devices[1]),
        "arguments.room=204".to_owned(),
        "arguments.urgent:=true".to_owned(),
    ];
    let mut arguments = vec!["action", "hotel", "send_trigger"];
    set.iter().for_each(|pair| arguments.extend(["--set", pair]));
    let sent = house.run(&arguments).await.well().out;
    assert_eq!(sent.lines().filter(|line| line.starts_with("ok")).count(), 2, "{sent}");
    let triggers = house.sandbox.triggers();
    assert_eq!(triggers.len(), 2);
    let sent = format!("{triggers:?}");
    assert!(sent.contains("204") && sent.contains("true"), "{sent}");

    house.run(&["action", "hotel", "send_trigger"]).await.fails_with(2).says("(workflow)");
    house.run(&["action", "hotel", "send_triger"]).await.fails_with(2).says("Did you mean “send_trigger”");
    house.run(&["action", "hotel", "send_trigger", "--set", "device=1"]).await.fails_with(2).says("“devices”");
}

#[tokio::test]
async fn what_an_action_reads_is_shown_as_its_provider_says() {
    let house = House::new().await;
    house.connect("wazo", "phones").await;
    house.log_in("wazo", "phones", "online", &[]).await.well();
    let form = house.run(&["action", "phones", "who_am_i"]).await.well().out;
    assert!(form.starts_with("You are\n") && form.contains("User name"), "{form}");
    let table = house.run(&["action", "phones", "refresh_tokens"]).await.well().out;
    assert!(table.starts_with("Client"), "{table}");
    let json = house.run(&["--json", "action", "phones", "who_am_i"]).await.well().json();
    assert_eq!(json["results"][0]["status"], 200);
}
