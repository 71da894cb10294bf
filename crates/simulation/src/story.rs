//! The life of an exchange, by seed.

mod ending;

use std::rc::Rc;

use futures_util::future::join3;
use tributary_exchange::problem::Problem;
use tributary_exchange::question::Question;
use tributary_exchange::questions::import::{
    PlanRows, PrepareImport, ReadPlan, ReportCsv, RunReport, SendPlan, Stop,
};
use tributary_exchange::questions::runs::{LeaveRun, RunsUnderWay, TakeOver};
use tributary_exchange::service::Service;

use crate::line::{CLERK, Line, Weather, ask};
use crate::oracle::{Circumstances, Rows, check_plan, check_report, sendable, with_cells};
use crate::random::Random;
use crate::time::{Ended, Time};
use crate::told::Told;
use crate::watch::{Others, Phase, Seen, Watch};
use crate::world::World;

/// Lives through a seed. The same seed does the same, however often.
pub fn run(seed: u64) -> Told {
    let time = Time::default();
    match World::new(seed, &time) {
        Err(text) => Told {
            violations: vec![format!("set-up: {text}")],
            ..Told::default()
        },
        Ok(world) => Life::new(seed, time, Rc::new(world)).live(),
    }
}

/// Why a question has no answer.
enum Unanswered {
    /// The tab is gone.
    Killed,
    /// Something went wrong.
    Failed,
}

struct Life {
    time: Time,
    world: Rc<World>,
    watch: Rc<Watch>,
    line: Line,
    random: Random,
    service: Service<Line>,
    /// Values that are read and written at one go: of all, or of a part of a month.
    at_one_go: (usize, usize),
    told: Told,
}

impl Life {
    fn new(seed: u64, time: Time, world: Rc<World>) -> Self {
        let watch = Rc::new(Watch::new(Rc::clone(&world), seed, time.clone()));
        let onlooker = Rc::clone(&watch);
        let line = Line::new(&time, &world, CLERK, Random::new(seed, "line"), onlooker);
        let draw = Random::new(seed, "at one go");
        let size = |sizes: [usize; 3]| draw.pick(&sizes).copied().unwrap_or(usize::MAX);
        let at_one_go = (size([4, 40, usize::MAX]), size([3, 40, usize::MAX]));
        Self {
            told: Told {
                versions: format!(
                    "{} from {}",
                    world.destination.version, world.source.version
                ),
                ..Told::default()
            },
            random: Random::new(seed, "story"),
            service: Service::new(line.clone()).with_at_one_go(at_one_go.0, at_one_go.1),
            at_one_go,
            time,
            world,
            watch,
            line,
        }
    }

    /// Of a new tab.
    fn new_service(&self) -> Service<Line> {
        let (read, write) = self.at_one_go;
        Service::new(self.line.clone()).with_at_one_go(read, write)
    }

    fn live(mut self) -> Told {
        let outcome = self.storm().and_then(|()| self.clear());
        if let Err(text) = outcome {
            self.watch.violation(text);
        }
        self.watch.with(|seen| {
            self.told.violations.append(&mut seen.violations);
            self.told.writes = seen.posts;
            self.told.deletions = seen.deletions;
            self.told.edits = seen.edits;
        });
        self.told.requests = self.line.requests();
        self.told.faults = self.line.faults();
        self.told.trace = self.line.trace();
        self.told
    }

    /// Bad weather, kills, and other people at work.
    fn storm(&mut self) -> Result<(), String> {
        let draw = |rates: [u64; 4]| self.random.pick(&rates).copied().unwrap_or(0);
        let weather = Weather {
            other: draw([0, 0, 10, 40]),
            reads: draw([0, 50, 150, 300]),
            writes: draw([0, 200, 400, 700]),
        };
        let others = Others {
            source: draw([0, 0, 20, 80]),
            destination: draw([0, 100, 300, 600]),
        };
        let kills = draw([0, 0, 150, 400]);
        self.line.set_weather(weather);
        self.watch.with(|seen| seen.others = others);
        self.line
            .note(format!("{weather:?} {others:?} kills {kills}"));
        for _ in 0..2 + self.random.below(4) {
            if let Err(Unanswered::Killed) = self.one_import(kills)? {
                self.told.kills += 1;
                self.line.note("killed".into());
                self.service = self.new_service();
            } else if self.random.chance(300) {
                self.service = self.new_service();
            }
        }
        Ok(())
    }

