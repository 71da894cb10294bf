//! What the checks stand on: the server, its rules, three people, and the suite's metadata.

mod requests;
pub(crate) use requests::first_words;

use crate::fixture;
use crate::http::{Http, Login};
use crate::verdict::Stop;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::cell::OnceCell;
use std::time::{Duration, Instant};
use tributary_dhis2::client::Reading;
use tributary_dhis2::query::Query;
use tributary_dhis2::routes::{Credentials, NewRoute, Secret, normalise_address};
use tributary_dhis2::values::{Conflict, OutgoingValue};
use tributary_dhis2::{Client, Differences, FailureKind, Method};

/// The code of the Route that most checks of Routes use.
pub const ROUTE: &str = "tributary-conformance-self";

/// What the suite is told.
#[derive(Clone)]
pub struct Setting {
    /// Address of the server.
    pub base: String,
    /// User name and password of a superuser.
    pub admin: (String, String),
    /// Address by which the server's Routes reach the source; the server itself when `None`.
    pub source: Option<String>,
    /// User name and password at the source, where it is another server.
    pub source_login: Option<(String, String)>,
    /// How long to wait until new metadata are in use.
    pub patience: Duration,
}

/// Everything a check works with.
pub struct Stage {
    /// The transport, as nobody.
    pub http: Http,
    /// What was told.
    pub setting: Setting,
    /// The rules that the client chose for this server.
    pub rules: Differences,
    /// Uid of the server's default category combo.
    pub default_combo: String,
    /// Uid of its default category option combo.
    pub default_coc: String,
    /// The server's date, `YYYY-MM-DD`.
    pub today: String,
    /// The password of the suite's users, new in each run.
    pub password: String,
    route: OnceCell<Result<String, Stop>>,
}

/// One value as it was read, with its own texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Present {
    /// Uid of the data element.
    pub element: String,
    /// Period id.
    pub period: String,
    /// Uid of the org unit.
    pub unit: String,
    /// Uid of the category option combo.
    pub coc: String,
    /// Uid of the attribute option combo.
    pub aoc: String,
    /// The value.
    pub value: String,
    /// The comment.
    pub comment: String,
}

impl Stage {
    /// Reads what the server is, and who may set the suite up.
    ///
    /// # Errors
    /// When the server does not answer, is too old, or the account is no superuser.
    pub async fn enter(setting: Setting) -> Result<Self> {
        let http = Http::new(&setting.base)?;
        let admin = http.with(Login::basic(&setting.admin.0, &setting.admin.1));
        let first = Client::own(admin.clone(), Differences::before_known());
        let (info, rules) = first.identify().await.context("cannot read the server")?;
        let admin = Client::own(admin, rules);
        let me = admin.me().await.context("cannot read the administrator")?;
        if !me.has_authority("ALL") {
            bail!("{} is no superuser (authority ALL)", setting.admin.0);
        }
        let query = Query::new()
            .with("filter", "name:eq:default")
            .with("fields", "id,categoryOptionCombos[id]");
        let combos: Value = admin
            .get_json("categoryCombos", &query, Reading::Small)
            .await?;
        let combo = &combos["categoryCombos"][0];
        let id = |value: &Value| value["id"].as_str().map(str::to_owned);
        Ok(Self {
            default_combo: id(combo).context("no category combo named default")?,
            default_coc: id(&combo["categoryOptionCombos"][0])
                .context("the default category combo has no combination")?,
            today: info.today().context("the server tells no date")?.to_owned(),
            http,
            setting,
            rules,
            password: new_password()?,
            route: OnceCell::new(),
        })
    }

    /// Loads the suite's metadata and waits until they are in use.
    ///
    /// # Errors
    /// When the server refuses them, or good values for them for longer than the patience.
    pub async fn set_up(&self, tell: impl Fn(&str)) -> Result<()> {
        let admin = self.admin();
        let query = Query::new()
            .with("filter", "level:eq:1")
            .with("fields", "id")
            .with("pageSize", "1");
        let roots: Value = admin
            .get_json("organisationUnits", &query, Reading::Small)
            .await?;
        let root = roots["organisationUnits"][0]["id"].as_str();
        let metadata = fixture::metadata(root, &self.default_combo, &self.password, &self.today);
        let answer = self
            .send(
                &admin,
                Method::Post,
                "api/metadata?importReportMode=ERRORS",
                Some(metadata.to_string()),
            )
            .await?;
        let report: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status != 200 || report["status"] != "OK" {
            bail!(
                "the server refused the suite's metadata ({}): {}",
                answer.status,
                first_words(&answer.body)
            );
        }
        self.wait_until_in_use(tell).await
    }

    /// For minutes after metadata was created, 2.41.9 and 2.42.5.2 refused good values with
    /// E7644 (`zz-import-rules`): the same request passes later. So one good value of each
    /// element is sent until all are taken.
    async fn wait_until_in_use(&self, tell: impl Fn(&str)) -> Result<()> {
        let began = Instant::now();
        for (set, values) in self.good_values() {
            loop {
                let answer = self.importer().write_values(set, &values).await?;
                if answer.refused() == 0 {
                    break;
                }
                let early = |conflict: &Conflict| conflict.code == "E7644";
                if !answer.conflicts.iter().all(early) || began.elapsed() >= self.setting.patience {
                    bail!("the server refuses good values: {:?}", answer.conflicts);
                }
                tell("the server does not use the new metadata yet (E7644); waiting 10 s");
                tokio::time::sleep(Duration::from_secs(10)).await;
            }
        }
        Ok(())
    }

