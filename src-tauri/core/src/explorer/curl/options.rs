//! The options of curl that mean something here, and those that are left out with their values.

/// What an option does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    Method,
    Header,
    Data,
    /// As `--data`, but an `@` at its beginning is no file.
    RawData,
    EncodedData,
    Json,
    Part,
    /// As `--form`, but its value is always a text.
    TextPart,
    Get,
    Head,
    Cookie,
    Credential,
    UserAgent,
    Referer,
    Range,
    Url,
    Query,
    Follow,
    /// Of how the command shows things: nothing is lost without it.
    Nothing,
    /// It is not taken, and has a value.
    LeftOut,
    /// It is not taken, and has none.
    LeftOutFlag,
    Insecure,
}

impl Does {
    /// Whether a value follows.
    pub fn has_value(self) -> bool {
        !matches!(self, Self::Get | Self::Head | Self::Follow | Self::Nothing | Self::LeftOutFlag | Self::Insecure)
    }
}

/// By its letter and its long name.
const KNOWN: &[(Option<char>, &str, Does)] = &[
    (Some('X'), "request", Does::Method),
    (Some('H'), "header", Does::Header),
    (Some('d'), "data", Does::Data),
    (None, "data-ascii", Does::Data),
    (None, "data-binary", Does::Data),
    (None, "data-raw", Does::RawData),
    (None, "data-urlencode", Does::EncodedData),
    (None, "json", Does::Json),
    (Some('F'), "form", Does::Part),
    (None, "form-string", Does::TextPart),
    (Some('G'), "get", Does::Get),
    (Some('I'), "head", Does::Head),
    (Some('b'), "cookie", Does::Cookie),
    (Some('u'), "user", Does::Credential),
    (Some('U'), "proxy-user", Does::Credential),
    (None, "oauth2-bearer", Does::Credential),
    (None, "aws-sigv4", Does::Credential),
    (Some('E'), "cert", Does::Credential),
    (None, "key", Does::Credential),
    (Some('A'), "user-agent", Does::UserAgent),
    (Some('e'), "referer", Does::Referer),
    (Some('r'), "range", Does::Range),
    (None, "url", Does::Url),
    (None, "url-query", Does::Query),
    (Some('L'), "location", Does::Follow),
    (Some('k'), "insecure", Does::Insecure),
    (Some('s'), "silent", Does::Nothing),
    (Some('S'), "show-error", Does::Nothing),
    (Some('v'), "verbose", Does::Nothing),
    (Some('i'), "include", Does::Nothing),
    (Some('i'), "show-headers", Does::Nothing),
    (Some('f'), "fail", Does::Nothing),
    (None, "fail-with-body", Does::Nothing),
    (Some('#'), "progress-bar", Does::Nothing),
    (Some('N'), "no-buffer", Does::Nothing),
    (Some('O'), "remote-name", Does::Nothing),
    (Some('J'), "remote-header-name", Does::Nothing),
    (Some('g'), "globoff", Does::Nothing),
    (None, "compressed", Does::Nothing),
    (None, "http1.1", Does::Nothing),
    (None, "http2", Does::Nothing),
    (None, "path-as-is", Does::LeftOutFlag),
    (None, "location-trusted", Does::LeftOutFlag),
    (Some('q'), "disable", Does::Nothing),
    (Some('n'), "netrc", Does::LeftOutFlag),
    (Some('T'), "upload-file", Does::LeftOut),
    (Some('K'), "config", Does::LeftOut),
    (Some('o'), "output", Does::LeftOut),
    (Some('m'), "max-time", Does::LeftOut),
    (None, "connect-timeout", Does::LeftOut),
    (Some('x'), "proxy", Does::LeftOut),
    (Some('w'), "write-out", Does::LeftOut),
    (Some('c'), "cookie-jar", Does::LeftOut),
    (Some('D'), "dump-header", Does::LeftOut),
    (Some('C'), "continue-at", Does::LeftOut),
    (Some('z'), "time-cond", Does::LeftOut),
    (Some('y'), "speed-time", Does::LeftOut),
    (Some('Y'), "speed-limit", Does::LeftOut),
    (None, "retry", Does::LeftOut),
    (None, "retry-delay", Does::LeftOut),
    (None, "retry-max-time", Does::LeftOut),
    (None, "max-redirs", Does::LeftOut),
    (None, "max-filesize", Does::LeftOut),
    (None, "limit-rate", Does::LeftOut),
    (None, "rate", Does::LeftOut),
    (None, "cacert", Does::LeftOut),
    (None, "capath", Does::LeftOut),
    (None, "cert-type", Does::LeftOut),
    (None, "key-type", Does::LeftOut),
    (None, "ciphers", Does::LeftOut),
    (None, "pass", Does::Credential),
    (None, "pinnedpubkey", Does::LeftOut),
    (None, "tls-max", Does::LeftOut),
    (None, "resolve", Does::LeftOut),
    (None, "connect-to", Does::LeftOut),
    (None, "dns-servers", Does::LeftOut),
    (None, "interface", Does::LeftOut),
    (None, "noproxy", Does::LeftOut),
    (None, "proxy-header", Does::LeftOut),
    (None, "preproxy", Does::LeftOut),
    (None, "request-target", Does::LeftOut),
    (None, "unix-socket", Does::LeftOut),
    (None, "abstract-unix-socket", Does::LeftOut),
    (None, "netrc-file", Does::LeftOut),
    (None, "stderr", Does::LeftOut),
    (None, "trace", Does::LeftOut),
    (None, "trace-ascii", Does::LeftOut),
    (None, "variable", Does::LeftOut),
    (None, "proto", Does::LeftOut),
    (None, "proto-default", Does::LeftOut),
    (None, "etag-save", Does::LeftOut),
    (None, "etag-compare", Does::LeftOut),
    (None, "output-dir", Does::LeftOut),
];

/// The option with this long name. One that is not known is taken for one without a value.
pub fn long(name: &str) -> Does {
    KNOWN.iter().find(|(_, long, _)| *long == name).map_or(Does::LeftOutFlag, |(.., does)| *does)
}

/// The option with this letter.
pub fn short(letter: char) -> Does {
    KNOWN.iter().find(|(short, ..)| *short == Some(letter)).map_or(Does::LeftOutFlag, |(.., does)| *does)
}
