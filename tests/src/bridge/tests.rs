//! Who is let in.

use super::{Bridge, TOKEN, settings};
use crate::looks::gallery::checkout;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};

async fn bridge() -> (tempfile::TempDir, Bridge) {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path().join("phone"), None);
    let bridge = Bridge::start(settings, &checkout()).await.unwrap();
    (folder, bridge)
}

fn status(bridge: &Bridge) -> RequestBuilder {
    Client::new()
        .post(format!("http://{}/bridge/call", bridge.address))
        .json(&json!({"cmd": {"cmd": "status"}}))
}

async fn said(request: RequestBuilder) -> StatusCode {
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn the_page_with_the_token_is_answered_by_the_core() {
    let (_folder, bridge) = bridge().await;
    assert!(bridge.address.ip().is_loopback());
    let asked = status(&bridge).header(TOKEN, &bridge.token);
    let answer: Value = asked.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["enrolled"], json!(false));
}

#[tokio::test]
async fn an_error_of_the_core_comes_with_its_code() {
    let (_folder, bridge) = bridge().await;
    let asked = status(&bridge)
        .header(TOKEN, &bridge.token)
        .json(&json!({"cmd": {"cmd": "no such"}}));
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let error: Value = answer.json().await.unwrap();
    assert_eq!(error["code"], json!("bad_request"));
}

#[tokio::test]
async fn nobody_else_is_let_in() {
    let (_folder, bridge) = bridge().await;
    let ours = || status(&bridge).header(TOKEN, &bridge.token);
    assert_eq!(said(ours()).await, StatusCode::OK);
    let refused = [
        ("no token", status(&bridge)),
        (
            "another token",
            status(&bridge).header(TOKEN, "0".repeat(32)),
        ),
        (
            "a foreign page",
            ours().header("origin", "http://example.org"),
        ),
        (
            "a page of another port",
            ours().header("origin", "http://127.0.0.1:1"),
        ),
        ("a bent name", ours().header("host", "bent.example.org")),
    ];
    for (who, request) in refused {
        assert_eq!(said(request).await, StatusCode::FORBIDDEN, "{who}");
    }
    let listens =
        |token: &str| Client::new().get(format!("http://{}/bridge/events/{token}", bridge.address));
    assert_eq!(said(listens(&bridge.token)).await, StatusCode::OK);
    assert_eq!(said(listens("other")).await, StatusCode::FORBIDDEN);
    let files = Client::new().get(format!("http://{}/", bridge.address));
    assert_eq!(
        said(files.header("host", "bent.example.org")).await,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn the_page_stands_under_the_rules_of_the_app() {
    let (_folder, bridge) = bridge().await;
    let page = reqwest::get(bridge.url()).await.unwrap();
    let rules = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(rules.contains("default-src 'self'"), "{rules}");
}