    /// Prepares, reads and sends once, with what comes in between.
    fn one_import(&mut self, kills: u64) -> Result<Result<(), Unanswered>, String> {
        macro_rules! answered {
            ($outcome:expr) => {
                match $outcome {
                    Ok(answer) => answer,
                    Err(unanswered) => return Ok(Err(unanswered)),
                }
            };
        }
        answered!(self.prepare(kills));
        answered!(self.settle());
        let rows = answered!(self.read(kills)?);
        let consent = SendPlan {
            overwrite: self.random.chance(800),
            overwrite_edited: self.random.chance(300),
            delete_cleared: self.random.chance(500),
        };
        self.watch.with(|seen| seen.plan = sendable(&rows, consent));
        for _ in 0..self.random.below(4) {
            if self.random.chance(300) {
                self.watch.edit_source();
            } else if self.watch.with(|seen| seen.others.destination > 0) {
                self.watch.edit_destination();
            }
        }
        if self.random.chance(200) {
            self.world.hinder()?;
        }
        for _ in 0..1 + self.random.below(3) {
            let life = self.life(kills);
            let stop_after = self.random.chance(150).then(|| self.random.below(3_000));
            let report = answered!(self.send(consent, life, stop_after)?);
            if report.ended_by.is_none() && self.random.chance(700) {
                break;
            }
        }
        Ok(Ok(()))
    }

    /// In how many milliseconds the tab is killed, if it is.
    fn life(&self, kills: u64) -> Option<u64> {
        let spans = [300, 1_000, 3_000, 10_000];
        let span = self.random.pick(&spans).copied().unwrap_or(0);
        let life = self.random.below(span);
        self.random.chance(kills).then_some(life)
    }

    /// Asks a question. A problem without a fault of the line, or one that is ours, is a
    /// violation.
    fn ask<Q: Question + std::fmt::Debug>(
        &self,
        question: Q,
        life: Option<u64>,
    ) -> Result<Q::Answer, Unanswered> {
        self.line.log_in();
        let faults = self.line.faults();
        let name = format!("{question:?}");
        let ended = self.time.run(ask(&self.service, question), life);
        self.end(&name, ended, faults)
    }

    fn end<A>(
        &self,
        name: &str,
        ended: Ended<Result<A, Problem>>,
        faults: u64,
    ) -> Result<A, Unanswered> {
        let name = name.split([' ', '{']).next().unwrap_or_default();
        match ended {
            Ended::Done(Ok(answer)) => {
                self.line.note(format!("{name} answered"));
                Ok(answer)
            }
            Ended::Done(Err(problem)) => {
                self.line.note(format!("{name}: {}", problem.kind));
                let ours = ["unaccounted", "brokenMessage", "busy", "unknownQuestion"];
                if faults == self.line.faults() || ours.contains(&problem.kind.as_str()) {
                    self.watch.violation(format!("{name}: {problem:?}"));
                }
                Err(Unanswered::Failed)
            }
            Ended::Killed => Err(Unanswered::Killed),
            Ended::Stuck => {
                self.watch.violation(format!("{name} waits for nothing"));
                Err(Unanswered::Killed)
            }
        }
    }

    fn prepare(&self, kills: u64) -> Result<(), Unanswered> {
        self.watch.with(|seen| {
            seen.phase = Phase::Reading;
            seen.reading_since = self.time.now();
            seen.plan.clear();
            seen.edited.clear();
            seen.source_changed = false;
            seen.is_stamped_anew = false;
        });
        let question = PrepareImport {
            exchange: self.world.exchange.clone(),
        };
        let choices = self.ask(question, self.life(kills))?;
        if !choices.obstacles.is_empty() {
            let text = format!("obstacles: {:?}", choices.obstacles);
            self.watch.violation(text);
        }
        Ok(())
    }

    /// Comes back to a run that was cut off: goes on with it, or leaves it.
    fn settle(&self) -> Result<(), Unanswered> {
        let exchange = self.world.exchange.clone();
        for run in self.ask(RunsUnderWay { exchange }, None)? {
            let handle = run.handle;
            if self.random.chance(500) {
                self.ask(TakeOver { handle }, None)?;
            } else {
                self.ask(LeaveRun { handle }, None)?;
            }
        }
        Ok(())
    }

