//! A server over HTTP: what it keeps over a restart, the faults that tests order, what a
//! strict proxy adds, and the stand-in for the shell.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tributary_sandbox::demo;
use tributary_sandbox::request::Request;
use tributary_sandbox::{RunningServer, ServerOptions, ServerVersion, start};

const ADMIN: &str = "Basic YWRtaW46ZGlzdHJpY3Q=";

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sandbox-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn database(&self) -> PathBuf {
        self.0.join("server.redb")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn options(database: Option<&Path>) -> ServerOptions {
    let mut options = ServerOptions::new(ServerVersion::V42);
    options.database = database.map(Path::to_owned);
    options
}

/// Status and body of a request made as the administrator, within the process.
async fn call(running: &RunningServer, method: &str, target: &str, body: Value) -> (u16, String) {
    let request = Request::new(method, target)
        .with_header("authorization", ADMIN)
        .with_header("host", running.base_url.trim_start_matches("http://"))
        .with_body(
            "application/json",
            if body.is_null() {
                String::new()
            } else {
                body.to_string()
            },
        );
    let answer = running.server.handle(request).await;
    (
        answer.status,
        String::from_utf8_lossy(&answer.body).into_owned(),
    )
}

fn file(path: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/recordings")
        .join(path);
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

#[tokio::test]
async fn everything_is_kept_over_a_restart_and_fresh_starts_over() {
    let folder = Folder::new("restart");
    let running = start(options(Some(&folder.database()))).await.unwrap();
    running
        .server
        .load_metadata(&file("seed/metadata.json"))
        .unwrap();
    // Without org units of their own even superusers read nothing up to 2.42.
    demo::give_admin(&running.server, &["ouCountry01".to_owned()]).unwrap();
    let entry = json!({"revision": 1});
    assert_eq!(
        call(&running, "POST", "/api/dataStore/tributary/a", entry)
            .await
            .0,
        201
    );
    assert_eq!(
        call(
            &running,
            "PUT",
            "/api/userSettings/keyUiLocale?value=fr",
            Value::Null
        )
        .await
        .0,
        200
    );
    let value = json!({"dataValues": [{"dataElement": "deIntZeroP1", "period": "202601", "orgUnit": "ouFacA10001",
        "categoryOptionCombo": "HllvX50cXC0", "attributeOptionCombo": "HllvX50cXC0", "value": "5"}]});
    running.server.load_values(&value).unwrap();
    let log_in = json!({"username": "clerk", "password": "Clerk123!"});
    let request =
        Request::new("POST", "/api/auth/login").with_body("application/json", log_in.to_string());
    let answer = running.server.handle(request).await;
    let cookie = answer
        .headers
        .iter()
        .find(|(n, _)| n == "set-cookie")
        .unwrap()
        .1
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    running.stop().await;

    let running = start(options(Some(&folder.database()))).await.unwrap();
    assert_eq!(
        call(&running, "GET", "/api/dataStore/tributary/a", Value::Null)
            .await
            .1,
        "{\"revision\":1}"
    );
    assert_eq!(
        call(
            &running,
            "GET",
            "/api/userSettings/keyUiLocale",
            Value::Null
        )
        .await
        .1,
        "fr"
    );
    let target = "/api/dataValueSets?dataSet=dsMonthly01&period=202601&orgUnit=ouFacA10001";
    assert!(
        call(&running, "GET", target, Value::Null)
            .await
            .1
            .contains("\"value\":\"5\"")
    );
    let request = Request::new("GET", "/api/me?fields=username").with_header("cookie", &cookie);
    let answer = running.server.handle(request).await;
    assert_eq!(
        String::from_utf8_lossy(&answer.body),
        "{\"username\":\"clerk\"}"
    );
    running.stop().await;

    let fresh = ServerOptions {
        fresh: true,
        ..options(Some(&folder.database()))
    };
    let running = start(fresh).await.unwrap();
    assert_eq!(
        call(&running, "GET", "/api/dataStore/tributary/a", Value::Null)
            .await
            .0,
        404
    );
    assert!(!demo::is_filled(&running.server));
    running.stop().await;
}

#[tokio::test]
async fn faults_strike_as_ordered_and_then_are_over() {
    let running = start(options(None)).await.unwrap();
    let order = |fault: Value| call(&running, "POST", "/sandbox/faults", fault);
    order(json!({"path": "/api/me", "method": "GET", "after": 1, "times": 2, "status": 503})).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(call(&running, "GET", "/api/me", Value::Null).await.0);
    }
    assert_eq!(statuses, [200, 503, 503, 200]);

    // The work is done, the answer lost: seen from outside the line is cut.
    order(json!({"path": "/api/dataStore", "method": "POST", "drop": "after"})).await;
    let client = tributary_sandbox::routes::run::client();
    let address = format!("{}/api/dataStore/n/k", running.base_url);
    let post = client
        .post(&address)
        .header("authorization", ADMIN)
        .header("content-type", "application/json")
        .body("1");
    assert!(post.send().await.is_err());
    assert_eq!(
        call(&running, "GET", "/api/dataStore/n/k", Value::Null).await,
        (200, "1".to_owned())
    );

    order(json!({"expireSessionsAfterRequests": 1})).await;
    let login = json!({"username": "admin", "password": "district"});
    let request =
        Request::new("POST", "/api/auth/login").with_body("application/json", login.to_string());
    let answer = running.server.handle(request).await;
    let cookie = &answer
        .headers
        .iter()
        .find(|(n, _)| n == "set-cookie")
        .unwrap()
        .1;
    let by_session = Request::new("GET", "/api/me")
        .with_header("cookie", cookie)
        .with_header("x-requested-with", "XMLHttpRequest");
    assert_eq!(running.server.handle(by_session.clone()).await.status, 401);
    assert_eq!(
        call(&running, "GET", "/sandbox/faults", Value::Null)
            .await
            .1,
        "{\"faults\":[]}"
    );
    running.stop().await;
}

#[tokio::test]
async fn the_log_in_form_opens_a_session_and_leads_nowhere_else() {
    let running = start(options(None)).await.unwrap();
    let form = |body: &str| {
        Request::new("POST", "/dhis-web-commons-security/login.action")
            .with_header("host", "h")
            .with_body("application/x-www-form-urlencoded", body)
    };
    let header = |answer: &tributary_sandbox::answer::Answer, name: &str| {
        answer
            .headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.clone())
            .unwrap_or_default()
    };
    let answer = running
        .server
        .handle(form(
            "j_username=admin&j_password=district&redirect=%2F%2Fevil.example",
        ))
        .await;
    assert_eq!(header(&answer, "location"), "http://h/");
    assert!(header(&answer, "set-cookie").starts_with("JSESSIONID="));
    let answer = running
        .server
        .handle(form("j_username=admin&j_password=wrong"))
        .await;
    assert_eq!(
        header(&answer, "location"),
        "http://h/dhis-web-login/?failed=true"
    );
    running.stop().await;
}

