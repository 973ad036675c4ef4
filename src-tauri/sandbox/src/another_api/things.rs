/// What the hotel owns, and where it stands.
pub(super) const THINGS: [(&str, &str); 12] = [
    ("Luggage trolley 1", "Lobby"),
    ("Luggage trolley 2", "Lobby"),
    ("Umbrella stand", "Lobby"),
    ("Grand piano", "Bar"),
    ("Espresso machine", "Bar"),
    ("Projector", "Banquet hall"),
    ("Folding chairs (120)", "Banquet hall"),
    ("Floor polisher", "Housekeeping"),
    ("Linen cart", "Housekeeping"),
    ("Pool robot", "Pool"),
    ("Lawn mower", "Garden"),
    ("Pallet truck", "Loading dock"),
];
