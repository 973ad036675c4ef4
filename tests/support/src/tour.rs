//! The tour: the whole job done once in the real window, with a picture of each step.
//!
//! What is clicked is named as a person reads it, so a changed word is changed here and nowhere else.

mod places;
mod requests;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::{App, Desktop, DesktopOptions, Outcome, Query, SOON, SystemBrowser, target_directory};

/// Two thousand requests.
const LONG: Duration = Duration::from_secs(120);
const DEVICES: [&str; 3] = ["Front desk", "Porter 2", "Pool"];

/// A tour under way.
#[derive(Debug)]
pub struct Tour {
    // The window goes before the desktop it stands on.
    app: App,
    browser: SystemBrowser,
    desktop: Desktop,
    pictures: PathBuf,
    taken: usize,
    failed: usize,
    tell: fn(&str),
}

/// Takes the tour, tells each step as it is done, and says whether all went well.
///
/// # Errors
/// There is nothing to tour: desktop, browser or app did not start.
pub async fn take(tell: fn(&str)) -> Outcome<bool> {
    let mut tour = Tour::start(tell).await?;
    tour.take_steps().await;
    let Tour { app, pictures, failed, .. } = tour;
    app.quit().await?;
    tell(&format!("Pictures in {}", pictures.display()));
    Ok(failed == 0)
}

macro_rules! steps {
    ($tour:ident: $($name:literal $step:ident)*) => {
        $(
            let start = Instant::now();
            let outcome = $tour.$step().await;
            $tour.conclude($name, start, outcome).await;
        )*
    };
}

impl Tour {
    async fn start(tell: fn(&str)) -> Outcome<Self> {
        let pictures = target_directory().join("tour");
        // Pictures of an earlier tour would show what is no longer so.
        let _ = std::fs::remove_dir_all(&pictures);
        std::fs::create_dir_all(&pictures)?;
        let desktop = Desktop::start(DesktopOptions::default())?;
        let browser = SystemBrowser::start(&desktop).await?;
        let app = App::start(&desktop).await?;
        Ok(Self { app, browser, desktop, pictures, taken: 0, failed: 0, tell })
    }

    async fn take_steps(&mut self) {
        steps!(self:
            "first-screen" first_screen
            "add-connection" add_connection
            "log-in" log_in
            "logged-in" logged_in
            "fill-in-trigger" fill_in_trigger
            "send-trigger" send_trigger
            "claims" claims
            "activity" activity
            "device-info" device_info
            "side-by-side" side_by_side
            "token-verified" token_verified
            "folder-of-pictures" folder_of_pictures
            "endpoint-answered" endpoint_answered
            "request-checked" request_checked
            "exchange-found" exchange_found
            "live-messages" live_messages
            "back-to-the-first" back_to_the_first
            "targets-of-a-table" targets_of_a_table
            "run-asked" run_asked
            "run-of-2000" run_of_2000
            "runs" runs
        );
        self.go_dark().await;
    }

    /// The first screen offers Relay and the built-in sandbox, and the keychain is found.
    async fn first_screen(&self) -> Outcome {
        self.app.text_appears("Relay", SOON).await?;
        self.app.find(&Query::pressable("Use the built-in sandbox")).await?;
        self.app.text_appears("Keychain unlocked", SOON).await
    }

    async fn add_connection(&self) -> Outcome {
        self.app.click(&Query::pressable("Use the built-in sandbox")).await?;
        self.app.text_appears("The sandbox runs on 127.0.0.1", SOON).await
    }

    /// Ends with the browser's login page filled in, and the app waiting.
    async fn log_in(&self) -> Outcome {
        self.app.press_button("Log in with browser").await?;
        self.app.text_appears("Waiting for you in the browser", SOON).await?;
        let url = self.desktop.opened_url(SOON).await?;
        self.browser.open(&url).await?;
        self.browser.screenshot(&self.picture("browser")).await
    }

    async fn logged_in(&self) -> Outcome {
        self.browser.log_in().await?;
        self.browser.screenshot(&self.picture("browser-after")).await?;
        self.app.text_appears("Logged in as Alice Rodriguez", SOON).await?;
        self.app.text_appears("Fresh", SOON).await
    }

    async fn fill_in_trigger(&self) -> Outcome {
        self.app.click(&Query::tab("Actions")).await?;
        self.app.press_button("Send trigger").await?;
        self.app.choose(&Query::field("Workflow"), "").await?;
        for device in DEVICES {
            self.app.narrow_and_choose(&Query::field("Devices"), device).await?;
        }
        self.app.press("Escape").await?;
        self.app.fill(&Query::field("Key 1"), "room").await?;
        self.app.fill(&Query::field("Value 1"), "204").await?;
        self.app.text_appears("3 of 214 chosen", SOON).await
    }

    async fn send_trigger(&self) -> Outcome {
        self.app.press_button("Send to 3 devices").await?;
        self.app.text_appears("3 of 3 accepted", SOON).await
    }

    async fn claims(&self) -> Outcome {
        self.app.click(&Query::tab("Token")).await?;
        self.app.text_appears("Signature not checked", SOON).await?;
        self.app.text_appears("Issued at", SOON).await
    }

