//! Which compiler knows the phones' standard library: rustup's with their targets, else Debian's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{TARGETS, debian as debians};
use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::run;

/// A compiler that can check for phones.
pub enum Compiler {
    /// The checkout's own, with the phones' targets added.
    Own,
    /// Debian's with the source of the standard library, which cargo then checks too.
    Debian {
        /// Starts it where it was unpacked.
        rustc: PathBuf,
        /// What it checks lies apart: it is another compiler.
        target: PathBuf,
    },
}

impl Compiler {
    /// Takes the first way that works here, or Debian's where that is asked for.
    ///
    /// # Errors
    /// `Install`, with both reasons, when neither does.
    pub fn find(checkout: &Checkout, place: &Path, debian: bool) -> Result<Self, Failure> {
        let no_rustup = if debian {
            Failure::Failed("not asked for".into())
        } else {
            match own(checkout) {
                Ok(()) => return Ok(Self::Own),
                Err(failure) => failure,
            }
        };
        match debians::rustc(&place.join("debian")) {
            Ok(rustc) => Ok(Self::Debian {
                rustc,
                target: place.join("by-debian"),
            }),
            Err(no_debian) => Err(Failure::Install(format!(
                "no compiler for phones. rustup: {}\nDebian: {}",
                no_rustup.sentence().unwrap_or_default(),
                no_debian.sentence().unwrap_or_default()
            ))),
        }
    }

    /// Which one it is.
    pub fn said(&self) -> &'static str {
        match self {
            Self::Own => "with the targets of rustup",
            Self::Debian { .. } => "with Debian's rustc-web and the source of the standard library",
        }
    }

    /// Makes cargo use it.
    pub fn show_to(&self, command: &mut Command) {
        if let Self::Debian { rustc, target } = self {
            command
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC", rustc)
                // Unstable words are allowed to this check alone; no program is built with them.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_DIR", target);
        }
    }
}

/// Sees to it that the checkout's own compiler has the phones' standard library.
///
/// # Errors
/// What rustup says; that there is none.
pub fn own(checkout: &Checkout) -> Result<(), Failure> {
    if has_targets(checkout)? {
        return Ok(());
    }
    add_targets(checkout)
}

/// Whether the checkout's compiler has the phones' standard library.
fn has_targets(checkout: &Checkout) -> Result<bool, Failure> {
    let mut rustc = Command::new("rustc");
    let said = run::capture(
        rustc
            .args(["--print", "sysroot"])
            .current_dir(checkout.root()),
    )?;
    let library = Path::new(said.trim()).join("lib/rustlib");
    Ok(TARGETS.iter().all(|target| {
        let mut files = fs::read_dir(library.join(target).join("lib"))
            .into_iter()
            .flatten();
        files.any(|file| {
            file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
        })
    }))
}

fn add_targets(checkout: &Checkout) -> Result<(), Failure> {
    if !run::exists("rustup") {
        return Err(Failure::Failed("it is not there".into()));
    }
    println!("check-android: adding the phones' standard library to rustup's toolchain (60 MB)");
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add"]).args(TARGETS);
    run::capture(rustup.current_dir(checkout.root())).map(|_| ())
}
