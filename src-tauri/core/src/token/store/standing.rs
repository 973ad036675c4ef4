//! What this process knows of the places where secrets are kept.

use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

use super::place::Place;
use super::view::StoreState;
use crate::event::KeptIn;

pub(super) struct Standing(RwLock<Known>);

struct Known {
    chosen: Place,
    memory_only: bool,
    keychain: (StoreState, Option<String>),
    file_message: Option<String>,
}

impl Standing {
    pub fn new(chosen: Place, keychain: StoreState) -> Self {
        let known = Known { chosen, memory_only: false, keychain: (keychain, None), file_message: None };
        Self(RwLock::new(known))
    }

    pub fn kept_in(&self) -> KeptIn {
        let known = self.read();
        if known.memory_only { KeptIn::Memory } else { known.chosen.into() }
    }

    pub fn chosen(&self) -> Place {
        self.read().chosen
    }

    pub fn choose(&self, place: Place) {
        self.write().chosen = place;
    }

    pub fn use_memory_only(&self, only: bool) {
        self.write().memory_only = only;
    }

    pub fn keychain(&self) -> (StoreState, Option<String>) {
        self.read().keychain.clone()
    }

    pub fn saw_keychain(&self, state: StoreState, message: Option<String>) {
        self.write().keychain = (state, message);
    }

    pub fn file_message(&self) -> Option<String> {
        self.read().file_message.clone()
    }

    pub fn saw_file(&self, message: Option<String>) {
        self.write().file_message = message;
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