    /// A good value of each element that the importer may write, by data set, in months that
    /// no check looks at.
    fn good_values(&self) -> Vec<(&'static str, Vec<OutgoingValue<'_>>)> {
        let plain = |element, value| self.value(element, "201512", fixture::UNIT_A, value);
        let by_sex = OutgoingValue {
            category_option_combo: fixture::COC_FEMALE,
            ..plain(fixture::BY_SEX, "1")
        };
        let by_project = OutgoingValue {
            period: "202406",
            attribute_option_combo: fixture::AOC_DATED,
            ..plain(fixture::BY_PROJECT, "1")
        };
        let monthly = vec![
            plain(fixture::COUNT, "1"),
            plain(fixture::COUNT_2, "1"),
            plain(fixture::INTEGER, "1"),
            plain(fixture::NO_ZEROS, "1"),
            plain(fixture::NUMBER, "1"),
            plain(fixture::BOOLEAN, "true"),
            plain(fixture::DATE, "2015-12-01"),
            plain(fixture::TEXT, "good"),
            plain(fixture::COLOUR, "RED"),
            plain(fixture::IN_TWO_SETS, "1"),
            by_sex,
        ];
        let mut good = vec![
            (fixture::MONTHLY, monthly),
            (fixture::SECOND, vec![plain(fixture::ELSEWHERE, "1")]),
            (fixture::PROJECTS, vec![by_project]),
        ];
        if !self.rules.input_periods_inverted {
            let open = OutgoingValue {
                period: "202601",
                ..plain(fixture::WITH_INPUT_PERIODS, "1")
            };
            good.push((fixture::INPUT_PERIODS, vec![open]));
        }
        good
    }

    /// The client as the superuser that was given.
    #[must_use]
    pub fn admin(&self) -> Client<Http> {
        let (username, password) = &self.setting.admin;
        self.own(Login::basic(username, password))
    }

    /// The client as who imports and connects; not a superuser.
    #[must_use]
    pub fn importer(&self) -> Client<Http> {
        self.own(self.login_of(fixture::IMPORTER))
    }

    /// The client as the clerk of [`fixture::UNIT_A`].
    #[must_use]
    pub fn clerk(&self) -> Client<Http> {
        self.own(self.login_of(fixture::CLERK))
    }

    /// The client as anybody.
    #[must_use]
    pub fn own(&self, login: Login) -> Client<Http> {
        Client::own(self.http.with(login), self.rules)
    }

    /// The client through a Route, as one of the suite's users.
    #[must_use]
    pub fn through(&self, code: &str, username: &str) -> Client<Http> {
        let http = self.http.with(self.login_of(username));
        Client::through_route(http, code, self.rules)
    }

    /// How one of the suite's users shows who it is.
    #[must_use]
    pub fn login_of(&self, username: &str) -> Login {
        Login::basic(username, &self.password)
    }

    /// Whether the source is this same server, so that it holds the suite's metadata.
    #[must_use]
    pub fn source_is_self(&self) -> bool {
        self.setting.source_login.is_none()
    }

    /// The address of the source, as a Route holds it.
    ///
    /// # Errors
    /// [`Stop::NotMet`] where the client takes it for no address.
    pub fn source_address(&self) -> Result<String, Stop> {
        let typed = self.setting.source.as_ref().unwrap_or(&self.setting.base);
        normalise_address(typed).map_err(|fault| Stop::NotMet(fault.to_string()))
    }

    /// The account at the source: the importer, or the one given for another server.
    #[must_use]
    pub fn source_account(&self) -> (String, String) {
        let own = || (fixture::IMPORTER.to_owned(), self.password.clone());
        self.setting.source_login.clone().unwrap_or_else(own)
    }

    /// A new Route to the source, shared with the clerks, not yet sent.
    ///
    /// # Errors
    /// As [`Self::source_address`].
    pub fn new_route(&self, code: &str) -> Result<NewRoute, Stop> {
        let (username, password) = self.source_account();
        Ok(NewRoute {
            code: code.to_owned(),
            name: code.to_owned(),
            address: self.source_address()?,
            credentials: Credentials::Basic {
                username,
                password: Secret::exactly(&password),
            },
            reader_groups: vec![fixture::GROUP.to_owned()],
        })
    }

    /// The uid of the Route [`ROUTE`], made by the importer when it is first asked for.
    ///
    /// # Errors
    /// [`Stop::NotApplicable`] where the server may not reach the source.
    pub async fn route(&self) -> Result<String, Stop> {
        if let Some(made) = self.route.get() {
            return made.clone();
        }
        let made = self.make_route().await;
        self.route.get_or_init(|| made).clone()
    }

    async fn make_route(&self) -> Result<String, Stop> {
        let route = self.new_route(ROUTE)?;
        match self.importer().create_route(&route).await {
            Err(failure) if failure.kind == FailureKind::HostNotAllowed => {
                Err(Stop::NotApplicable(format!(
                    "route.remote_servers_allowed in the server's dhis.conf does not hold {}",
                    route.address
                )))
            }
            other => Ok(other?),
        }
    }
}

/// A password that meets DHIS2's rules and that nobody can guess.
fn new_password() -> Result<String> {
    let mut bytes = [0_u8; 12];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("Cf-{digits}"))
}
