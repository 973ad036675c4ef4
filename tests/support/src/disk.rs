//! A small disk of the test's own: one that can be full, or read only.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Failure, Outcome};

/// A disk of four megabytes, mounted over a folder. Dropping it takes it away.
#[derive(Debug)]
pub struct Disk(PathBuf);

impl Disk {
    /// Mounts it over an empty folder. None where that is not allowed: only root may mount a disk.
    #[must_use]
    pub fn over(folder: &Path) -> Option<Self> {
        mount(&["-t", "tmpfs", "-o", "size=4m,mode=700", "keydesk-test"], folder).then(|| Self(folder.to_owned()))
    }

    /// Takes all that is left of it.
    ///
    /// # Errors
    /// Nothing can be written to it at all.
    pub fn fill(&self) -> Outcome {
        let mut filler = File::create(self.filler())?;
        for piece in [4096, 1] {
            while filler.write_all(&vec![b'.'; piece]).is_ok() {}
        }
        Ok(())
    }

    /// Gives back what [`Self::fill`] took.
    ///
    /// # Errors
    /// It was not filled.
    pub fn free(&self) -> Outcome {
        Ok(fs::remove_file(self.filler())?)
    }

    /// From now on it can only be read.
    ///
    /// # Errors
    /// A file on it is open for writing.
    pub fn only_read(&self) -> Outcome {
        let mounted = mount(&["-o", "remount,ro"], &self.0);
        if mounted { Ok(()) } else { Err(Failure::new("the disk is in use")) }
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // At once for everybody; it is gone when the last file is closed.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
        // Whoever made the folder may have tried while the disk was over it.
        let _ = fs::remove_dir(&self.0);
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    let mount = Command::new("mount").args(arguments).arg(folder).stdout(Stdio::null()).stderr(Stdio::null()).status();
    mount.is_ok_and(|status| status.success())
}
