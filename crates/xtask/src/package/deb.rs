//! One .deb: a folder laid out as the system will have it, closed by Debian's own `dpkg-deb`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::run;

/// A package before it is built.
pub struct Deb {
    /// Its name.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// What its libraries are read from.
    pub program: PathBuf,
    /// What it needs beside the libraries of its program.
    pub depends: &'static [&'static str],
    /// What nobody wants to miss.
    pub recommends: &'static [&'static str],
    /// What it installs.
    pub files: Vec<File>,
    /// Maintainer scripts by name.
    pub scripts: Vec<(&'static str, PathBuf)>,
    /// Files that an upgrade leaves as their owner changed them.
    pub conffiles: &'static [&'static str],
}

/// A file of a package.
pub struct File {
    from: PathBuf,
    to: PathBuf,
    mode: u32,
}

impl File {
    /// Something that runs.
    pub fn program(from: &Path, to: &str) -> Self {
        Self::new(from, to, 0o755)
    }

    /// Something that is read.
    pub fn data(from: &Path, to: &str) -> Self {
        Self::new(from, to, 0o644)
    }

    fn new(from: &Path, to: &str, mode: u32) -> Self {
        Self {
            from: from.to_owned(),
            to: to.into(),
            mode,
        }
    }

    fn put(&self, root: &Path) -> Result<(), Failure> {
        let to = root.join(&self.to);
        folders(root, &to)?;
        fs::copy(&self.from, &to).map_err(|e| Failure::io("copy", &self.from, e))?;
        set_mode(&to, self.mode)
    }
}

impl Deb {
    /// Builds the package into `folder` and gives its path.
    ///
    /// # Errors
    /// When a file is missing or a tool of Debian's fails.
    pub fn build(
        mut self,
        checkout: &Checkout,
        folder: &Path,
        version: &str,
        quick: bool,
    ) -> Result<PathBuf, Failure> {
        let root = folder.join(self.name);
        if root.exists() {
            fs::remove_dir_all(&root).map_err(|e| Failure::io("clear", &root, e))?;
        }
        let license = format!("usr/share/doc/{}/copyright", self.name);
        self.files
            .push(File::data(&checkout.root().join("LICENSE"), &license));
        for file in &self.files {
            file.put(&root)?;
        }
        self.control(&root, version)?;
        let architecture = architecture()?;
        let deb = folder.join(format!("{}_{version}_{architecture}.deb", self.name));
        // What is given away is small; what is tried out is quick.
        let level = if quick { "-z1" } else { "-z9" };
        run::finish(
            Command::new("dpkg-deb")
                .args(["--root-owner-group", "-Zxz", level, "--build"])
                .args([&root, &deb])
                .env("SOURCE_DATE_EPOCH", last_commit(checkout)?),
        )?;
        fs::remove_dir_all(&root).map_err(|e| Failure::io("clear", &root, e))?;
        Ok(deb)
    }

    fn control(&self, root: &Path, version: &str) -> Result<(), Failure> {
        let debian = root.join("DEBIAN");
        folders(root, &debian.join("control"))?;
        let mut depends = vec![libraries(root, &self.program)?];
        depends.extend(self.depends.iter().map(|&name| name.to_owned()));
        let mut control = format!(
            "Package: {}\nVersion: {version}\nArchitecture: {}\nMaintainer: Xunji <xunji@localhost>\n\
             Section: misc\nPriority: optional\nDepends: {}\n",
            self.name,
            architecture()?,
            depends.join(", "),
        );
        if !self.recommends.is_empty() {
            control += &format!("Recommends: {}\n", self.recommends.join(", "));
        }
        control += &format!("Description: {}\n", self.summary);
        write(&debian.join("control"), &control, 0o644)?;
        if !self.conffiles.is_empty() {
            let list = format!("{}\n", self.conffiles.join("\n"));
            write(&debian.join("conffiles"), &list, 0o644)?;
        }
        for (name, from) in &self.scripts {
            let text = fs::read_to_string(from).map_err(|e| Failure::io("read", from, e))?;
            write(&debian.join(name), &text, 0o755)?;
        }
        Ok(())
    }
}

/// What the program's libraries are called in Debian, with their versions.
fn libraries(root: &Path, program: &Path) -> Result<String, Failure> {
    // The tool wants to stand in a source package.
    let stand = root.with_extension("libraries");
    let stub = stand.join("debian/control");
    fs::create_dir_all(stand.join("debian")).map_err(|e| Failure::io("make", &stand, e))?;
    fs::write(&stub, "Source: xunji\n").map_err(|e| Failure::io("write", &stub, e))?;
    let said = run::capture(
        Command::new("dpkg-shlibdeps")
            .args(["-O", "-e"])
            .arg(program)
            .current_dir(&stand),
    )?;
    fs::remove_dir_all(&stand).map_err(|e| Failure::io("clear", &stand, e))?;
    said.trim()
        .strip_prefix("shlibs:Depends=")
        .map(str::to_owned)
        .ok_or_else(|| Failure::Failed(format!("dpkg-shlibdeps said: {said}")))
}

/// Debian's name for this machine's processor.
///
/// # Errors
/// What dpkg says.
pub fn architecture() -> Result<String, Failure> {
    let said = run::capture(Command::new("dpkg").arg("--print-architecture"))?;
    Ok(said.trim().to_owned())
}

/// Times in the package are those of the source, so that the same source makes the same bytes.
fn last_commit(checkout: &Checkout) -> Result<String, Failure> {
    let said = run::capture(
        Command::new("git")
            .args(["log", "-1", "--format=%ct"])
            .current_dir(checkout.root()),
    )?;
    Ok(said.trim().to_owned())
}

fn write(path: &Path, text: &str, mode: u32) -> Result<(), Failure> {
    fs::write(path, text).map_err(|e| Failure::io("write", path, e))?;
    set_mode(path, mode)
}

/// The folders above `path`, open to everybody's eyes whatever the umask of who builds.
fn folders(root: &Path, path: &Path) -> Result<(), Failure> {
    let above: Vec<_> = path
        .ancestors()
        .skip(1)
        .take_while(|folder| folder.starts_with(root))
        .collect();
    for folder in above.into_iter().rev() {
        fs::create_dir_all(folder).map_err(|e| Failure::io("make", folder, e))?;
        set_mode(folder, 0o755)?;
    }
    Ok(())
}

fn set_mode(path: &Path, mode: u32) -> Result<(), Failure> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .map_err(|e| Failure::io("set the mode of", path, e))
}
