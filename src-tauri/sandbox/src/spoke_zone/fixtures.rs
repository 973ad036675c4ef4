//! The vehicles of the Hillside hotel, and a few of its neighbour's: the same at every start.

/// The customer of the demo account.
pub(super) const CUSTOMER: u64 = 1;
pub(super) const OTHER_CUSTOMER: u64 = 2;

/// The device whose token the sandbox hands out.
pub(super) const DEMO_DEVICE: u64 = FIRST_DEVICE;
pub(super) const DEMO_CPU_ID: &str = "c0ffee0000000000";
pub(super) const DEMO_UUID: &str = "5a0c2e7e-0000-4000-8000-000000000000";
/// For a device to be created with; nothing in the fleet has it.
pub(super) const NEW_IDENTIFIER: &str = "HILLSIDE-CART-NEW";

const FIRST_DEVICE: u64 = 1001;

pub(super) struct Model {
    pub(super) id: u64,
    pub(super) name: &'static str,
    /// What begins the identifier and how many there are, for each customer.
    prefix: &'static str,
    counts: [u64; 2],
}

/// Names of MRS products, as models.
pub(super) const MODELS: [Model; 3] = [
    Model { id: 11, name: "NeuralPlex", prefix: "SHUTTLE", counts: [6, 2] },
    Model { id: 12, name: "FUSION", prefix: "CART", counts: [12, 3] },
    Model { id: 13, name: "MConn", prefix: "BOILER", counts: [3, 1] },
];

/// A device before anyone touched it.
pub(super) struct Seed {
    pub(super) id: u64,
    pub(super) customer: u64,
    pub(super) model: u64,
    pub(super) identifier: String,
    pub(super) cpu_id: String,
    pub(super) uuid: String,
}

pub(super) fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (customer, place) in [(CUSTOMER, "HILLSIDE"), (OTHER_CUSTOMER, "LAKESIDE")] {
        for model in &MODELS {
            let count = model.counts[if customer == CUSTOMER { 0 } else { 1 }];
            for number in 1..=count {
                let index = seeds.len() as u64;
                seeds.push(Seed {
                    id: FIRST_DEVICE + index,
                    customer,
                    model: model.id,
                    identifier: format!("{place}-{}-{number:02}", model.prefix),
                    cpu_id: format!("c0ffee{index:010x}"),
                    uuid: format!("5a0c2e7e-0000-4000-8000-{index:012x}"),
                });
            }
        }
    }
    seeds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_device_is_the_first() {
        let seed = &seeds()[0];
        assert_eq!((seed.id, seed.cpu_id.as_str(), seed.uuid.as_str()), (DEMO_DEVICE, DEMO_CPU_ID, DEMO_UUID));
    }
}
