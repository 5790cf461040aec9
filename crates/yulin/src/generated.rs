//! Zones that are generated for whoever tries the registry out: the demo's, and the sandbox of integrators.
//!
//! Each has a database of its own, marked by who made it, and leaves every other as it is.

use indicatif::ProgressBar;
use yulin_domain::codes::{Labelled, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_gateway::http::{DemoInfo, Example};
use yulin_persistence::Registry;

use crate::demo::{self, DemoScale};
use crate::say::{Say, not_performed};

/// What a generated zone is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generated {
    Demo,
    Sandbox,
}

impl Generated {
    /// The file where none is named.
    pub const fn database(self) -> &'static str {
        match self {
            Self::Demo => "sqlite://yulin-demo.sqlite?mode=rwc",
            Self::Sandbox => "sqlite://yulin-sandbox.sqlite?mode=rwc",
        }
    }

    /// The name shown wherever the zone is.
    const fn zone_name(self) -> &'static str {
        match self {
            Self::Demo => "浦江经济开发区（生成的演示数据） · generated demo data",
            Self::Sandbox => "浦江经济开发区（对接测试沙箱，生成的数据） · integrators' sandbox, generated data",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Sandbox => "sandbox",
        }
    }

    /// Makes the zone where there is none, and keys for every role anew.
    pub async fn prepare(self, registry: &Registry, parcels: u32, say: Say) -> anyhow::Result<DemoInfo> {
        self.check_own(registry).await?;
        if self == Self::Sandbox {
            registry.mark_sandbox().await?;
        }
        if !registry.is_demo_filled().await? {
            self.fill(registry, parcels, say).await?;
        }
        let examples = demo::examples().into_iter().map(|example| Example {
            title: example.title,
            title_zh: example.title_zh,
            query: example.query,
            variables: example.variables,
        });
        let tokens = self.keys(registry).await?;
        Ok(DemoInfo { zone_name: self.zone_name().to_owned(), tokens, examples: examples.collect() })
    }

    /// Refuses a database that this did not make.
    async fn check_own(self, registry: &Registry) -> anyhow::Result<()> {
        let (is_demo, is_sandbox) = (registry.is_demo().await?, registry.is_sandbox().await?);
        let is_new = !is_demo && !is_sandbox && registry.head().await?.seq == 0;
        let is_own = match self {
            // What fills a sandbox marks it as filled by the demo, too.
            Self::Demo => is_demo && !is_sandbox,
            Self::Sandbox => is_sandbox,
        };
        if is_new || is_own {
            return Ok(());
        }
        let problem = format!("it was not made by the {} and is left as it is", self.word());
        Err(Refused::new(ErrorCode::State).at("database").with("problem", problem).into())
    }

    async fn fill(self, registry: &Registry, parcels: u32, say: Say) -> anyhow::Result<()> {
        say.note(format!("Making the zone of the {}. It is generated, labelled so, and made once.", self.word()));
        let bar = ProgressBar::new(0);
        let scale = DemoScale { parcels, ..DemoScale::default() };
        let report = demo::fill(registry, scale, &mut |done, of| {
            bar.set_length(of);
            bar.set_position(done);
        })
        .await?;
        bar.finish_and_clear();
        registry.mark_demo_filled().await?;
        let (acts, parcels, seq) = (report.acts, report.parcels, report.last_seq);
        say.note(format!("{parcels} parcels in {acts} acts; the journal stands at {seq}."));
        Ok(())
    }

    /// A key for each role that may have one; those of earlier starts are revoked.
    async fn keys(self, registry: &Registry) -> anyhow::Result<Vec<(Role, String)>> {
        registry.revoke_all_keys().await?;
        let mut tokens = Vec::new();
        for role in Role::all() {
            if matches!(role, Role::System | Role::Public) {
                continue;
            }
            // The names under which the zone was filled: to them its accounts are opened.
            let name = format!("demo-{}", role.code().to_lowercase());
            let principal = registry.ensure_principal(&name, *role).await.map_err(not_performed)?;
            tokens.push((*role, registry.issue_key(principal, *role, None).await?));
        }
        Ok(tokens)
    }
}
