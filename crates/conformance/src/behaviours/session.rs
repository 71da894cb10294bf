//! Who is there, which server it is, and what an ended session looks like.

use super::{Behaviour, behaviour};
use crate::fixture;
use crate::http::Login;
use crate::stage::Stage;
use crate::verdict::{Checked, Stop, demand, told};
use tributary_dhis2::{FailureKind, Side};

/// A cookie that no server ever gave.
const NO_SESSION: &str = "JSESSIONID=0123456789ABCDEF0123456789ABCDEF";

/// This group.
pub(super) const ALL: &[Behaviour] = &[
    behaviour!(
        session,
        "version",
        "the version is one whose rules are known",
        [],
        version
    ),
    behaviour!(
        session,
        "log-in",
        "who logs in works on a session; after the log-out it is over",
        ["login_endpoint"],
        log_in
    ),
    behaviour!(
        session,
        "me",
        "people see their rights, org units and groups",
        [],
        me
    ),
    behaviour!(
        session,
        "session over",
        "an ended session and a wrong password are told as such",
        [],
        session_over
    ),
];

async fn version(stage: &Stage) -> Checked {
    let (info, rules) = stage.importer().identify().await?;
    let version = rules.version;
    demand!(
        version.is_some_and(|version| !version.newer_than_known()),
        "{} is newer than any version whose rules are known",
        info.version
    );
    demand!(info.today().is_some(), "the server does not tell its date");
    Ok(())
}

async fn log_in(stage: &Stage) -> Checked {
    let lost = |error| Stop::NotMet(format!("no answer to the log-in: {error}"));
    let open = |password: String, by_json| async move {
        let http = &stage.http;
        http.open_session(fixture::CLERK, &password, by_json).await
    };
    let by_json = open(stage.password.clone(), true).await.map_err(lost)?;
    demand!(
        by_json.is_some() == stage.rules.login_endpoint,
        "POST /api/auth/login {}",
        if by_json.is_some() {
            "logs in"
        } else {
            "does not log in"
        }
    );
    let wrong = open("wrong".to_owned(), stage.rules.login_endpoint).await;
    demand!(wrong.map_err(lost)?.is_none(), "a wrong password logs in");
    let cookie = match by_json {
        Some(cookie) => Some(cookie),
        None => open(stage.password.clone(), false).await.map_err(lost)?,
    };
    let Some(cookie) = cookie else {
        return Err(Stop::NotMet("no way to log in".to_owned()));
    };
    let client = stage.own(Login::Session(cookie));
    let me = client.me().await?;
    demand!(
        me.username == fixture::CLERK,
        "logged in as {}",
        me.username
    );
    client.transport().log_out().await.map_err(lost)?;
    if client.own_session_is_good().await? {
        let words = "this server does not end sessions at logout.action";
        return Err(Stop::NotApplicable(words.to_owned()));
    }
    Ok(())
}

async fn me(stage: &Stage) -> Checked {
    let importer = stage.importer().me().await?;
    demand!(
        importer.may_write_values() && importer.may_create_routes(),
        "the importer's rights are {:?}",
        importer.authorities
    );
    let clerk = stage.clerk().me().await?;
    demand!(
        clerk.may_write_values() && !clerk.may_create_routes() && !clerk.has_authority("ALL"),
        "the clerk's rights are {:?}",
        clerk.authorities
    );
    let unit = clerk.organisation_units.first();
    demand!(
        unit.is_some_and(|unit| unit.id == fixture::UNIT_A
            && unit
                .path
                .ends_with(&format!("/{}/{}", fixture::TOP, fixture::UNIT_A))),
        "the clerk's org unit is {unit:?}"
    );
    demand!(
        clerk
            .user_groups
            .iter()
            .any(|group| group.id == fixture::GROUP),
        "the clerk's groups are {:?}",
        clerk.user_groups
    );
    demand!(
        clerk.data_sets.iter().any(|set| set == fixture::MONTHLY),
        "the clerk does not see the monthly data set"
    );
    Ok(())
}

async fn session_over(stage: &Stage) -> Checked {
    let ended = [
        Login::Nobody,
        Login::Session(NO_SESSION.to_owned()),
        Login::basic(fixture::CLERK, "wrong"),
    ];
    for login in ended {
        let client = stage.own(login);
        let answer = client.me().await;
        let logged_out = |failure: &tributary_dhis2::Failure| {
            failure.kind == FailureKind::LoggedOut && failure.side == Side::Destination
        };
        demand!(
            answer.as_ref().is_err_and(logged_out),
            "reading me: {}",
            told(&answer)
        );
        demand!(
            !client.own_session_is_good().await?,
            "the session is taken for good"
        );
        let value = stage.value(fixture::COUNT, "202401", fixture::UNIT_A, "1");
        let written = client.write_values(fixture::MONTHLY, &[value]).await;
        demand!(
            written.as_ref().is_err_and(logged_out),
            "writing: {}",
            told(&written)
        );
    }
    Ok(())
}
