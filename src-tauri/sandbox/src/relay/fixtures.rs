//! A small hotel, the Hillside, with Relay devices: the same at every start.

/// "Default Subscriber" in seed 0.
pub(crate) const SUBSCRIBER_ID: &str = "ee4547e0-aaef-4956-b853-ad0123456789";

/// providers.md §1.3: a device id is a 15-digit IMEI; seed 0's begin so.
const FIRST_DEVICE: u64 = 990_007_560_234_567;

/// Devices of people and places; the rooms come after them.
const NAMES: [&str; 34] = [
    "Front desk",
    "Porter 1",
    "Porter 2",
    "Porter 3",
    "Concierge",
    "Duty manager",
    "Night manager",
    "Valet 1",
    "Valet 2",
    "Housekeeping lead",
    "Housekeeping 1",
    "Housekeeping 2",
    "Housekeeping 3",
    "Housekeeping 4",
    "Housekeeping 5",
    "Laundry",
    "Maintenance 1",
    "Maintenance 2",
    "Boiler room",
    "Security 1",
    "Security 2",
    "Pool",
    "Spa",
    "Gym",
    "Kitchen",
    "Kitchen pass",
    "Restaurant 1",
    "Restaurant 2",
    "Bar",
    "Room service",
    "Banquet hall",
    "Loading dock",
    "Garage",
    "Garden",
];
const ROOMS_A_FLOOR: u64 = 36;

/// Who carries the first devices, in their order.
pub(super) const PEOPLE: [&str; 12] = [
    "Amara Okafor",
    "Ben Castillo",
    "Chloe Nguyen",
    "Darius Webb",
    "Elena Petrova",
    "Farid Haddad",
    "Grace Lindqvist",
    "Hugo Marchetti",
    "Ines Duarte",
    "Jonas Weber",
    "Keiko Tanaka",
    "Liam Byrne",
];

/// A group and the part of the name that puts a device in it.
pub(super) struct Group {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    members: &'static [&'static str],
}

pub(super) const GROUPS: [Group; 5] = [
    Group {
        id: "grp_front_of_house",
        name: "Front of house",
        members: &["Front desk", "Porter", "Concierge", "manager", "Valet"],
    },
    Group { id: "grp_housekeeping", name: "Housekeeping", members: &["Housekeeping", "Laundry"] },
    Group { id: "grp_engineering", name: "Engineering", members: &["Maintenance", "Boiler", "Garage", "Loading"] },
    Group {
        id: "grp_food_and_drink",
        name: "Food and drink",
        members: &["Kitchen", "Restaurant", "Bar", "Room service", "Banquet"],
    },
    Group { id: "grp_rooms", name: "Rooms", members: &["Room 1", "Room 2", "Room 3", "Room 4", "Room 5"] },
];

impl Group {
    pub(super) fn holds(&self, device_name: &str) -> bool {
        self.members.iter().any(|member| device_name.contains(member))
    }
}

pub(super) fn device_id(index: u64) -> String {
    (FIRST_DEVICE + index).to_string()
}

/// The place of a device in the list, if it is one of the hotel's, which has so many.
pub(super) fn device_index(id: &str, devices: u64) -> Option<u64> {
    let index = id.parse::<u64>().ok()?.checked_sub(FIRST_DEVICE)?;
    (index < devices && device_id(index) == id).then_some(index)
}

pub(super) fn device_name(index: u64) -> String {
    match usize::try_from(index).ok().and_then(|index| NAMES.get(index)) {
        Some(name) => (*name).to_owned(),
        None => {
            let room = index - NAMES.len() as u64;
            let (floor, door) = (room / ROOMS_A_FLOOR + 1, room % ROOMS_A_FLOOR + 1);
            format!("Room {floor}{door:02}")
        }
    }
}

/// A number that looks drawn but is the same at every start.
pub(super) fn vary(index: u64, salt: u64, below: u64) -> u64 {
    let mixed = (index + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(salt.wrapping_mul(0xBF58_476D_1CE4_E5B9));
    ((mixed ^ (mixed >> 29)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 20) % below
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_device_has_an_id_and_a_name_of_its_own() {
        let ids: BTreeSet<_> = (0..2000).map(device_id).collect();
        let names: BTreeSet<_> = (0..2000).map(device_name).collect();
        assert_eq!((ids.len(), names.len()), (2000, 2000));
        assert!(ids.iter().all(|id| id.len() == 15));
        assert!(names.contains("Room 118") && names.contains("Front desk"));
    }

    #[test]
    fn only_the_hotels_devices_are_known() {
        assert_eq!(device_index("990007560234567", 214), Some(0));
        for id in ["", "x", "990007560234566", "990007560234781", "+990007560234567"] {
            assert_eq!(device_index(id, 214), None, "{id}");
        }
    }
}
