//! Topic names and topic filters (MQTT 3.1.1 section 4.7). The library has a reading of its own, which a topic that begins
//! with a letter outside ASCII ends by a panic.

/// In bytes, as UTF-8 (section 1.5.3).
const LONGEST: usize = 65_535;

/// Whether something can be published under it.
pub fn is_topic(text: &str) -> bool {
    is_text(text) && !text.contains(['+', '#'])
}

/// Whether it can be subscribed to.
pub fn is_filter(text: &str) -> bool {
    let levels = text.split('/').count();
    let good = |(at, level): (usize, &str)| match level {
        "+" => true,
        "#" => at + 1 == levels,
        level => !level.contains(['+', '#']),
    };
    is_text(text) && text.split('/').enumerate().all(good)
}

/// Sections 4.7.3 and 1.5.3: not empty, not too long, no null character.
fn is_text(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && !text.contains('\0')
}

/// Whether a topic is among those that a filter means.
pub fn matches(topic: &str, filter: &str) -> bool {
    // Section 4.7.2: what is the server's own is heard by its name only.
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let (mut topic, mut filter) = (topic.split('/'), filter.split('/'));
    loop {
        match (topic.next(), filter.next()) {
            // Also the level above.
            (_, Some("#")) | (None, None) => return true,
            (Some(_), Some("+")) => {}
            (Some(level), Some(wanted)) if level == wanted => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_and_filters_are_those_of_the_standard() {
        for good in ["a", "/", "a/b c", "/finance", "é/😀", "$SYS/x"] {
            assert!(is_topic(good), "{good}");
        }
        for bad in ["", "a/+", "#", "a\0"] {
            assert!(!is_topic(bad), "{bad}");
        }
        assert!(!is_topic(&"x".repeat(65_536)));
        for good in ["#", "+", "a/#", "+/a/#", "/+", "a/+/b", "é/+"] {
            assert!(is_filter(good), "{good}");
        }
        for bad in ["", "a#", "#/a", "a/#/b", "a+", "+a", "a/b+/c", "a\0/#"] {
            assert!(!is_filter(bad), "{bad}");
        }
    }

    #[test]
    fn a_filter_means_the_topics_of_the_standard() {
        for (topic, filter) in [
            ("sport/tennis/player1", "sport/tennis/player1/#"),
            ("sport", "sport/#"),
            ("sport/tennis/x", "sport/+/x"),
            ("/finance", "+/+"),
            ("/finance", "/+"),
            ("é/ü", "+/ü"),
            ("$SYS/monitor", "$SYS/#"),
            ("a//b", "a/+/b"),
        ] {
            assert!(matches(topic, filter), "{topic} {filter}");
        }
        for (topic, filter) in [
            ("sport/tennis/x/y", "sport/tennis/+"),
            ("sport", "sport/+"),
            ("/finance", "+"),
            ("$SYS/monitor", "#"),
            ("$SYS/monitor", "+/monitor"),
            ("é", "e"),
            ("a", "a/b"),
        ] {
            assert!(!matches(topic, filter), "{topic} {filter}");
        }
    }
}
