//! The places by name, as the move from one to the other needs them, and what each use says of them.

use super::place::{Choice, ChoiceFile, Place};
use super::{FileStore, Keychain, SecretStore, StoreState};
use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;

/// Whether what a place holds can be read now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::token) enum Reach {
    Open,
    Closed,
    /// It is not there, so it holds nothing.
    Nothing,
}

impl SecretStore {
    /// The place that is written down, as it is now: another process may have been told otherwise by the person.
    pub(crate) fn follow(&self) -> Place {
        if let Some(choice) = self.choice.as_ref().and_then(ChoiceFile::get) {
            self.standing.choose(choice.kept_in);
        }
        self.chosen()
    }

    pub(crate) fn chosen(&self) -> Place {
        self.standing.chosen()
    }

    /// From now on it is this place, also for other processes and the next start.
    pub(in crate::token) fn choose(&self, place: Place, left_behind: bool) -> Result<()> {
        if let Some(file) = &self.choice {
            file.set(&Choice::new(place, left_behind))?;
        }
        self.standing.choose(place);
        self.use_chosen();
        Ok(())
    }

    pub(in crate::token) async fn reach(&self, place: Place) -> Reach {
        match place {
            Place::File => match self.file.as_ref().map(FileStore::state) {
                Some(StoreState::Ready) => Reach::Open,
                Some(StoreState::Locked) => Reach::Closed,
                _ => Reach::Nothing,
            },
            Place::Keychain => match self.try_keychain().await {
                Ok(()) => Reach::Open,
                Err(error) if error.code == ErrorCode::KeychainAbsent => Reach::Nothing,
                Err(_) => Reach::Closed,
            },
        }
    }

    pub(in crate::token) async fn read_in(&self, place: Place, name: &str) -> Result<Option<Secret>> {
        match place {
            Place::File => self.file()?.read(name).await.inspect_err(|error| self.saw_file_fail(error)),
            Place::Keychain => {
                let found = self.saw_keychain(self.keychain()?.read(name).await)?;
                if found.is_some() {
                    self.standing.saw_keychain(StoreState::Ready, None);
                }
                Ok(found)
            }
        }
    }

    pub(in crate::token) async fn write_in(&self, place: Place, name: &str, secret: &Secret) -> Result<()> {
        match place {
            Place::File => self.saw_file(self.file()?.write(name, secret).await)?,
            Place::Keychain => self.saw_keychain(self.keychain()?.write(name, secret).await)?,
        }
        match self.read_in(place, name).await? {
            Some(kept) if kept.same_as(secret.expose()) => Ok(()),
            _ => Err(lied(place)),
        }
    }

    pub(in crate::token) async fn delete_in(&self, place: Place, name: &str) -> Result<()> {
        match place {
            Place::File => self.saw_file(self.file()?.delete(name).await),
            Place::Keychain => self.saw_keychain(self.keychain()?.delete(name).await),
        }
    }

    /// Deletes what was left in the place that is not used, as far as it is within reach now; else when the person goes back
    /// there.
    pub(super) async fn delete_left_behind(&self, place: Place, name: &str) {
        let Some(file) = &self.choice else { return };
        let Some(mut choice) = file.get().filter(|choice| choice.left_behind) else { return };
        if self.delete_in(place.other(), name).await.is_err() && choice.to_delete.insert(name.to_owned()) {
            // The worst that comes of it is that a person who goes back finds a token that they logged out.
            let _ = file.set(&choice);
        }
    }

    /// The person goes back to `place`: what was logged out since must not come back with it.
    pub(in crate::token) async fn delete_what_is_owed(&self, place: Place) -> Result<()> {
        let choice = self.choice.as_ref().and_then(ChoiceFile::get);
        for name in choice.into_iter().flat_map(|choice| choice.to_delete) {
            self.delete_in(place, &name).await?;
        }
        Ok(())
    }

    pub(super) fn file(&self) -> Result<&FileStore> {
        let none = || Error::new(ErrorCode::StoreFailed, "There is no folder for a file of secrets.");
        self.file.as_ref().ok_or_else(none)
    }

