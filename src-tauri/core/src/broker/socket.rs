//! The socket: in a folder that is this person's alone, and deaf to everybody else (security.md I2). On Windows, where HTTP
//! clients know no such sockets, a named pipe.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorCode, Result};
use crate::lock_file;
use crate::paths::make_private;

/// The folder, held against other processes as long as this one listens. The system frees the lock of one that dies.
pub(super) struct Place {
    folder: PathBuf,
    _lock: File,
}

impl Place {
    /// Takes the folder, and clears away what a process that died has left.
    ///
    /// # Errors
    /// `broker_busy` when another Keydesk holds it, `internal` when it cannot be made.
    pub fn take(folder: &Path) -> Result<Self> {
        let lock = || {
            make_private(folder)?;
            lock_file::open(&folder.join("broker.lock"))
        };
        let lock = lock().map_err(|error| Error::internal("make the socket's folder", error))?;
        if !lock_file::take(&lock).map_err(|error| Error::internal("lock the socket's folder", error))? {
            return Err(busy(folder));
        }
        let place = Self { folder: folder.to_owned(), _lock: lock };
        place.clear();
        Ok(place)
    }

    /// Where the socket is.
    #[cfg(unix)]
    pub fn socket(&self) -> PathBuf {
        self.folder.join("broker.sock")
    }

    /// The pipe's name: all of them stand in one folder, so it is made of ours, which no other person has.
    #[cfg(windows)]
    pub fn socket(&self) -> PathBuf {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(self.folder.as_os_str().as_encoded_bytes());
        let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        PathBuf::from(format!(r"\\.\pipe\keydesk-{short}"))
    }

    /// Deletes socket and headers: the secrets in those count no more.
    fn clear(&self) {
        let files = std::fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let ours = |file: &PathBuf| file.extension().is_some_and(|kind| kind == "header" || kind == "sock");
        for file in files.filter(ours) {
            if let Err(error) = std::fs::remove_file(&file) {
                tracing::warn!(%error, file = %file.display(), "a file of the broker is still there");
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.clear();
    }
}

fn busy(folder: &Path) -> Error {
    let message = format!("Another Keydesk serves tokens from {} already.", folder.display());
    Error::new(ErrorCode::BrokerBusy, message)
}

#[cfg(unix)]
pub(super) use unix::OwnSocket;
#[cfg(windows)]
pub(super) use windows::OwnSocket;

#[cfg(unix)]
mod unix {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use tokio::net::{UnixListener, UnixStream};

    use super::{Error, Path, Result, io};
    use crate::local_http::Socket;

    /// A socket that hears this person's programs only.
    pub struct OwnSocket {
        listener: UnixListener,
        owner: u32,
    }

    impl OwnSocket {
        /// Binds it.
        ///
        /// # Errors
        /// `internal`: the path is too long for a socket, say.
        pub fn bind(path: &Path) -> Result<Self> {
            let bound = || {
                let listener = UnixListener::bind(path)?;
                std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
                // Whose file it is: ours, as we have just made it.
                Ok::<_, io::Error>(Self { listener, owner: std::fs::metadata(path)?.uid() })
            };
            bound().map_err(|error| Error::internal(&format!("listen at {}", path.display()), error))
        }
    }

    impl Socket for OwnSocket {
        type Stream = UnixStream;

        /// The folder and the modes keep others out already; who the system says is there must be us all the same.
        async fn accept(&self) -> io::Result<UnixStream> {
            loop {
                let (stream, _) = self.listener.accept().await?;
                if stream.peer_cred().is_ok_and(|peer| peer.uid() == self.owner) {
                    return Ok(stream);
                }
            }
        }
    }
}

#[cfg(windows)]
mod windows {
    use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};
    use tokio::sync::Mutex;

    use super::{Error, Path, PathBuf, Result, io};
    use crate::local_http::Socket;

    /// A pipe for this person's programs: what the system allows others by default is to read from it, so none of them can
    /// ask for anything, and nobody from another machine can reach it.
    pub struct OwnSocket {
        name: PathBuf,
        /// What the next client finds.
        next: Mutex<NamedPipeServer>,
    }

    impl OwnSocket {
        /// Makes it.
        ///
        /// # Errors
        /// `internal`: another program has a pipe of this name, say.
        pub fn bind(name: &Path) -> Result<Self> {
            let first = ServerOptions::new().first_pipe_instance(true).reject_remote_clients(true).create(name);
            let first = first.map_err(|error| Error::internal(&format!("listen at {}", name.display()), error))?;
            Ok(Self { name: name.to_owned(), next: Mutex::new(first) })
        }
    }

    impl Socket for OwnSocket {
        type Stream = NamedPipeServer;

        async fn accept(&self) -> io::Result<NamedPipeServer> {
            let mut next = self.next.lock().await;
            next.connect().await?;
            // Before this one is answered, so that no client finds no pipe.
            let another = ServerOptions::new().reject_remote_clients(true).create(&self.name)?;
            Ok(std::mem::replace(&mut *next, another))
        }
    }
}
