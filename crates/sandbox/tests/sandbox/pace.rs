//! With the recorded pace data values take their time, and nothing else does.

use std::time::Duration;

use tokio::time::Instant;
use tributary_sandbox::request::Request;
use tributary_sandbox::{Pace, RunningServer, ServerOptions, ServerVersion, start};

/// What one request takes, by a clock that stands still but for what is waited.
async fn time(running: &RunningServer, method: &str, target: &str) -> Duration {
    let request = Request::new(method, target)
        .with_header("authorization", "Basic YWRtaW46ZGlzdHJpY3Q=")
        .with_body("application/json", r#"{"dataValues":[]}"#);
    let began = Instant::now();
    running.server.handle(request).await;
    began.elapsed()
}

#[tokio::test(start_paused = true)]
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
    assert_eq!([one.min(other), one.max(other)], [least, 2 * least]);
    // A server at its own pace does not wait; nor does this one about other things, or where
    // nothing is read.
    let quick = start(ServerOptions::new(ServerVersion::V43)).await.unwrap();
    for (server, method, target) in [
        (&quick, "POST", "/api/dataValueSets"),
        (&paced, "GET", "/api/system/info"),
        (&paced, "GET", "/api/dataValueSets.csv?dataSet=none"),
    ] {
        assert_eq!(
            time(server, method, target).await,
            Duration::ZERO,
            "{target}"
        );
    }
}
