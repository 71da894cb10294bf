//! With the recorded pace data values take their time, and nothing else does.

use std::time::{Duration, Instant};

use tributary_sandbox::request::Request;
use tributary_sandbox::{Pace, RunningServer, ServerOptions, ServerVersion, start};

/// What one request takes.
async fn time(running: &RunningServer, method: &str, target: &str) -> Duration {
    let request = Request::new(method, target)
        .with_header("authorization", "Basic YWRtaW46ZGlzdHJpY3Q=")
        .with_body("application/json", r#"{"dataValues":[]}"#);
    let began = Instant::now();
    running.server.handle(request).await;
    began.elapsed()
}

#[tokio::test]
async fn values_take_as_long_as_they_took() {
    assert_eq!(Pace::recorded(ServerVersion::V41), None);
    let mut options = ServerOptions::new(ServerVersion::V43);
    assert_eq!(options.pace, None, "only where it is asked for");
    options.pace = Pace::recorded(ServerVersion::V43);
    let least = options.pace.unwrap().writing(0);
    assert!(least >= Duration::from_millis(200));
    let paced = start(options).await.unwrap();
    let (one, other) = tokio::join!(
        time(&paced, "POST", "/api/dataValueSets"),
        time(&paced, "POST", "/api/dataValueSets")
    );
    assert!(
        one.min(other) >= least && one.max(other) >= 2 * least,
        "{one:?}, {other:?}"
    );
    // A server at its own pace is a hundred times as quick; this one is, too, about other things.
    let quick = start(ServerOptions::new(ServerVersion::V43)).await.unwrap();
    let unpaced = time(&quick, "POST", "/api/dataValueSets").await;
    let another = time(&paced, "GET", "/api/system/info").await;
    assert!(
        unpaced < least && another < least,
        "{unpaced:?}, {another:?}"
    );
    // Nothing read takes next to no time.
    let read = time(&paced, "GET", "/api/dataValueSets.csv?dataSet=none").await;
    assert!(read < least, "{read:?}");
}
