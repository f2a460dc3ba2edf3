//! `setup`: everything demo or test needs that this user may install. Idempotent and quiet when done.

mod fetch;
mod foreign;
pub mod node;
pub mod npm;
mod packages;

use std::time::Instant;

use crate::Purpose;
use crate::checkout::Checkout;
use crate::failure::Failure;

/// Makes the machine ready and says what it did.
///
/// # Errors
/// `Install` with the one line to paste when the system's packages need another user.
pub fn run(checkout: &Checkout, purpose: Purpose) -> Result<(), Failure> {
    let began = Instant::now();
    packages::ensure(purpose)?;
    if checkout.ui().join("package.json").is_file() {
        let node = node::ensure()?;
        npm::ensure(&checkout.ui(), "the faces' libraries", &node)?;
        if purpose == Purpose::Test {
            foreign::ensure(checkout, &node)?;
        }
    }
    println!(
        "setup: ready for {} ({:.1} s)",
        purpose.word(),
        began.elapsed().as_secs_f32()
    );
    Ok(())
}

/// Prints the names of the system's packages that are missing here: for a machine on which another may install them.
///
/// # Errors
/// What dpkg says.
pub fn print(purpose: Purpose) -> Result<(), Failure> {
    for name in packages::lacking(purpose)? {
        println!("{name}");
    }
    Ok(())
}

impl Purpose {
    /// The word on the command line.
    fn word(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Test => "test",
            Self::Phone => "phone",
        }
    }
}