    /// The keychain, where there is one. Locked and silent may have passed: it is asked.
    fn keychain(&self) -> Result<&Keychain> {
        match (&self.keychain, self.standing.keychain()) {
            (Some(_), (StoreState::Absent, Some(message))) => Err(Error::new(ErrorCode::KeychainAbsent, message)),
            (Some(keychain), _) => Ok(keychain),
            (None, _) => Err(no_keychain()),
        }
    }

    fn saw_keychain<T>(&self, outcome: Result<T>) -> Result<T> {
        outcome.inspect_err(|error| {
            if error.code != ErrorCode::KeychainFailed {
                self.saw_keychain_fail(error);
            }
        })
    }

    pub(super) fn saw_keychain_fail(&self, error: &Error) {
        self.standing.saw_keychain(StoreState::of_keychain(error.code), Some(error.message.clone()));
    }

    pub(super) fn saw_file<T>(&self, outcome: Result<T>) -> Result<T> {
        outcome.inspect(|_| self.standing.saw_file(None)).inspect_err(|error| self.saw_file_fail(error))
    }

    /// That the passphrase is needed, or was typed wrong, says nothing of the file.
    fn saw_file_fail(&self, error: &Error) {
        if error.code == ErrorCode::StoreFailed {
            self.standing.saw_file(Some(error.message.clone()));
        }
    }
}

pub(super) fn no_keychain() -> Error {
    Error::new(ErrorCode::KeychainAbsent, "This machine has no keychain.")
}

