//! tus with programs that others wrote: their clients against our server's binary, our phone against
//! their server. Whole, cut on the line and resumed, given up and resumed by another process, with
//! checksums where the client has them, taken back; the token always in static headers.
//!
//! tus-js-client and our phone send no checksums, our phone takes nothing back: what a side does not
//! have is not in the matrix.

mod county;
mod phone;

use county::County;
use serde_json::{Value, json};
use xunji_tests::foreign::{Client, NodeServer};
use xunji_tests::link::Direction;

/// Bytes of every file here: several pieces for who cuts it into pieces, one request for who does not.
const SIZE: usize = 700_001;
/// Where the line is cut: within the bytes of the first request that carries any.
const CUT: u64 = 300_000;
/// Within what our phone sends along with a creation.
const CUT_CREATION: u64 = 5_000;

#[tokio::test(flavor = "multi_thread")]
async fn tus_js_client_sends_whole_cut_and_resumed_and_takes_back() {
    let folder = tempfile::tempdir().unwrap();
    let county = County::begin(folder.path()).await;
    let client = Client::TusJs;
    whole(&county, client).await;
    // Its first bytes come with the creation, the rest in pieces.
    let file = county.file("along", SIZE);
    let said = county
        .ask(client, &file, json!({"how": "along", "at": 200_000}))
        .await;
    county.received(&file, &said).await;
    cut_and_resumed(&county, client).await;
    given_up_and_resumed(&county, client).await;
    taken_back(&county, client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tuspy_sends_whole_cut_and_resumed_with_checksums_and_takes_back() {
    let folder = tempfile::tempdir().unwrap();
    let county = County::begin(folder.path()).await;
    let client = Client::Tuspy;
    whole(&county, client).await;
    cut_and_resumed(&county, client).await;
    given_up_and_resumed(&county, client).await;
    taken_back(&county, client).await;
    // A piece that was altered on its way is refused and comes again; none of it is in the file.
    let file = county.file("checksum", SIZE);
    let said = county
        .ask(client, &file, json!({"how": "checksum", "at": 200_000}))
        .await;
    county.received(&file, &said).await;
    assert_eq!(said["statuses"], json!([460, 204, 204, 204, 204]));
    assert_eq!(
        said["requests"],
        json!([
            "PATCH 0",
            "PATCH 0",
            "PATCH 200000",
            "PATCH 400000",
            "PATCH 600000"
        ])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn our_phone_sends_to_the_node_server_whole_and_cut() {
    let folder = tempfile::tempdir().unwrap();
    let county = County::begin(folder.path()).await;
    let uploads = folder.path().join("node-uploads");
    std::fs::create_dir_all(&uploads).unwrap();
    let node = NodeServer::start(&uploads).await.unwrap();
    let phone = phone::begin(&county, folder.path(), node.port).await;
    let cuts = [
        ("whole", None),
        ("cut while it is created", Some(CUT_CREATION)),
        ("cut", Some(CUT)),
    ];
    for (name, cut) in cuts {
        let bytes = county::noise(name, SIZE);
        let before = phone.link.stats();
        if let Some(after) = cut {
            phone.link.cut_after(Direction::Up, after);
        }
        phone.sends(&bytes, &uploads).await;
        let passed = phone.link.stats();
        assert_eq!(passed.cuts - before.cuts, u64::from(cut.is_some()));
        let up = passed.delivered_up - before.delivered_up;
        // Headers, and at a cut what was in flight: never the file from its beginning.
        let most = SIZE as u64 + 300_000;
        assert!(up < most, "{up} bytes went up for a file of {SIZE}");
    }
    // Their server gives no receipts of ours: to the phone nothing has been received.
    assert!(!phone.all_received().await);
}

async fn whole(county: &County, client: Client) {
    let file = county.file("whole", SIZE);
    let said = county.ask(client, &file, json!({"how": "whole"})).await;
    county.received(&file, &said).await;
    assert_eq!(patches(&said), ["PATCH 0"]);
}

async fn cut_and_resumed(county: &County, client: Client) {
    let file = county.file("cut", SIZE);
    county.link.cut_after(Direction::Up, CUT);
    let said = county.ask(client, &file, json!({"how": "patient"})).await;
    county.received(&file, &said).await;
    let patches = patches(&said);
    let [first, rest] = patches.as_slice() else {
        panic!("one cut: {patches:?}")
    };
    assert_eq!(first, "PATCH 0");
    let from: u64 = rest.trim_start_matches("PATCH ").parse().unwrap();
    // What was still on its way through the server when the client asked is sent again.
    assert!(
        (1..=CUT).contains(&from),
        "goes on where the line was cut, at {from}"
    );
}

async fn given_up_and_resumed(county: &County, client: Client) {
    let file = county.file("half", SIZE);
    let half = county
        .ask(client, &file, json!({"how": "half", "at": 250_000}))
        .await;
    assert_eq!(county.offset(&half).await, Some(250_000));
    let job = json!({"how": "resume", "upload": half["url"]});
    let said = county.ask(client, &file, job).await;
    county.received(&file, &said).await;
    assert_eq!(patches(&said), ["PATCH 250000"]);
}

async fn taken_back(county: &County, client: Client) {
    let file = county.file("unwanted", SIZE);
    let half = county
        .ask(client, &file, json!({"how": "half", "at": 100_000}))
        .await;
    let job = json!({"how": "terminate", "upload": half["url"]});
    let said = county.ask(client, &file, job).await;
    assert!(said.get("error").is_none(), "{said}");
    assert_eq!(county.offset(&half).await, None);
    // What was receipted stays, also when its upload is taken back.
    let kept = county.file("kept", 50_000);
    let whole = county.ask(client, &kept, json!({"how": "whole"})).await;
    let job = json!({"how": "terminate", "upload": whole["url"]});
    let said = county.ask(client, &kept, job).await;
    assert!(said.get("error").is_none(), "{said}");
    assert_eq!(county.offset(&whole).await, None);
    county.received(&kept, &whole).await;
}

/// The requests that carried bytes, with their offsets.
fn patches(said: &Value) -> Vec<String> {
    let requests = said["requests"].as_array().unwrap().iter();
    requests
        .map(|request| request.as_str().unwrap().to_owned())
        .filter(|request| request.starts_with("PATCH"))
        .collect()
}
