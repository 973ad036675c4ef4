//! Fetches a file: where it lies, and then its bytes.

use std::fs::File;
use std::io::Write;

use reqwest::header::LOCATION;
use url::Url;

use super::ask::Ask;
use super::carrier::Carrier;
use super::given::{Head, length_of_unsatisfied, name_of};
use super::hitch::Hitch;
use super::part::Part;
use super::view::TransferState;
use super::work::Work;
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::{Exchange, Given, NoAnswer};
use crate::provider::Download;
use crate::transport::{Opened, is_at, parse_url};

/// How often a server may send elsewhere.
const MOST_REDIRECTS: usize = 5;
/// What is written at once.
const BLOCK: usize = 256 * 1024;
/// After how much more it is kept how far it is, for another process.
const KEEP: u64 = 32 * 1024 * 1024;

type Step<T> = std::result::Result<T, Hitch>;

/// What was answered, by whom, and whether that is a server of the connection.
struct Asked {
    given: Given,
    url: Url,
    own: bool,
}

impl Work {
    /// Fetches what is not there yet, and gives the file its name.
    ///
    /// # Errors
    /// What needs a person.
    pub(super) async fn fetch(&mut self, carrier: &mut Carrier, download: &Download) -> Result<()> {
        // A link that was made before a rest may no longer be good. It is made anew once.
        let mut renewable = self.reached.before > 0;
        while !self.reached.file {
            self.steps_before(carrier, &download.steps).await?;
            carrier.work_in(TransferState::Running);
            match self.once(carrier, download).await {
                Ok(()) => self.reached.file = true,
                Err(Hitch::Over(error)) if renewable && is_gone(&error) => {
                    (renewable, self.reached.before) = (false, 0);
                }
                Err(hitch) => {
                    carrier.after(hitch).await?;
                    // So may one that was made before a wait.
                    renewable = self.reached.before > 0;
                }
            }
        }
        let part = self.reached.part.as_ref().ok_or_else(|| Error::new(ErrorCode::Internal, "Nothing was fetched."))?;
        let path = part.finish()?;
        carrier.live.change(|now| {
            now.name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (now.size, now.file) = (Some(now.done), Some(path.display().to_string()));
        });
        self.reached.part = None;
        Ok(())
    }

    /// Asks for what is missing and writes what comes.
    async fn once(&mut self, carrier: &Carrier, download: &Download) -> Step<()> {
        if self.reached.part.as_ref().is_some_and(|part| !part.is_there()) {
            // Somebody took it away.
            self.reached.part = None;
        }
        let part = self.reached.part.as_ref().filter(|part| part.done > 0);
        let ask = Ask::for_the_rest(part.and_then(|part| Some((part.done, part.validator.clone()?))));
        let Asked { given, url, own } = self.ask(carrier, download, &ask).await?;
        match given {
            Given::Open(opened) => {
                carrier.pace.answered();
                self.write(carrier, download, &ask, opened, &url).await
            }
            Given::Told(Exchange { answer, .. }) if answer.status == 416 && ask.from.is_some() => {
                let whole = length_of_unsatisfied(&answer.headers);
                let is_whole = |part: &Part| whole == Some(part.done) && part.total.is_none_or(|t| whole == Some(t));
                if self.reached.part.as_ref().is_some_and(is_whole) {
                    return Ok(());
                }
                self.begin_anew(carrier);
                Err(Hitch::Later(Error::new(ErrorCode::UnexpectedAnswer, "The server has not what is missing.")))
            }
            Given::Told(exchange) => {
                let provider = &self.order.account.provider;
                let judged = carrier.judge(provider, Ok(exchange), true);
                // What another server asks for holds up nothing else.
                judged.map_err(|hitch| if own { hitch } else { hitch.of_this_alone() })?;
                Err(Hitch::Over(Error::new(ErrorCode::UnexpectedAnswer, "The server gave no file.")))
            }
        }
    }

    /// Asks where the file is, and where that sends to. The token goes to the connection's own servers only, and no more
    /// once one of them has sent elsewhere (security.md H1, H2).
    async fn ask(&self, carrier: &Carrier, download: &Download, ask: &Ask) -> Step<Asked> {
        let account = &self.order.account;
        let mut prepared = carrier.means.desk.prepare(&self.order, &download.request, &self.reached.taken).await?;
        prepared.accept = "*/*";
        let is_own = |url: &Url| is_at(url, &account.owner.origins);
        let mut own = is_own(&prepared.url);
        for _ in 0..=MOST_REDIRECTS {
            let given = if own {
                carrier.turn().await;
                carrier.means.sender.open(account, &prepared, ask).await
            } else {
                account.may_ask(&prepared.url)?;
                carrier.means.sender.open_elsewhere(account, &prepared.url, ask).await
            };
            let given = given.map_err(|NoAnswer { error, .. }| Hitch::from(error))?;
            let next = match &given {
                Given::Told(Exchange { answer, .. }) if (300..400).contains(&answer.status) => {
                    answer.headers.get(LOCATION).and_then(|value| value.to_str().ok())
                }
                _ => None,
            };
            let Some(next) = next else { return Ok(Asked { given, url: prepared.url, own }) };
            let next = prepared.url.join(next).map_err(|_| nowhere("an address that is none"))?;
            let next = parse_url(next.as_str()).map_err(|_| nowhere("an address that is not safe"))?;
            if prepared.url.scheme() == "https" && next.scheme() != "https" {
                return Err(nowhere("an address without encryption").into());
            }
            own &= is_own(&next);
            prepared.url = next;
        }
        Err(nowhere("one address after the other").into())
    }

