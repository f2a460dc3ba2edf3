//! Running other programs: said before, never fed from the terminal, failures in plain words.

use std::process::{Command, Stdio};

use crate::failure::Failure;

/// Runs a program to its end, its output going to the terminal.
///
/// # Errors
/// `Failed`, naming the command line, when it cannot start or ends with another code than 0.
pub fn finish(command: &mut Command) -> Result<(), Failure> {
    let line = spelled(command);
    println!("$ {line}");
    let status = command.stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Failed(format!("`{line}` ended with {status}"))),
        Err(error) => Err(Failure::Failed(format!(
            "`{line}` could not start: {error}"
        ))),
    }
}

/// Runs a program silently and returns what it wrote to standard output.
///
/// # Errors
/// `Failed` with the command line and what it wrote to standard error.
pub fn capture(command: &mut Command) -> Result<String, Failure> {
    let line = spelled(command);
    let output = command.stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(Failure::Failed(format!(
                "`{line}` ended with {}: {}",
                output.status,
                said.trim()
            )))
        }
        Err(error) => Err(Failure::Failed(format!(
            "`{line}` could not start: {error}"
        ))),
    }
}

/// Whether a program of this name can be started.
pub fn exists(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    })
}

/// The command line as a person would type it, secrets in URLs hidden.
fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| hide_login(&word.to_string_lossy()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// `https://name:secret@host/` becomes `https://***@host/`.
fn hide_login(word: &str) -> String {
    let Some((scheme, rest)) = word.split_once("://") else {
        return word.to_owned();
    };
    let host_end = rest.find('/').unwrap_or(rest.len());
    match rest
        .get(..host_end)
        .and_then(|authority| authority.rfind('@'))
    {
        Some(at) => format!("{scheme}://***{}", rest.get(at..).unwrap_or_default()),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_in_an_address_is_not_printed() {
        let line = spelled(Command::new("curl").arg("https://me:secret@example.org/a@b"));
        assert_eq!(line, "curl https://***@example.org/a@b");
        assert_eq!(
            hide_login("https://example.org/a@b"),
            "https://example.org/a@b"
        );
    }

    #[test]
    fn a_failing_program_is_named_with_what_it_said() {
        let failure =
            capture(Command::new("sh").args(["-c", "echo broken >&2; exit 4"])).unwrap_err();
        assert_eq!(failure.exit_code(), 1);
        let sentence = failure.sentence().unwrap_or_default();
        assert!(
            sentence.contains("exit status: 4") && sentence.contains("broken"),
            "{sentence}"
        );
    }
}
