//! Who asks: the session behind a request's cookie.

use super::Scope;
use crate::app::AppState;
use crate::problem::{Answer, Refusal};
use crate::storage::console::sessions;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header;
use axum::http::request::Parts;
use xunji_domain::org::Person;
use xunji_domain::words::Role;
use xunji_protocol::digest::Digest;
use xunji_protocol::problem::Code;

/// Name of the cookie.
pub const COOKIE: &str = "xunji_session";

/// A person with an open session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// What he may see.
    pub scope: Scope,
}

impl SignedIn {
    /// Supervisors review; everybody else only reads.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn may_review(&self) -> Answer<()> {
        self.is(&[Role::Supervisor])
    }

    /// Who may make a day report.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn may_report(&self) -> Answer<()> {
        self.is(&[Role::Supervisor, Role::Bureau])
    }

    /// Who may decide between the values of a field, within what he sees.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn may_resolve(&self) -> Answer<()> {
        self.is(&[Role::Supervisor, Role::Bureau])
    }

    /// Who may hand in what somebody carried here.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn may_import(&self) -> Answer<()> {
        self.is(&[Role::Supervisor, Role::Bureau, Role::Administrator])
    }

    fn is(&self, roles: &[Role]) -> Answer<()> {
        if roles.contains(&self.person.role) {
            Ok(())
        } else {
            Err(Code::Forbidden.into())
        }
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Answer<Self> {
        let token = token(&parts.headers).ok_or(Code::Unauthorized)?;
        let found = app
            .blocking(move |app| {
                Ok(sessions::find(
                    &app.store,
                    app.bureau,
                    token,
                    app.clock.now(),
                )?)
            })
            .await?
            .ok_or(Code::Unauthorized)?;
        let person = found.person;
        let station = match (person.role, person.station) {
            (Role::Supervisor, Some(station)) => Some(station),
            (Role::Bureau | Role::Administrator | Role::Auditor, _) => None,
            // A supervisor without a station, or somebody who lost the right since he signed in.
            _ => return Err(Code::Unauthorized.into()),
        };
        Ok(Self {
            scope: Scope {
                bureau: app.bureau,
                station,
            },
            person,
        })
    }
}

/// Digest of the cookie's value, which is how sessions are kept.
pub(super) fn token(headers: &HeaderMap) -> Option<Digest> {
    let value = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    Some(Digest::of(value.as_bytes()))
}
