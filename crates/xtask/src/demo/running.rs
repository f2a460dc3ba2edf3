//! One demo at a time in a checkout: two servers on one county would be two truths.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};

use crate::checkout::Checkout;
use crate::failure::Failure;

/// The right to use the demo's state; given back when the process ends, however it ends.
pub struct Running {
    file: File,
}

impl Running {
    /// Takes the right, or says which process has it and where its console is.
    ///
    /// # Errors
    /// When another demo of this checkout runs, or the folder cannot be written.
    pub fn claim(checkout: &Checkout) -> Result<Self, Failure> {
        Self::claim_file(checkout, "running")
    }

    /// The same for the played day, which may run beside a demo: it has a county of its own.
    ///
    /// # Errors
    /// As [`Running::claim`].
    pub fn claim_once(checkout: &Checkout) -> Result<Self, Failure> {
        Self::claim_file(checkout, "running-once")
    }

    fn claim_file(checkout: &Checkout, name: &str) -> Result<Self, Failure> {
        let folder = checkout.demo();
        let path = folder.join(name);
        let mut file = fs::create_dir_all(&folder)
            .and_then(|()| {
                OpenOptions::new()
                    .read(true)
                    .write(true)
                    .create(true)
                    .truncate(false)
                    .open(&path)
            })
            .map_err(|error| Failure::io("open", &path, error))?;
        match file.try_lock() {
            Ok(()) => {
                let mut running = Self { file };
                running.write_address("not ready yet")?;
                Ok(running)
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                Err(Failure::Failed(format!(
                    "a demo of this checkout is already running: {}",
                    holder.trim()
                )))
            }
            Err(TryLockError::Error(error)) => Err(Failure::io("lock", &path, error)),
        }
    }

    /// Notes where the console is, for whoever starts a second demo.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_address(&mut self, address: &str) -> Result<(), Failure> {
        let line = format!("process {}, {address}\n", std::process::id());
        self.file
            .set_len(0)
            .and_then(|()| self.file.rewind())
            .and_then(|()| self.file.write_all(line.as_bytes()))
            .map_err(|error| Failure::Failed(format!("could not note that the demo runs: {error}")))
    }
}
