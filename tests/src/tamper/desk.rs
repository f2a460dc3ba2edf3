//! A supervisor at the console of a server on the same thread.

use crate::market::{Step, Stopped};
use crate::sim::wire;
use axum::Router;
use serde_json::{Value, json};
use xunji_device::transport::{Answer, Request};

/// A signed-in console.
pub struct Desk {
    router: Router,
    cookie: String,
}

impl Desk {
    /// Signs in with the account file's line for a person.
    ///
    /// # Errors
    /// There is no such account, or it was refused.
    pub async fn sign_in(router: Router, accounts: &str, person: &str) -> Step<Self> {
        let line = accounts
            .lines()
            .find(|l| !l.starts_with('#') && l.contains(person));
        let mut words = line.unwrap_or_default().split_whitespace();
        let (Some(account), Some(password)) = (words.next(), words.next()) else {
            return Err(Stopped(format!("no account of {person}")));
        };
        let said = json!({"account": account, "password": password});
        let mut desk = Self {
            router,
            cookie: String::new(),
        };
        let answer = desk.ask("POST", "/api/console/login", Some(&said)).await?;
        let cookie = answer
            .header("set-cookie")
            .and_then(|c| c.split(';').next());
        desk.cookie = cookie
            .ok_or_else(|| Stopped(format!("sign in answered {}", answer.status)))?
            .to_owned();
        Ok(desk)
    }

    /// GET as JSON.
    ///
    /// # Errors
    /// Any answer but a good one.
    pub async fn get(&self, path: &str) -> Step<Value> {
        read(path, &self.ask("GET", path, None).await?)
    }

    /// GET as bytes.
    ///
    /// # Errors
    /// Any answer but a good one.
    pub async fn bytes(&self, path: &str) -> Step<Vec<u8>> {
        let answer = self.ask("GET", path, None).await?;
        good(path, &answer)?;
        Ok(answer.body)
    }

    /// POST as JSON.
    ///
    /// # Errors
    /// Any answer but a good one.
    pub async fn post(&self, path: &str, said: Value) -> Step<Value> {
        read(path, &self.ask("POST", path, Some(&said)).await?)
    }

    /// Opens a record and gives the version it shows.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn open(&self, id: &str) -> Step<Value> {
        let record = self.get(&format!("/api/console/records/{id}")).await?;
        Ok(record["summary"]["version"].clone())
    }

    async fn ask(&self, method: &'static str, path: &str, said: Option<&Value>) -> Step<Answer> {
        let mut headers = vec![
            ("x-xunji-console", "1".to_owned()),
            ("cookie", self.cookie.clone()),
        ];
        headers.extend(said.map(|_| ("content-type", "application/json".to_owned())));
        let request = Request {
            method,
            path: path.to_owned(),
            headers,
            body: said.map_or_else(Vec::new, |said| said.to_string().into_bytes()),
        };
        let answer = wire::ask(&self.router, request, None).await;
        answer.map_err(|e| Stopped::at(path, format!("{e:?}")))
    }
}

fn read(path: &str, answer: &Answer) -> Step<Value> {
    good(path, answer)?;
    serde_json::from_slice(&answer.body).map_err(|e| Stopped::at(path, e))
}

fn good(path: &str, answer: &Answer) -> Step<()> {
    if !(200..300).contains(&answer.status) {
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        return Err(Stopped(format!(
            "{path} answered {}: {said}",
            answer.status
        )));
    }
    Ok(())
}
