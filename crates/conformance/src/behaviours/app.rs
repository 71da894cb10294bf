//! Installing an app, as an administrator does with Tributary's zip.

use super::{Behaviour, behaviour};
use crate::fixture;
use crate::stage::Stage;
use crate::verdict::{Checked, Stop, demand};
use std::io::{Cursor, Write};
use tributary_dhis2::{Method, Request, Transport};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// This group.
pub(super) const ALL: &[Behaviour] = &[behaviour!(
    app,
    "installed and removed",
    "an app is installed, served and removed",
    ["app_install_status"],
    installed
)];

/// What stands between the parts of the upload.
const BOUNDARY: &str = "tributary-conformance-boundary";

/// A zip with a manifest and one page.
fn package() -> zip::result::ZipResult<Vec<u8>> {
    let manifest = serde_json::json!({
        "name": fixture::NAME, "short_name": fixture::CODE, "version": "1.0.0", "appType": "APP",
        "launch_path": "index.html", "activities": {"dhis": {"href": "*"}},
        "developer": {"name": "Tributary"}, "icons": {"48": "icon.png"},
    });
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("manifest.webapp", manifest.to_string()),
        (
            "index.html",
            "<!doctype html><title>Conformance</title>\n".to_owned(),
        ),
    ] {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(content.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

async fn installed(stage: &Stage) -> Checked {
    let zip = package().map_err(|error| Stop::NotMet(error.to_string()))?;
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; \
         filename=\"{}-1.0.0.zip\"\r\nContent-Type: application/zip\r\n\r\n",
        fixture::CODE
    )
    .into_bytes();
    body.extend(zip);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    let admin = stage.admin();
    let header = |name: &str, value: String| (name.to_owned(), value);
    let request = Request {
        method: Method::Post,
        path: "api/apps".to_owned(),
        headers: vec![
            header("X-Requested-With", "XMLHttpRequest".to_owned()),
            header(
                "Content-Type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            ),
        ],
        body: Some(body),
        timeout_millis: Some(120_000),
    };
    let sent = admin.transport().send(request).await;
    let answer = sent.map_err(|error| Stop::NotMet(error.to_string()))?;
    demand!(
        answer.status == stage.rules.app_install_status,
        "status {}: {}",
        answer.status,
        crate::stage::first_words(&answer.body)
    );
    let page = format!(
        "api/apps/{}/index.html?redirect=false&shell=false",
        fixture::CODE
    );
    let served = stage.send(&admin, Method::Get, &page, None).await?;
    demand!(
        served.status == 200 && String::from_utf8_lossy(&served.body).contains("Conformance"),
        "the page: {}",
        served.status
    );
    let path = format!("api/apps/{}", fixture::CODE);
    let removed = stage.send(&admin, Method::Delete, &path, None).await?;
    demand!(
        (200..300).contains(&removed.status),
        "removing it: {}",
        removed.status
    );
    Ok(())
}