pub(super) fn lied(place: Place) -> Error {
    match place {
        Place::Keychain => Error::new(ErrorCode::KeychainFailed, "The keychain gave back other than it was given."),
        Place::File => Error::new(ErrorCode::StoreFailed, "The file of secrets gave back other than it was given."),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex};

    use super::super::split::Items;
    use serde_json::json;

    use super::*;
    use crate::clock::SystemClock;
    use crate::event::Events;
    use crate::event::KeptIn;
    use crate::paths::Paths;
    use crate::token::{TokenSet, Tokens};
    use crate::transport::Transport;

    /// A keychain that says whatever it is given is written.
    #[derive(Default, Clone)]
    struct Stub {
        items: Arc<Mutex<HashMap<String, String>>>,
        loses: bool,
        refuses: Option<ErrorCode>,
    }

    impl Items for Stub {
        fn limit(&self) -> usize {
            2560
        }

        fn get(&self, name: &str) -> Result<Option<Secret>> {
            match self.refuses {
                Some(code) => Err(Error::new(code, "refused")),
                None => Ok(self.items.lock().unwrap().get(name).map(Secret::new)),
            }
        }

        fn set(&self, name: &str, value: &str) -> Result<()> {
            if !self.loses {
                self.items.lock().unwrap().insert(name.to_owned(), value.to_owned());
            }
            Ok(())
        }

        fn delete(&self, name: &str) -> Result<()> {
            self.items.lock().unwrap().remove(name);
            Ok(())
        }
    }

    fn store(home: &tempfile::TempDir, stub: &Stub) -> SecretStore {
        let paths = Paths::under(home.path());
        paths.create().unwrap();
        let stub = stub.clone();
        SecretStore::new(Some(Keychain::start(Box::new(move || Ok(Box::new(stub.clone()))))), Some(&paths))
    }

    /// Written, and lost all the same: short and long, with an older value there and without.
    #[tokio::test]
    async fn e3_what_a_keychain_says_it_wrote_and_has_lost_is_not_called_kept() {
        let home = tempfile::tempdir().unwrap();
        for value in ["short".to_owned(), "long".repeat(2000)] {
            for older in [None, Some("older")] {
                let stub = Stub { loses: true, ..Stub::default() };
                let older = older.map(|older| stub.items.lock().unwrap().insert("c".to_owned(), older.to_owned()));
                let store = store(&home, &stub);
                let error = store.write("c", &Secret::new(&*value)).await.unwrap_err();
                assert_eq!(error.code, ErrorCode::KeychainFailed);
                let kept = store.read("c").await;
                assert!(older.is_none() || !matches!(kept, Ok(Some(kept)) if kept.same_as(&value)));
                assert_eq!(store.try_keychain().await.unwrap_err().code, ErrorCode::KeychainFailed);
                store.ready().unwrap_err();
            }
        }
    }

    #[tokio::test]
    async fn f3_a_keychain_that_fails_never_makes_the_file_the_place_by_itself() {
        let home = tempfile::tempdir().unwrap();
        for code in [ErrorCode::KeychainAbsent, ErrorCode::KeychainLocked, ErrorCode::KeychainFailed] {
            let store = store(&home, &Stub { refuses: Some(code), ..Stub::default() });
            store.look().await;
            store.ready().unwrap_err();
            assert_eq!(store.write("c", &Secret::new("token")).await.unwrap_err().code, code);
            assert_eq!(store.kept_in(), KeptIn::Keychain);
            assert!(!home.path().join("data/secrets-key.age").exists());
        }
    }

    #[tokio::test]
    async fn f13_what_was_logged_out_meanwhile_does_not_come_back_with_the_place_where_it_was_left() {
        let home = tempfile::tempdir().unwrap();
        let (store, passphrase) = (store(&home, &Stub::default()), Secret::new("correct horse"));
        store.open_or_make_file(&passphrase).await.unwrap();
        store.choose(Place::File, false).unwrap();
        for name in ["c", "d"] {
            store.write(name, &Secret::new("token")).await.unwrap();
        }
        store.lock_file();
        store.choose(Place::Keychain, true).unwrap();
        store.delete("c").await.unwrap();
        store.open_or_make_file(&passphrase).await.unwrap();
        store.delete_what_is_owed(Place::File).await.unwrap();
        assert!(store.read_in(Place::File, "c").await.unwrap().is_none());
        assert!(store.read_in(Place::File, "d").await.unwrap().is_some());
    }

    #[tokio::test]
    async fn f13_what_was_out_of_reach_when_the_person_left_it_is_deleted_with_the_rest_later() {
        let home = tempfile::tempdir().unwrap();
        let stub = Stub::default();
        let store = store(&home, &stub);
        store.write("c", &Secret::new("older")).await.unwrap();
        store.open_or_make_file(&Secret::new("correct horse")).await.unwrap();
        store.choose(Place::File, true).unwrap();
        store.write("c", &Secret::new("newer")).await.unwrap();
        assert!(store.read("c").await.unwrap().unwrap().same_as("newer"));
        store.delete("c").await.unwrap();
        assert!(stub.items.lock().unwrap().is_empty());
        assert!(store.read("c").await.unwrap().is_none());
    }

    /// The newer of two goes along, wherever it is.
    #[tokio::test]
    async fn f3_a_move_does_not_put_what_is_in_memory_only_over_a_newer_login_of_another_process() {
        let home = tempfile::tempdir().unwrap();
        let store = Arc::new(store(&home, &Stub::default()));
        store.open_or_make_file(&Secret::new("correct horse")).await.unwrap();
        let folder = |name: &str| {
            let folder = home.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            folder
        };
        let (events, redactor) = (Events::new(|_| ()), Arc::default());
        let (locks, journal) = (folder("locks"), folder("journal"));
        let tokens =
            Tokens::new(store.clone(), Arc::new(SystemClock), Transport::default(), redactor, events, locks, &journal);
        let set = |name: &str, at: &str| -> TokenSet {
            let (access, refresh) = (format!("access-{name}"), format!("refresh-{name}"));
            let bound = json!({ "origins": [] });
            let set = json!({
                "access_token": access, "refresh_token": refresh, "obtained_at": at, "logged_in_at": at, "bound": bound,
            });
            serde_json::from_value(set).unwrap()
        };
        let unkept = Arc::new(set("older", "2026-01-01T00:00:00Z"));
        tokens.slot("c").hold(&unkept, tokens.begin("c")).unwrap();
        store.write("c", &set("newer", "2026-01-01T00:01:00Z").to_json()).await.unwrap();
        tokens.move_to(Place::File, vec!["c".to_owned()], &[]).await.unwrap();
        assert_eq!(store.kept_in(), KeptIn::File);
        assert!(store.read("c").await.unwrap().unwrap().expose().contains("refresh-newer"));
    }
}
