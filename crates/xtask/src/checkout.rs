//! Where things lie: the checkout, the demo's state, the built programs, the tools folder.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The working copy this command runs in.
pub struct Checkout {
    root: PathBuf,
}

impl Checkout {
    /// Finds the checkout from what cargo says; the path is never compiled in, because several
    /// clones may share one target folder.
    ///
    /// # Errors
    /// When not started by `./x` or `cargo xtask`.
    pub fn find() -> Result<Self, Failure> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = manifest
            .as_deref()
            .and_then(Path::parent)
            .and_then(Path::parent);
        match root {
            Some(root) if root.join("x").is_file() => Ok(Self {
                root: root.to_path_buf(),
            }),
            _ => Err(Failure::Usage(
                "start this with ./x, or with `cargo xtask` in the checkout".into(),
            )),
        }
    }

    /// The top folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The npm workspace of both faces.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// State of the demo: always in the checkout, whatever `CARGO_TARGET_DIR` says.
    pub fn demo(&self) -> PathBuf {
        self.root.join("target/demo")
    }

    /// Cargo's target folder, wherever `CARGO_TARGET_DIR` put it.
    ///
    /// # Errors
    /// When the system cannot name the running program.
    pub fn target(&self) -> Result<PathBuf, Failure> {
        let own = self.program("x")?;
        let target = own.parent().and_then(Path::parent);
        target
            .map(Path::to_path_buf)
            .ok_or_else(|| Failure::Failed(format!("{} lies in no target folder", own.display())))
    }

    /// A program of the workspace. All are built by one profile, so it lies beside this one.
    ///
    /// # Errors
    /// When the system cannot name the running program.
    pub fn program(&self, name: &str) -> Result<PathBuf, Failure> {
        let own = env::current_exe().map_err(|error| {
            Failure::Failed(format!("the running program has no path: {error}"))
        })?;
        Ok(own.with_file_name(name))
    }
}

/// Tools that are not the system's: `${XDG_CACHE_HOME:-~/.cache}/xunji/tools`.
///
/// # Errors
/// When neither variable is set.
pub fn tools() -> Result<PathBuf, Failure> {
    let set = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    set("XDG_CACHE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("xunji/tools"))
        .ok_or_else(|| Failure::Failed("neither HOME nor XDG_CACHE_HOME is set".into()))
}

/// A path as the person typed it, seen from the folder where `./x` was called.
pub fn as_typed(path: &Path) -> PathBuf {
    match env::var_os("XUNJI_CALLED_FROM") {
        Some(folder) => Path::new(&folder).join(path),
        None => path.to_path_buf(),
    }
}
