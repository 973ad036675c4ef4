/// What a token may do: the ACL of its user (providers.md §5.1).
///
/// `*` stands for one word or a part of it, `#` for any number of words, `!` before it forbids; `me`
/// is one's own UUID too, `my_session` one's session's.
pub(super) struct Access<'a> {
    acl: &'a [&'a str],
    user: &'a str,
    session: &'a str,
}

impl<'a> Access<'a> {
    pub(super) fn new(acl: &'a [&'a str], user: &'a str, session: &'a str) -> Self {
        Self { acl, user, session }
    }

    pub(super) fn allows(&self, required: &str) -> bool {
        let forbidden = self.acl.iter().filter_map(|access| access.strip_prefix('!'));
        let mut allowed = self.acl.iter().filter(|access| !access.starts_with('!'));
        !forbidden.into_iter().any(|access| self.matches(access, required))
            && allowed.any(|access| self.matches(access, required))
    }

    fn matches(&self, access: &str, required: &str) -> bool {
        let mut meant = vec![String::new()];
        for (index, word) in access.split('.').enumerate() {
            let dot = if index == 0 { "" } else { "." };
            let words = match word {
                "me" => vec![word, self.user],
                "my_session" => vec![word, self.session],
                _ => vec![word],
            };
            meant =
                meant.iter().flat_map(|known| words.iter().map(move |word| format!("{known}{dot}{word}"))).collect();
        }
        meant.iter().any(|pattern| fits(pattern.as_bytes(), required.as_bytes()))
    }
}

fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'#', rest)) => (0..=text.len()).any(|length| fits(rest, &text[length..])),
        Some((b'*', rest)) => {
            let word = text.iter().take_while(|byte| !b".#".contains(byte)).count();
            (0..=word).any(|length| fits(rest, &text[length..]))
        }
        Some((byte, rest)) => text.first() == Some(byte) && fits(rest, &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_matched_as_wazo_matches_them() {
        let acl = ["auth.users.me.#", "confd.*.read", "!confd.secret.read"];
        let access = Access::new(&acl, "u1", "s1");
        for required in ["auth.users.me.tokens.read", "auth.users.u1.read", "confd.infos.read"] {
            assert!(access.allows(required), "{required}");
        }
        for required in ["auth.users.u2.read", "auth.users.me", "confd.a.b.read", "confd.secret.read", ""] {
            assert!(!access.allows(required), "{required}");
        }
        assert!(Access::new(&["#"], "u1", "s1").allows("anything.at.all"));
        assert!(Access::new(&["a.my_session.delete"], "u1", "s1").allows("a.s1.delete"));
    }
}
