//! Typed ids. Every id is a UUIDv7 made where the record is born; no row number leaves a database.
//! This file never makes one: making needs a clock and randomness, which `domain` does not have.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares one id newtype with text form, parsing and the serde form of a plain string.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The 16 bytes, for key columns.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(/// 县局, the tenant: leading key of every server table; it never changes.
    BureauId);
id!(/// 监管所.
    StationId);
id!(/// 网格.
    GridId);
id!(/// 集市.
    MarketId);
id!(/// 经营主体.
    OperatorId);
id!(/// A person with an account or a card: inspector, assistant, supervisor, clerk.
    PersonId);
id!(/// 检查, from draft to the last amendment.
    InspectionId);
id!(/// 问题(隐患), one per failed item.
    FindingId);
id!(/// A picture, before and after its bytes are known.
    PhotoId);
id!(/// 审核: one decision of a supervisor.
    ReviewId);
id!(/// 补正.
    AmendmentId);
id!(/// Two values of one field, waiting for a person.
    ConflictId);
id!(/// One append-only line of changes with its own key.
    LogId);
id!(/// A phone, across all the logs it opens.
    DeviceId);
id!(/// One issued day report version.
    ReportId);