#[tokio::test]
async fn the_sample_pair_can_be_loaded_and_read() {
    let today = "2026-11-22".parse().unwrap();
    let sample = demo::Sample {
        facilities: Some(40),
        months: Some(3),
        ..demo::Sample::default()
    };
    let (destination, source) = demo::servers(&sample, today);
    for content in [destination, source] {
        let running = start(options(None)).await.unwrap();
        demo::fill(&running.server, &content).unwrap();
        let (status, body) = call(
            &running,
            "GET",
            "/api/organisationUnits?paging=false&fields=path,level",
            Value::Null,
        )
        .await;
        assert_eq!(status, 200);
        let units: Value = serde_json::from_str(&body).unwrap();
        let units = units["organisationUnits"].as_array().unwrap();
        assert!(units.len() > 10);
        assert!(
            units
                .iter()
                .all(|u| u["path"].as_str().unwrap().matches('/').count() as u64
                    == u["level"].as_u64().unwrap())
        );
        assert_eq!(running.server.values.len(), content.values.len());
        running.stop().await;
    }
}

#[tokio::test]
async fn a_strict_proxy_and_the_shell_are_there_when_asked_for() {
    let recorded = file("scenarios/app-hosting.json");
    let zip = recorded["steps"][0]["uploadBase64"].as_str().unwrap();
    let zip = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, zip).unwrap();
    let options = ServerOptions {
        shell: true,
        strict_proxy: true,
        ..options(None)
    };
    let running = start(options).await.unwrap();
    tributary_sandbox::apps::api::install_zip(&running.server, "conform-app.zip", &zip).unwrap();
    let request = |target: &str| {
        Request::new("GET", target)
            .with_header("authorization", ADMIN)
            .with_header("host", "h")
    };
    let answer = running
        .server
        .handle(request("/api/apps/conform-app/index.html?redirect=false"))
        .await;
    let policies: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(n, _)| n == "content-security-policy")
        .map(|(_, v)| v.as_str())
        .collect();
    assert_eq!(
        policies,
        ["default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'self'"]
    );
    let (status, page) = call(&running, "GET", "/apps/conform-app", Value::Null).await;
    assert_eq!(status, 200);
    assert!(page.contains("/api/apps/conform-app/index.html?redirect=false"));
    assert!(!page.contains("<script>"));
    running.stop().await;
}