    async fn activity(&self) -> Outcome {
        self.app.click(&Query::tab("Activity")).await?;
        self.app.text_appears("3 of 3 requests accepted", SOON).await?;
        self.app.text_appears("Login started", SOON).await
    }

    async fn device_info(&self) -> Outcome {
        self.app.click(&Query::tab("Actions")).await?;
        self.app.press_button("Device info").await?;
        self.app.narrow_and_choose(&Query::field("Device"), DEVICES[0]).await?;
        self.app.press("Escape").await?;
        self.app.text_appears("Where that is", SOON).await?;
        self.app.text_appears("Last connected", SOON).await
    }

    /// A spreadsheet of two thousand rooms, of which some have no device any more.
    async fn targets_of_a_table(&self) -> Outcome {
        self.app.press_button("Send trigger").await?;
        self.app.press_button("From a CSV...").await?;
        self.app.click(&Query::field("Table")).await?;
        let paste = "const data = new DataTransfer(); data.setData('text/plain', arguments[0]); \
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))";
        self.app.execute(paste, vec![table().into()]).await?;
        self.app.text_appears("2,000 rows can be sent", SOON).await
    }

    async fn run_asked(&self) -> Outcome {
        self.app.press_button("Use 2,000 rows").await?;
        self.app.press_button("Send to 2,000 devices").await?;
        self.app.text_appears("2,000 requests will be made", SOON).await?;
        self.app.text_appears("target_device_ids", SOON).await
    }

    async fn run_of_2000(&self) -> Outcome {
        self.app.press("Ctrl+Enter").await?;
        self.app.text_appears("Retry the 40 that failed", LONG).await
    }

    async fn runs(&self) -> Outcome {
        self.app.press_button("Back to the form").await?;
        self.app.press("Alt+R").await?;
        self.app.text_appears("1,960 accepted, 40 failed", SOON).await
    }

    /// The same screens in the other theme.
    async fn go_dark(&mut self) {
        steps!(self: "dark-theme" choose_dark);
        for (name, tab, text) in [
            ("dark-actions", "Actions", "Send trigger"),
            ("dark-claims", "Token", "Signature not checked"),
            ("dark-exchanges", "Activity", "Export as HAR"),
            ("dark-activity", "What happened", "1,960 of 2,000 requests accepted"),
        ] {
            let start = Instant::now();
            let outcome = self.show(tab, text).await;
            self.conclude(name, start, outcome).await;
        }
        steps!(self: "dark-run" show_run "dark-add-connection" show_add_connection);
    }

    /// The run again, on the page of all runs.
    async fn show_run(&self) -> Outcome {
        self.app.press("Alt+R").await?;
        self.app.click(&Query::button("Send trigger 2,000 targets")).await?;
        self.app.press_button("Failed 40").await?;
        self.app.text_appears("Retry the 40 that failed", SOON).await
    }

    async fn choose_dark(&self) -> Outcome {
        self.app.press("Ctrl+K").await?;
        self.app.focus_on("Find or run").await?;
        self.app.type_text("dark").await?;
        self.app.find(&Query::option("Use the dark theme")).await?;
        self.app.press("Enter").await?;
        self.app.gone(&Query::field("Find or run")).await?;
        self.app.press("Alt+1").await
    }

    async fn show(&self, tab: &str, text: &str) -> Outcome {
        self.app.click(&Query::tab(tab)).await?;
        self.app.text_appears(text, SOON).await
    }

    async fn show_add_connection(&self) -> Outcome {
        self.app.press("Ctrl+N").await?;
        self.app.text_appears("Nothing is sent until you log in", SOON).await
    }

    /// Takes the step's picture, also of a failed one, and tells how it went.
    async fn conclude(&mut self, name: &str, start: Instant, outcome: Outcome) {
        self.taken += 1;
        // What moves comes to rest first: a list that closes, a countdown that turns.
        tokio::time::sleep(Duration::from_millis(350)).await;
        let picture = self.app.screenshot(&self.picture(name)).await;
        match outcome.and(picture) {
            Ok(()) => (self.tell)(&format!("ok  {name}  ({:.1} s)", start.elapsed().as_secs_f64())),
            Err(why) => {
                self.failed += 1;
                (self.tell)(&format!("FAILED {name}: {why}"));
            }
        }
    }

    fn picture(&self, name: &str) -> PathBuf {
        // Pictures a step takes by itself share the number that its own will have.
        let number = if name.starts_with("browser") { self.taken + 1 } else { self.taken };
        self.pictures.join(format!("{number:02}-{name}.png"))
    }
}

/// One row a room: the sandbox's hotel has 214 devices, numbered one after the other, and each fiftieth row names none of them.
fn table() -> String {
    const FIRST: u64 = 990_007_560_234_567;
    let rows = (1..=2000_u64).map(|room| {
        let device = if room % 50 == 0 { 990_007_569_000_000 + room } else { FIRST + room % 214 };
        format!("{device},{room}\n")
    });
    format!("device,room\n{}", rows.collect::<String>())
}
