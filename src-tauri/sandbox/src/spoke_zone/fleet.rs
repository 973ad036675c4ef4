use std::sync::{Mutex, MutexGuard, PoisonError};

use super::fixtures::{MODELS, Seed, seeds};
use super::problem::Problem;

/// Bounds for a sandbox left running for days.
const MOST_DEVICES: usize = 10_000;

/// A device. Its fields: providers.md §3, POST `/api/v2/devices`.
#[derive(Debug, Clone)]
pub(super) struct Device {
    pub(super) id: u64,
    pub(super) customer: u64,
    pub(super) identifier: String,
    pub(super) model: Option<u64>,
    pub(super) oem: Option<u64>,
    /// 1 is active, 3 is disabled. What a disabled device may not do is UNVERIFIED; here it may all.
    pub(super) status: u64,
    pub(super) serial_number: Option<String>,
    pub(super) cpu_id: Option<String>,
    pub(super) uuid: String,
    pub(super) user_identifier: Option<String>,
    /// Whether it was ever online: those created here were not.
    pub(super) seen: bool,
}

impl Device {
    /// The name of a device is its model's (providers.md §3).
    pub(super) fn name(&self) -> Option<&'static str> {
        MODELS.iter().find(|model| Some(model.id) == self.model).map(|model| model.name)
    }
}

impl From<Seed> for Device {
    fn from(seed: Seed) -> Self {
        Self {
            serial_number: Some(format!("SN{:07}", 4_200_000 + seed.id)),
            id: seed.id,
            customer: seed.customer,
            identifier: seed.identifier,
            model: Some(seed.model),
            oem: None,
            status: 1,
            cpu_id: Some(seed.cpu_id),
            uuid: seed.uuid,
            user_identifier: None,
            seen: true,
        }
    }
}

/// All devices of all customers.
pub(super) struct Fleet(Mutex<Vec<Device>>);

impl Default for Fleet {
    fn default() -> Self {
        Self(Mutex::new(seeds().into_iter().map(Device::from).collect()))
    }
}

impl Fleet {
    pub(super) fn all(&self) -> Vec<Device> {
        self.devices().clone()
    }

    pub(super) fn find(&self, id: u64) -> Option<Device> {
        self.devices().iter().find(|device| device.id == id).cloned()
    }

    /// As the path of a request names it.
    pub(super) fn named(&self, id: &str) -> Result<Device, Problem> {
        let found = id.parse().ok().and_then(|id| self.find(id));
        found.ok_or_else(|| Problem::not_found("device", id))
    }

    /// Enters a device under an id of its own. Its identifier and UUID must be (providers.md §3).
    pub(super) fn enter(&self, mut device: Device) -> Result<Device, Problem> {
        let mut devices = self.devices();
        if devices.iter().any(|known| known.identifier == device.identifier) {
            return Err(Problem::invalid("identifier", "Another device has this identifier"));
        }
        if devices.iter().any(|known| known.uuid == device.uuid) {
            return Err(Problem::invalid("uuid", "Another device has this UUID"));
        }
        if devices.len() >= MOST_DEVICES {
            return Err(Problem::invalid_operation("The sandbox holds no more devices"));
        }
        device.id = devices.iter().map(|known| known.id).max().unwrap_or_default() + 1;
        devices.push(device.clone());
        Ok(device)
    }

    fn devices(&self) -> MutexGuard<'_, Vec<Device>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