    async fn write(
        &mut self,
        carrier: &Carrier,
        download: &Download,
        ask: &Ask,
        mut opened: Opened,
        url: &Url,
    ) -> Step<()> {
        let head = Head::of(opened.status(), opened.headers());
        let head = head.ok_or_else(|| unusable("It gives a part of the file and does not say which."))?;
        if head.is_compressed {
            return Err(unusable("It sends the file compressed, which it was not asked for.").into());
        }
        let wanted = ask.from.as_ref().map_or(0, |(from, _)| *from);
        if head.from != 0 && head.from != wanted {
            return Err(unusable("It gives another part of the file than it was asked for.").into());
        }
        let known = self.reached.part.as_ref().filter(|_| head.from != 0);
        if known.is_some_and(|part| !head.is_of(part.validator.as_ref(), part.total)) {
            self.begin_anew(carrier);
            return Err(Hitch::Later(unusable("It gives a part of another file.")));
        }
        if head.from == 0 {
            // All of it: because it is another file now, or because the server knows no parts.
            self.begin_anew(carrier);
        }
        if self.reached.part.is_none() {
            let given = download.name.as_ref().map(|name| self.order.text(name, &self.reached.taken)).transpose()?;
            let name = name_of(opened.headers(), given.as_deref(), url);
            self.reached.part = Some(Part::begin(&self.to, &carrier.means.paths, &name)?);
        }
        if let Some(part) = self.reached.part.as_mut().filter(|_| head.from == 0) {
            (part.validator, part.total) = (head.validator, head.total);
        }
        // So that it is found again, whatever becomes of this process.
        self.keep();
        let Some(part) = &self.reached.part else { return Ok(()) };
        carrier.live.change(|now| (now.name, now.size) = (part.name().to_owned(), part.total));
        carrier.live.lies(&part.path);
        let (mut file, total, mut kept) = (part.open()?, part.total, part.done);
        let mut block = Vec::with_capacity(BLOCK);
        let ended = loop {
            match opened.piece().await {
                Ok(Some(piece)) => block.extend_from_slice(&piece),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
            if block.len() >= BLOCK {
                self.put(&mut file, &mut block, carrier)?;
            }
            if self.done() - kept >= KEEP {
                self.keep();
                kept = self.done();
            }
        };
        self.put(&mut file, &mut block, carrier)?;
        ended?;
        if total.is_some_and(|total| total != self.done()) {
            return Err(Error::new(ErrorCode::NoReply, "The file ended too early.").into());
        }
        tokio::task::spawn_blocking(move || file.sync_all())
            .await
            .map_err(|fault| Error::of_task("write the file", &fault))?
            .map_err(Error::not_written)?;
        Ok(())
    }

    /// Writes a block. Not in a task of its own: a rest must not leave a write under way behind.
    fn put(&mut self, file: &mut File, block: &mut Vec<u8>, carrier: &Carrier) -> Result<()> {
        file.write_all(block).map_err(Error::not_written)?;
        if let Some(part) = &mut self.reached.part {
            part.done += block.len() as u64;
            carrier.live.reached(part.done);
        }
        block.clear();
        Ok(())
    }

    /// Forgets what was fetched; the file of it stays, and is written over.
    fn begin_anew(&mut self, carrier: &Carrier) {
        if let Some(part) = &mut self.reached.part {
            (part.done, part.validator, part.total) = (0, None, None);
        }
        carrier.live.reached(0);
    }
}

/// Whether a server no longer knows something, or gives it to others only: so ends a link.
fn is_gone(error: &Error) -> bool {
    matches!(error.code, ErrorCode::Refused | ErrorCode::NoPermission | ErrorCode::NotFound)
}

fn nowhere(what: &str) -> Error {
    unusable(&format!("It sends to {what}."))
}

fn unusable(what: &str) -> Error {
    Error::new(ErrorCode::UnexpectedAnswer, format!("The server gives no file that can be fetched. {what}"))
}
