//! Who holds a port: read from `/proc`, so that a busy one is said with a name.

use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use crate::failure::Failure;

/// Passes when the port on 127.0.0.1 can be taken now.
///
/// # Errors
/// A sentence that names the program and process that listen there, and `--port`.
pub fn must_be_free(port: u16) -> Result<(), Failure> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let by = holder(port).unwrap_or_else(|| "a program of another user".to_owned());
            Err(Failure::Failed(format!(
                "port {port} is taken by {by}. End that, or choose another port: ./x demo --port 0 takes a free one"
            )))
        }
        Err(error) => Err(Failure::Failed(format!(
            "port {port} cannot be used: {error}"
        ))),
    }
}

fn holder(port: u16) -> Option<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"]
        .map(|path| fs::read_to_string(path).unwrap_or_default());
    let inodes: Vec<String> = tables
        .iter()
        .flat_map(|table| listening(table, port))
        .collect();
    let processes = fs::read_dir("/proc").ok()?;
    processes.filter_map(Result::ok).find_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        holds(&entry.path(), &inodes).then(|| {
            let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            format!("{} (process {pid})", name.trim())
        })
    })
}

/// Socket inodes that listen on the port. Columns of the kernel's table: 1 local address, 3 state
/// (0A is LISTEN), 9 inode.
fn listening(table: &str, port: u16) -> Vec<String> {
    let end = format!(":{port:04X}");
    let row = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let here = columns.get(1)?.ends_with(&end) && *columns.get(3)? == "0A";
        here.then(|| columns.get(9).map(|inode| (*inode).to_owned()))
            .flatten()
    };
    table.lines().skip(1).filter_map(row).collect()
}

fn holds(process: &Path, inodes: &[String]) -> bool {
    let Ok(files) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    files
        .filter_map(Result::ok)
        .filter_map(|file| fs::read_link(file.path()).ok())
        .any(|link| {
            let link = link.to_string_lossy();
            inodes
                .iter()
                .any(|inode| *link == format!("socket:[{inode}]"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0
   1: 0100007F:1F90 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 4243 1 0
   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4244 1 0
";

    #[test]
    fn only_the_listener_of_that_port_counts() {
        assert_eq!(listening(TABLE, 8080), ["4242"]);
        assert!(listening(TABLE, 80).is_empty());
    }

    #[test]
    fn a_busy_port_is_said_with_this_very_process() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let failure = must_be_free(port).unwrap_err();
        let sentence = failure.sentence().unwrap_or_default();
        assert!(
            sentence.contains(&format!("(process {})", std::process::id())),
            "{sentence}"
        );
        drop(listener);
        assert_eq!(must_be_free(port), Ok(()));
    }
}