    fn read(&self, kills: u64) -> Result<Result<Rows, Unanswered>, String> {
        let question = ReadPlan {
            exchange: self.world.exchange.clone(),
            periods: self.world.periods.clone(),
            org_units: vec!["ouRegionA01".into()],
        };
        self.watch.with(|seen| seen.plans += 1);
        let plan = match self.ask(question, self.life(kills)) {
            Ok(plan) => plan,
            Err(unanswered) => {
                // It may be remembered all the same.
                let noted = |seen: &mut Seen| seen.note_edits_without_plan(&self.world);
                self.watch.with(noted)?;
                return Ok(Err(unanswered));
            }
        };
        let failed = plan.failed_slices.iter();
        failed.for_each(|slice| {
            let (set, period) = (&slice.data_set, &slice.period);
            self.line.note(format!("not read: {set} {period}"));
        });
        let rows = self.rows()?;
        let wrong = self
            .watch
            .with(|seen| check_plan(&self.world, seen, &plan, &rows))?;
        self.watch.with(|seen| {
            seen.planned_at = self.time.now();
            seen.after_plan(&self.world, &plan, &rows)
        })?;
        wrong
            .into_iter()
            .for_each(|text| self.watch.violation(text));
        Ok(Ok(rows))
    }

    fn send(
        &mut self,
        consent: SendPlan,
        life: Option<u64>,
        stop_after: Option<u64>,
    ) -> Result<Result<RunReport, Unanswered>, String> {
        self.watch.with(|seen| seen.phase = Phase::Sending);
        self.line.log_in();
        let faults = self.line.faults();
        // The screen shows rows while values are sent.
        let look_after = self.random.below(2_000);
        let look = async {
            self.time.sleep(look_after).await;
            let question = PlanRows {
                limit: 40,
                ..PlanRows::default()
            };
            if let Err(problem) = ask(&self.service, question).await {
                self.watch.violation(format!("no rows: {problem:?}"));
            }
        };
        let stop = async {
            if let Some(millis) = stop_after {
                self.time.sleep(millis).await;
                self.line.note("stop".into());
                // It never fails, and says nothing.
                let _ = ask(&self.service, Stop {}).await;
            }
        };
        let sent = join3(ask(&self.service, consent), stop, look);
        let ended = match self.time.run(sent, life) {
            Ended::Done((answer, (), ())) => Ended::Done(answer),
            Ended::Killed => Ended::Killed,
            Ended::Stuck => Ended::Stuck,
        };
        self.watch.with(|seen| seen.phase = Phase::Reading);
        let report = match self.end("SendPlan", ended, faults) {
            Ok(report) => report,
            Err(unanswered) => return Ok(Err(unanswered)),
        };
        self.line.note(format!("{:?}", report.outcomes));
        self.told.stops += u64::from(stop_after.is_some());
        let rows = self.rows()?;
        let around = Circumstances {
            faults: self.line.faults() > faults,
            stopped: stop_after.is_some(),
        };
        let wrong = self
            .watch
            .with(|seen| check_report(&self.world, seen, &report, &rows, around))?;
        self.watch.with(|seen| seen.after_run(&report, &rows));
        wrong
            .into_iter()
            .for_each(|text| self.watch.violation(text));
        Ok(Ok(report))
    }

    /// All rows; the CSV has as many.
    fn rows(&self) -> Result<Rows, String> {
        let question = PlanRows {
            limit: u32::MAX,
            ..PlanRows::default()
        };
        let unanswered = |_| "the rows are not given".to_owned();
        let window = self.ask(question, None).map_err(unanswered)?;
        let csv = self
            .ask(ReportCsv { words: vec![] }, None)
            .map_err(unanswered)?;
        let lines = csv.lines().count();
        if lines != window.rows.len() + 1 || window.total as usize != window.rows.len() {
            let rows = window.rows.len();
            self.watch
                .violation(format!("{rows} rows, {lines} lines of CSV"));
        }
        with_cells(&self.world, window.rows)
    }
}
