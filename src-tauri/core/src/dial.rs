//! A stream to a broker: in TLS with the same certificate rules as HTTP, or without it to this machine only.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use url::Host;

use crate::error::{Error, ErrorCode, Result};
use crate::transport::{certificate_fault, is_loopback, parse_url, tls};

/// As long as the HTTP client gives a server.
const PATIENCE: Duration = Duration::from_secs(15);

/// Something that is read from and written to.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The address of a broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broker {
    tls: bool,
    host: Host<String>,
    port: u16,
}

impl Broker {
    /// Reads `mqtts://HOST[:PORT]`, or `mqtt://` to this machine (security.md A10).
    ///
    /// # Errors
    /// `invalid_input`.
    pub fn parse(text: &str) -> Result<Self> {
        let no = |what: &str| Error::new(ErrorCode::InvalidInput, what);
        let (tls, rest) = match text.trim().split_once("://") {
            Some(("mqtts", rest)) => (true, rest),
            Some(("mqtt", rest)) => (false, rest),
            _ => return Err(no("The address of a broker must be mqtts, or mqtt on this machine.")),
        };
        // Read as the address of a web server: of schemes that it does not know, the parser takes the host as it stands.
        let url = parse_url(&format!("https://{rest}"))?;
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(no("The address of a broker ends with its host and port."));
        }
        if !tls && !is_loopback(&url) {
            return Err(no("mqtt addresses are not used: it must be mqtts, or mqtt on this machine."));
        }
        // IANA's ports of MQTT. The parser leaves out the one that is usual for https.
        let usual = match rest.trim_end_matches('/').ends_with(":443") {
            true => 443,
            false if tls => 8883,
            false => 1883,
        };
        let host = url.host().ok_or_else(|| no("This address names no host."))?.to_owned();
        Ok(Self { tls, host, port: url.port().unwrap_or(usual) })
    }

    /// What a token is bound to (security.md F2, H2).
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.tls { "mqtts" } else { "mqtt" }, self.authority())
    }

    /// Host and port, as a person would name the server.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Connects. `ca` is the authority in PEM that is trusted beside those of this machine (security.md D1).
    ///
    /// # Errors
    /// `unreachable`, `tls_untrusted` or `tls_failed`; `invalid_input` of `ca` when it is no certificate.
    pub async fn dial(&self, ca: Option<&str>) -> Result<Box<dyn Stream>> {
        let too_slow = |_| {
            let what = format!("No answer from {}: it took too long to connect.", self.authority());
            Err(Error::new(ErrorCode::Unreachable, what))
        };
        tokio::time::timeout(PATIENCE, self.connect(ca)).await.unwrap_or_else(too_slow)
    }

    async fn connect(&self, ca: Option<&str>) -> Result<Box<dyn Stream>> {
        let name = match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let tcp = TcpStream::connect((name.as_str(), self.port)).await.map_err(|error| self.failure(&error))?;
        // Packets are small, and a person waits.
        tcp.set_nodelay(true).map_err(|error| self.failure(&error))?;
        if !self.tls {
            return Ok(Box::new(tcp));
        }
        let name = ServerName::try_from(name).map_err(|error| self.failure(&error))?;
        // It trusts whom the HTTP client trusts.
        let tls = TlsConnector::from(Arc::new(tls::config(tls::verifier(ca)?)?))
            .connect(name, tcp)
            .await
            .map_err(|error| self.failure(&error))?;
        Ok(Box::new(tls))
    }

    fn failure(&self, cause: &dyn std::error::Error) -> Error {
        let (host, cause) = (self.authority(), cause.to_string());
        certificate_fault(&host, &cause)
            .unwrap_or_else(|| Error::new(ErrorCode::Unreachable, format!("No answer from {host}: {cause}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a10_only_mqtts_and_mqtt_to_this_machine_are_let_through() {
        for (text, origin) in [
            ("mqtts://io.example", "mqtts://io.example:8883"),
            ("mqtts://io.example:443/", "mqtts://io.example:443"),
            ("mqtts://IO.example:1", "mqtts://io.example:1"),
            ("mqtt://127.0.0.1", "mqtt://127.0.0.1:1883"),
            ("mqtt://localhost:8181", "mqtt://localhost:8181"),
            ("mqtt://[::1]:1", "mqtt://[::1]:1"),
        ] {
            assert_eq!(Broker::parse(text).unwrap().origin(), origin);
        }
        for bad in [
            "mqtt://io.example",
            "mqtt://127.0.0.1.evil.test",
            "mqtts://user:pass@io.example",
            "mqtts://io.example@evil.test",
            "mqtts://io.example/path",
            "mqtts://io.example?a",
            "mqtts:///x",
            "mqtts://io.ex\r\nample",
            "https://io.example",
            "ws://io.example",
            "io.example",
            "",
        ] {
            assert_eq!(Broker::parse(bad).err().map(|error| error.code), Some(ErrorCode::InvalidInput), "{bad}");
        }
    }
}
