//! The server's package: program, unit, account; the county's folder is never touched by it.

use std::path::Path;

use super::Deb;
use super::deb::File;
use crate::checkout::Checkout;

/// What lies where.
pub fn package(checkout: &Checkout, programs: &Path) -> Deb {
    let from = checkout.root().join("packaging/server");
    Deb {
        name: "xunji-server",
        summary: "records and photos of food inspections: takes them in, serves the console",
        program: programs.join("xunji-server"),
        // The reports are set in its serif.
        depends: &["fonts-noto-cjk", "systemd | systemd-standalone-sysusers"],
        recommends: &[],
        files: vec![
            File::program(&programs.join("xunji-server"), "usr/bin/xunji-server"),
            File::data(
                &from.join("xunji-server.service"),
                "usr/lib/systemd/system/xunji-server.service",
            ),
            File::data(
                &from.join("sysusers.conf"),
                "usr/lib/sysusers.d/xunji-server.conf",
            ),
            File::data(&from.join("default"), "etc/default/xunji-server"),
            File::data(
                &from.join("README.md"),
                "usr/share/doc/xunji-server/README.md",
            ),
        ],
        scripts: ["postinst", "prerm", "postrm"]
            .map(|name| (name, from.join(name)))
            .to_vec(),
        conffiles: &["/etc/default/xunji-server"],
    }
}
