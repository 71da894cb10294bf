//! Keys of the dataStore, as DHIS2 reads them out of an address.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tributary_sandbox::request::Request;

use crate::near::{ALL, server};

/// As seen on a real 2.42.5.2: the key that is said to be created is the one without its ending.
#[tokio::test]
async fn the_ending_of_a_key_is_cut_off() {
    for version in ALL {
        let running = server(version).await;
        let ask = async |method: &str, path: &str| {
            let target = format!("/api/dataStore/{path}");
            let login = format!("Basic {}", BASE64_STANDARD.encode("admin:district"));
            let request = Request::new(method, &target)
                .with_header("host", "h")
                .with_header("authorization", &login)
                .with_body("application/json", br#"{"k": 1}"#.to_vec());
            let answer = running.server.handle(request).await;
            (
                answer.status,
                String::from_utf8_lossy(&answer.body).into_owned(),
            )
        };
        let (status, made) = ask("POST", "n/a.b").await;
        assert!(status == 201 && made.contains("Key created: 'a'"), "{made}");
        assert_eq!(ask("POST", "n/a.json").await.0, 409, "{version:?}");
        let (_, made) = ask("POST", "n/a.b.c").await;
        assert!(made.contains("Key created: 'a.b'"), "{made}");
        assert_eq!(ask("POST", "n/a-b").await.0, 201);
        assert_eq!(ask("GET", "n").await.1, r#"["a","a-b","a.b"]"#);
        assert_eq!(ask("GET", "n.x").await.1, r#"["a","a-b","a.b"]"#);
        assert_eq!(ask("GET", "n/a.other").await.0, 200);
        assert_eq!(ask("GET", "n/a.b/metaData").await.0, 200);
        assert_eq!(ask("GET", "n/a.c/metaData").await.0, 404);
        assert_eq!(ask("DELETE", "n/a.z").await.0, 200);
        assert_eq!(ask("GET", "n/a").await.0, 404);
    }
}
