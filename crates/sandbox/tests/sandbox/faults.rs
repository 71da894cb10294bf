//! Each fault that a test can order, as a client sees it over HTTP.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tributary_sandbox::routes::run::client;
use tributary_sandbox::{RunningServer, ServerOptions, ServerVersion, start};

const ADMIN: &str = "Basic YWRtaW46ZGlzdHJpY3Q=";

async fn running() -> RunningServer {
    start(ServerOptions::new(ServerVersion::V42)).await.unwrap()
}

async fn order(server: &RunningServer, fault: Value) {
    let answer = client()
        .post(format!("{}/sandbox/faults", server.base_url))
        .body(fault.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{fault}");
}

async fn get(server: &RunningServer, path: &str) -> reqwest::Result<reqwest::Response> {
    let request = client().get(format!("{}{path}", server.base_url));
    request.header("authorization", ADMIN).send().await
}

/// Writes an entry of the dataStore.
async fn put(server: &RunningServer, key: &str) -> reqwest::Result<reqwest::Response> {
    client()
        .post(format!("{}/api/dataStore/faults/{key}", server.base_url))
        .header("authorization", ADMIN)
        .header("content-type", "application/json")
        .body("[1,2,3]")
        .send()
        .await
}

async fn is_kept(server: &RunningServer, key: &str) -> bool {
    let answer = get(server, &format!("/api/dataStore/faults/{key}"))
        .await
        .unwrap();
    answer.status() == 200
}

#[tokio::test]
async fn a_proxy_answers_in_its_own_words_and_nothing_is_done() {
    let server = running().await;
    for status in [429, 502, 503, 504] {
        let fault = json!({"path": "/api/dataStore", "status": status, "retryAfter": 2});
        order(&server, fault).await;
        let answer = put(&server, "proxy").await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["content-type"], "text/html");
        assert_eq!(answer.headers()["retry-after"], "2");
        let page = answer.text().await.unwrap();
        assert!(page.contains(&format!("<title>{status} ")), "{page}");
        assert!(!is_kept(&server, "proxy").await);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_proxy_answers_although_the_work_is_done() {
    let server = running().await;
    order(
        &server,
        json!({"method": "POST", "path": "/api/", "status": 504, "afterWork": true}),
    )
    .await;
    assert_eq!(put(&server, "late").await.unwrap().status(), 504);
    assert!(is_kept(&server, "late").await);
    server.stop().await;
}

#[tokio::test]
async fn an_answer_can_be_200_and_empty() {
    let server = running().await;
    order(&server, json!({"path": "/api/me", "empty": true})).await;
    let answer = get(&server, "/api/me").await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), "");
    server.stop().await;
}

#[tokio::test]
async fn the_line_is_cut_before_the_work_or_after_it() {
    let server = running().await;
    order(
        &server,
        json!({"method": "POST", "path": "/api/", "drop": "before"}),
    )
    .await;
    assert!(put(&server, "before").await.is_err());
    assert!(!is_kept(&server, "before").await);
    order(
        &server,
        json!({"method": "POST", "path": "/api/", "drop": "after"}),
    )
    .await;
    assert!(put(&server, "after").await.is_err());
    assert!(is_kept(&server, "after").await);
    server.stop().await;
}

