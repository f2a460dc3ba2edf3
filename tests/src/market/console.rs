//! The supervisor's side of the day, over the console's own API.

use super::{Step, Stopped, json as js};
use serde_json::{Value, json};

/// A signed-in console.
pub struct Console {
    base: String,
    cookie: String,
    client: reqwest::Client,
}

impl Console {
    /// Signs in with the account file's line for a person.
    pub async fn sign_in(base: &str, accounts: &str, person: &str) -> Step<Self> {
        let line = accounts
            .lines()
            .find(|l| !l.starts_with('#') && l.contains(person))
            .ok_or_else(|| Stopped(format!("no account of {person}")))?;
        let mut words = line.split_whitespace();
        let (Some(account), Some(password)) = (words.next(), words.next()) else {
            return Err(Stopped("account line".into()));
        };
        let client = reqwest::Client::new();
        let answer = client
            .post(format!("{base}/api/console/login"))
            .header("x-xunji-console", "1")
            .json(&json!({"account": account, "password": password}))
            .send()
            .await
            .map_err(|e| Stopped::at("sign in", e))?;
        let cookie = answer
            .headers()
            .get("set-cookie")
            .and_then(|c| c.to_str().ok())
            .and_then(|c| c.split(';').next())
            .map(str::to_owned)
            .ok_or_else(|| Stopped(format!("sign in answered {}", answer.status())))?;
        Ok(Self {
            base: base.to_owned(),
            cookie,
            client,
        })
    }

    /// The server moved to another port; the session is in its database.
    pub fn moved(&mut self, base: &str) {
        self.base = base.to_owned();
    }

    /// GET as JSON.
    pub async fn get(&self, path: &str) -> Step<Value> {
        let request = self.client.get(format!("{}{path}", self.base));
        self.json(request, path).await
    }

    /// GET as bytes.
    pub async fn bytes(&self, path: &str) -> Step<Vec<u8>> {
        let request = self
            .client
            .get(format!("{}{path}", self.base))
            .header("cookie", &self.cookie);
        let answer = request.send().await.map_err(|e| Stopped::at(path, e))?;
        if !answer.status().is_success() {
            return Err(Stopped(format!("{path} answered {}", answer.status())));
        }
        answer
            .bytes()
            .await
            .map(|b| b.to_vec())
            .map_err(|e| Stopped::at(path, e))
    }

    /// POST as JSON.
    pub async fn post(&self, path: &str, body: Value) -> Step<Value> {
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header("x-xunji-console", "1")
            .json(&body);
        self.json(request, path).await
    }

    /// POST of a file's bytes.
    pub async fn upload(&self, path: &str, bytes: Vec<u8>) -> Step<Value> {
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header("x-xunji-console", "1")
            .body(bytes);
        self.json(request, path).await
    }

    async fn json(&self, request: reqwest::RequestBuilder, path: &str) -> Step<Value> {
        let answer = request
            .header("cookie", &self.cookie)
            .send()
            .await
            .map_err(|e| Stopped::at(path, e))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|e| Stopped::at(path, e))?;
        if !status.is_success() {
            return Err(Stopped(format!("{path} answered {status}: {text}")));
        }
        serde_json::from_str(&text).map_err(|e| Stopped::at(&format!("{path}: {text}"), e))
    }

    /// Opens a record and approves the version it shows.
    pub async fn approve(&self, id: &str) -> Step<()> {
        let version = self.open(id).await?;
        self.post(
            &format!("/api/console/records/{id}/approve"),
            json!({"seen": version}),
        )
        .await?;
        Ok(())
    }

    /// Opens a record and sends one item back.
    pub async fn send_back(&self, id: &str, item: &str, reason: &str) -> Step<()> {
        let version = self.open(id).await?;
        let body = json!({"seen": version, "items": [{"item": item, "reason": reason}]});
        self.post(&format!("/api/console/records/{id}/return"), body)
            .await?;
        Ok(())
    }

    /// Opens a record as the page does: integrity computed from stored bytes must be 完整.
    async fn open(&self, id: &str) -> Step<String> {
        let record = self.get(&format!("/api/console/records/{id}")).await?;
        let badge = js::text(&record, "/integrity/badge")?;
        if badge != "complete" {
            return Err(Stopped(format!(
                "record {id} opens as {badge}: {}",
                record["integrity"]
            )));
        }
        js::text(&record, "/summary/version").map(str::to_owned)
    }
}
