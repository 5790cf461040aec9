//! The whole registry grown: so many more of everything that stands in a list.

use yulin_domain::calendar::{Covered, SetCalendar, WorkingHours};
use yulin_domain::codes::{BookSource, FactorKind, Role, UnitTracking, Weekday};
use yulin_domain::factor::{Controls, Coverage, Position, ReconcileBooks, SetCap};
use yulin_domain::journal::{ActId, FactorId, PrincipalId, ReconciliationId, RecordKey};
use yulin_domain::quantity::Units;

use crate::ledger::{YEAR, factor, transfer};
use crate::whole::Side;
use crate::{TestRegistry, Whole};

/// Webhooks that one principal may have.
const WEBHOOKS_MAX: usize = 20;

impl TestRegistry {
    /// Adds districts with their land, enterprises with their accounts, and what else is listed, up to so many; webhooks are
    /// those of the holder of a key.
    pub async fn grow(&self, whole: &mut Whole, to: usize, (principal, key): (PrincipalId, &str)) {
        let l = whole.ledger.clone();
        self.control(l.cod, Controls::default()).await;
        self.done(l.issue(1_000_000, None)).await;
        let mut grown = Vec::new();
        for nth in whole.grown.len() + whole.sides.len()..to {
            let side = self.side(&format!("G{nth}"), &l).await;
            let share = self.share(&l, &side, l.venue).await;
            let beside = self.beside(nth).await;
            whole.take_in(side.all().into_iter().chain(share.all()).chain(beside));
            if nth < WEBHOOKS_MAX {
                self.unreachable_webhook((principal, Role::Admin), key).await;
            }
            grown.push(side);
        }
        let confirmed_by = Some("province".to_owned());
        self.control(l.cod, Controls { confirmed_by, ..Controls::default() }).await;
        for side in &grown {
            self.done(transfer(side.firm.rights, l.firms[0].rights, 3)).await;
            let act = self.differing(side, l.venue).await;
            whole.take_in([ReconciliationId::made_by(act, 0, 0).into()]);
            whole.ids.entry("act").or_default().push(format!("act:{act}"));
        }
        whole.grown.extend(grown);
    }

    /// A factor with a cap, and a calendar.
    async fn beside(&self, nth: usize) -> [RecordKey; 2] {
        let rights = factor(&format!("F{nth}"), FactorKind::EmissionRight, UnitTracking::Amount);
        let id = FactorId::made_by(self.done(rights).await, 0, 0);
        self.done(SetCap { factor: id, period: YEAR, most: Units::of(1_000) }).await;
        let date = |text: &str| text.parse().expect("a date");
        let set = SetCalendar {
            name: format!("Calendar {nth}"),
            source: "a test".to_owned(),
            hours: WorkingHours::WHOLE_DAY,
            rest_days: [Weekday::Sunday].into(),
            holidays: [].into(),
            make_up_days: [].into(),
            covers: Covered { from: date("2026-01-01"), to: date("2026-12-31") },
            replaces: None,
        };
        let calendar = set.id();
        self.done(set).await;
        [id.into(), calendar.into()]
    }

    /// A venue's position that differs.
    async fn differing(&self, side: &Side, venue: PrincipalId) -> ActId {
        let position = Position { account: side.firm.money, posted: Units::of(1), held: None, holds: None };
        let books = ReconcileBooks {
            source: BookSource::Venue,
            venue: Some(venue),
            as_of: None,
            covers: Coverage::Listed,
            positions: vec![position],
            statement: None,
        };
        self.by((venue, Role::Venue), books).await
    }
}