#[tokio::test]
async fn the_line_is_cut_behind_the_head_or_within_the_body() {
    let server = running().await;
    order(&server, json!({"path": "/api/me", "drop": "head"})).await;
    let answer = get(&server, "/api/me").await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err());

    order(
        &server,
        json!({"path": "/api/me", "drop": "middle", "bytes": 10}),
    )
    .await;
    let mut answer = get(&server, "/api/me").await.unwrap();
    assert_eq!(answer.status(), 200);
    let promised = answer.content_length().unwrap();
    assert!(promised > 10);
    assert_eq!(answer.chunk().await.unwrap().unwrap().len(), 10);
    assert!(answer.chunk().await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn a_body_ends_early_and_its_head_agrees() {
    let server = running().await;
    let whole = get(&server, "/api/me?fields=username,id")
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let mut lengths = Vec::new();
    for seed in [1, 1, 2] {
        order(
            &server,
            json!({"path": "/api/me", "truncate": true, "seed": seed}),
        )
        .await;
        let answer = get(&server, "/api/me?fields=username,id").await.unwrap();
        assert_eq!(answer.status(), 200);
        let text = answer.text().await.unwrap();
        assert!(
            whole.starts_with(&text) && text.len() < whole.len(),
            "seed {seed}: {text}"
        );
        assert!(serde_json::from_str::<Value>(&text).is_err());
        lengths.push(text.len());
    }
    assert_eq!(lengths[0], lengths[1], "the same seed, another place");
    server.stop().await;
}

#[tokio::test]
async fn an_answer_comes_late_or_slowly() {
    let server = running().await;
    order(&server, json!({"path": "/api/me", "delayMillis": 60})).await;
    let begun = Instant::now();
    assert_eq!(get(&server, "/api/me").await.unwrap().status(), 200);
    assert!(begun.elapsed() >= Duration::from_millis(60));

    let whole = get(&server, "/api/me?fields=username,id")
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    order(
        &server,
        json!({"path": "/api/me", "slowBytes": 8, "slowMillis": 10}),
    )
    .await;
    let begun = Instant::now();
    let slow = get(&server, "/api/me?fields=username,id")
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let pieces = whole.len().div_ceil(8) as u32;
    assert_eq!(slow, whole);
    assert!(begun.elapsed() >= Duration::from_millis(10) * (pieces - 1));
    server.stop().await;
}

#[tokio::test]
async fn sessions_end_at_the_nth_request() {
    let server = running().await;
    let login = json!({"username": "admin", "password": "district"});
    let answer = client()
        .post(format!("{}/api/auth/login", server.base_url))
        .header("content-type", "application/json")
        .body(login.to_string())
        .send()
        .await
        .unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap();
    order(&server, json!({"expireSessionsAfterRequests": 2})).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let request = client()
            .get(format!("{}/api/me", server.base_url))
            .header("cookie", cookie)
            .header("x-requested-with", "XMLHttpRequest");
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 401, 401]);
    server.stop().await;
}

#[tokio::test]
async fn a_request_brings_its_own_fault() {
    let server = running().await;
    let request = |fault: &str| {
        client()
            .get(format!("{}/api/me", server.base_url))
            .header("authorization", ADMIN)
            .header("x-sandbox-fault", fault)
            .send()
    };
    assert_eq!(request("{\"status\": 502}").await.unwrap().status(), 502);
    assert!(request("{\"drop\": \"before\"}").await.is_err());
    assert_eq!(request("{\"nonsense\": 1}").await.unwrap().status(), 400);
    assert_eq!(get(&server, "/api/me").await.unwrap().status(), 200);
    server.stop().await;
}

#[tokio::test]
async fn the_same_seed_strikes_the_same_requests() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let server = running().await;
        let fault =
            json!({"path": "/api/me", "status": 503, "chance": 0.4, "times": 0, "seed": 42});
        order(&server, fault).await;
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(get(&server, "/api/me").await.unwrap().status().as_u16());
        }
        server.stop().await;
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(
        runs[0].contains(&200) && runs[0].contains(&503),
        "{:?}",
        runs[0]
    );
}

/// What a destination's users see when the source breaks down behind a route.
#[tokio::test]
async fn a_source_that_breaks_down_is_answered_for_by_the_route() {
    for version in [ServerVersion::V41, ServerVersion::V42, ServerVersion::V43] {
        let source = start(ServerOptions::new(ServerVersion::V42)).await.unwrap();
        let destination = start(ServerOptions::new(version)).await.unwrap();
        let route = json!({
            "name": "source", "code": "source", "url": format!("{}/**", source.base_url),
            "auth": {"type": "http-basic", "username": "admin", "password": "district"},
        });
        let made = client()
            .post(format!("{}/api/routes", destination.base_url))
            .header("authorization", ADMIN)
            .header("content-type", "application/json")
            .body(route.to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(made.status(), 201);
        let path = "/api/routes/source/run/api/me?fields=username";
        assert_eq!(get(&destination, path).await.unwrap().status(), 200);

        order(&source, json!({"drop": "before"})).await;
        let answer = get(&destination, path).await.unwrap();
        let expected = if version == ServerVersion::V41 {
            503
        } else {
            500
        };
        assert_eq!(answer.status(), expected, "{version}");
        assert!(answer.text().await.unwrap().contains("Connection refused"));

        order(
            &source,
            json!({"path": "/api/me", "drop": "middle", "bytes": 4}),
        )
        .await;
        let answer = get(&destination, path).await.unwrap();
        if version == ServerVersion::V41 {
            assert_eq!(answer.status(), 503);
        } else {
            assert_eq!(answer.status(), 200);
            assert!(answer.bytes().await.is_err(), "{version}");
        }
        source.stop().await;
        destination.stop().await;
    }
}
