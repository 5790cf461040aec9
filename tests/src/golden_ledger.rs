//! The part of the golden journal in which every act of the factor ledger stands.

use yulin_domain::codes::*;
use yulin_domain::factor::*;
use yulin_domain::journal::*;
use yulin_domain::party::RegisterPrincipal;
use yulin_domain::quantity::{Instant, Units};

use crate::golden::{Golden, STEP};
use crate::ledger::{account, factor, settle, transfer};

/// The accounts of the golden ledger.
struct Accounts {
    issuance: AccountId,
    pool: AccountId,
    retired: AccountId,
    bank: AccountId,
    rights: [AccountId; 2],
    money: [AccountId; 2],
}

impl Golden {
    /// Every act of the ledger, by the first of two administrators where one is enough.
    pub(crate) fn ledger(&mut self, [admin, other]: [PrincipalId; 2], district: DistrictId, parties: [PartyId; 2]) {
        let (cod, cny) = self.factors(admin);
        let accounts = self.accounts(admin, (cod, cny), district, parties);
        let issuance = self.issued(admin, cod, &accounts);
        let lease = self.moved(admin, &accounts);
        self.held(admin, cod, &accounts, parties);
        self.frozen([admin, other], &accounts);
        self.answered(admin, cod, &accounts);
        self.paid([admin, other], &accounts);
        self.proposed([admin, other], &accounts);
        let status = AccountStatus::FrozenOut;
        let account = self.seen(accounts.money[1]);
        self.done(admin, SetAccountStatus { account, status });
        while self.due(issuance).at >= self.next_instant() {
            self.done(admin, transfer(accounts.rights[0], accounts.rights[1], 1));
        }
        let lapse = self.due(issuance).act;
        self.enter(lapse);
        let returned = self.due(lease).act;
        self.enter(returned);
        self.reconciled(admin, district, (cny, &accounts));
    }

    fn factors(&mut self, admin: PrincipalId) -> (FactorId, FactorId) {
        let rights = factor("COD", FactorKind::EmissionRight, UnitTracking::Numbered);
        let cod = FactorId::made_by(self.done(admin, rights), 0, 0);
        let money = factor("CNY", FactorKind::Money, UnitTracking::Amount);
        let cny = FactorId::made_by(self.done(admin, money), 0, 0);
        let controls = Controls {
            reversal_days: 5,
            carry_over_permille: Some(500),
            dated: "2026-01-01".parse().ok(),
            source: Some("golden".to_owned()),
            ..Controls::default()
        };
        let factor = self.seen(cod);
        self.done(admin, AmendFactor { factor, trade_rules: None, controls: Some(controls) });
        self.done(admin, SetCap { factor: cod, period: 2026, most: Units::of(10_000) });
        (cod, cny)
    }

    fn accounts(
        &mut self,
        admin: PrincipalId,
        (cod, cny): (FactorId, FactorId),
        district: DistrictId,
        parties: [PartyId; 2],
    ) -> Accounts {
        let mut open = |code: &str, factor, purpose, holder| {
            AccountId::made_by(self.done(admin, account(code, factor, purpose, district, holder)), 0, 0)
        };
        Accounts {
            issuance: open("I", cod, AccountPurpose::Issuance, None),
            pool: open("P", cod, AccountPurpose::Pool, None),
            retired: open("R", cod, AccountPurpose::Retirement, None),
            bank: open("B", cny, AccountPurpose::Issuance, None),
            rights: [0, 1].map(|nth| open(&format!("H{nth}"), cod, AccountPurpose::Holding, Some(parties[nth]))),
            money: [0, 1].map(|nth| open(&format!("M{nth}"), cny, AccountPurpose::Holding, Some(parties[nth]))),
        }
    }

    /// Units that lapse on the local day on which they are issued.
    fn issued(&mut self, admin: PrincipalId, _: FactorId, accounts: &Accounts) -> IssuanceId {
        let today = self.next_instant().date_in("Asia/Shanghai").expect("a date");
        let issue = IssueUnits {
            from: accounts.issuance,
            to: accounts.pool,
            amount: Units::of(1_000),
            period: 2026,
            origin: LotOrigin::Reserve,
            vintage: 2026,
            class: LotClass { expires_on: Some(today), control_unit: Some("浦阳江".to_owned()) },
            retirement: Some(accounts.retired),
            permit: Some("permit".to_owned()),
            reference: Some("golden".to_owned()),
        };
        let lapsing = IssuanceId::made_by(self.done(admin, issue.clone()), 0, 0);
        let class = LotClass { expires_on: None, ..issue.class.clone() };
        self.done(admin, IssueUnits { amount: Units::of(5_000), class, retirement: None, ..issue });
        lapsing
    }

    /// Transfers of every kind; what was leased comes back by itself.
    fn moved(&mut self, admin: PrincipalId, accounts: &Accounts) -> HoldId {
        let lasting = Selection::InOrder {
            class: Some(LotClass { expires_on: None, control_unit: Some("浦阳江".to_owned()) }),
        };
        let [one, two] = accounts.rights;
        let allot = |to| TransferUnits { selection: lasting.clone(), ..transfer(accounts.pool, to, 2_000) };
        self.done(admin, allot(one));
        self.done(admin, allot(two));
        let numbers = Selection::Numbers { units: vec![UnitRange { from: 1_500, to: 1_600 }] };
        let moved = self.done(admin, TransferUnits { selection: numbers, ..transfer(one, two, 100) });
        self.done(admin, ReverseTransfer { transfer: TransferId::made_by(moved, 0, 0) });
        let retire = RetireUnits {
            from: one,
            to: accounts.retired,
            amount: Units::of(10),
            kind: MoveKind::Surrender,
            selection: Selection::default(),
            reference: None,
        };
        self.done(admin, retire);
        let offset = OffsetUnits {
            from: one,
            to: accounts.retired,
            emitted: Units::of(10),
            ratio_hundredths: 150,
            selection: Selection::default(),
            project: "project".to_owned(),
            source: "source".to_owned(),
        };
        self.done(admin, offset);
        let until = self.next_instant().date_in("Asia/Shanghai").expect("a date");
        let (from, to, amount, selection) = (one, two, Units::of(5), Selection::default());
        let lease = self.done(admin, LeaseUnits { from, to, amount, selection, until, reference: None });
        let carry = CarryOverLots {
            account: two,
            amount: Units::of(7),
            selection: Selection::default(),
            vintage: 2027,
            expires_on: None,
        };
        self.done(admin, carry);
        HoldId::made_by(lease, 0, 0)
    }

    fn held(&mut self, admin: PrincipalId, cod: FactorId, accounts: &Accounts, _: [PartyId; 2]) {
        let venue = RegisterPrincipal { name: "golden-venue".to_owned(), party: None, roles: [Role::Venue].into() };
        let venue = PrincipalId::made_by(self.done(admin, venue), 0, 0);
        let access = VenueAccess::Granted;
        self.done(admin, AuthoriseVenue { venue, accounts: vec![accounts.rights[0]], factors: vec![cod], access });
        let account = self.seen(accounts.rights[0]);
        self.done(admin, TrustCounterparty { account, counterparty: accounts.rights[1], access });
        let order = |expires_at| PlaceHold {
            account: accounts.rights[0],
            amount: Units::of(20),
            kind: HoldKind::Order,
            selection: Selection::default(),
            expires_at: Some(expires_at),
            to: None,
            pledgee: None,
            reference: Some("order".to_owned()),
        };
        let later = |book: &Self, steps: i64| Instant::from_micros(book.next_instant().micros() + steps * STEP);
        let expires = later(self, 50);
        let hold = HoldId::made_by(self.done(admin, order(expires)), 0, 0);
        let expires_at = later(self, 60);
        self.done(admin, ExtendHold { hold, expires_at });
        self.done(admin, settle(&[(hold, accounts.rights[1], 5)]));
        self.done(admin, ReleaseHold { hold, amount: Some(Units::of(3)) });
        let soon = later(self, 1);
        let short = HoldId::made_by(self.done(admin, order(soon)), 0, 0);
        self.done(admin, ReleaseHold { hold, amount: None });
        let expired = self.due(short).act;
        self.enter(expired);
    }

    fn frozen(&mut self, [admin, other]: [PrincipalId; 2], accounts: &Accounts) {
        let freeze = FreezeUnits {
            account: accounts.rights[0],
            amount: Some(Units::of(30)),
            kind: HoldKind::Court,
            authority: "Court".to_owned(),
            document: Some("doc".to_owned()),
            suspends: vec![],
        };
        let hold = HoldId::made_by(self.done(admin, freeze), 0, 0);
        self.done(admin, ProposeUnfreeze { hold, authority: "Court".to_owned() });
        self.done(other, ApproveUnfreeze { hold });
    }

    /// Two transfers that wait for an outside register: one is confirmed, one rejected.
    fn answered(&mut self, admin: PrincipalId, cod: FactorId, accounts: &Accounts) {
        let controls = Controls {
            confirmed_by: Some("province".to_owned()),
            dated: "2026-01-01".parse().ok(),
            source: Some("golden".to_owned()),
            ..Controls::default()
        };
        let factor = self.seen(cod);
        self.done(admin, AmendFactor { factor, trade_rules: None, controls: Some(controls) });
        let moved = |book: &mut Self| {
            TransferId::made_by(book.done(admin, transfer(accounts.rights[0], accounts.rights[1], 9)), 0, 0)
        };
        let (first, second) = (moved(self), moved(self));
        let register_reference = "reference".to_owned();
        let confirm = ConfirmTransfer { transfer: first, register_reference: register_reference.clone() };
        self.done(admin, confirm);
        self.done(admin, RejectTransfer { transfer: second, register_reference });
        let factor = self.seen(cod);
        self.done(admin, AmendFactor { factor, trade_rules: None, controls: Some(Controls::default()) });
    }

    fn paid(&mut self, [admin, other]: [PrincipalId; 2], accounts: &Accounts) {
        let bank_reference = |nth: u8| format!("bank {nth}");
        let deposit = RecordDeposit {
            bank: accounts.bank,
            account: accounts.money[0],
            amount: Units::of(1_000),
            bank_reference: bank_reference(1),
            value_date: "2026-01-01".parse().ok(),
        };
        self.done(admin, deposit);
        let ask = || RequestPayout { account: accounts.money[0], amount: Units::of(100), reference: None };
        let [first, second] = [0, 1].map(|_| HoldId::made_by(self.done(admin, ask()), 0, 0));
        self.done(other, ConfirmPayout { hold: first, bank: accounts.bank, bank_reference: bank_reference(2) });
        self.done(other, ReturnPayout { hold: second });
    }

    fn proposed(&mut self, [admin, other]: [PrincipalId; 2], accounts: &Accounts) {
        let legs = vec![transfer(accounts.rights[0], accounts.rights[1], 2).into()];
        let id = ScheduleId::made_by(self.done(admin, ProposeAct { legs }), 0, 0);
        let schedule = self.seen(id);
        self.done(other, ApproveAct { schedule });
        let begun = self.due(id).act;
        self.enter(begun);
    }

    /// A bank's statement that differs, a difference of the registry's own, what is lifted, and a period that is closed.
    fn reconciled(&mut self, admin: PrincipalId, district: DistrictId, (cny, accounts): (FactorId, &Accounts)) {
        let position =
            Position { account: accounts.money[0], posted: Units::of(1), held: Some(Units::ZERO), holds: None };
        let line = BankLine {
            bank_reference: "bank 9".to_owned(),
            account: accounts.money[1],
            direction: BankDirection::Out,
            amount: Units::of(3),
        };
        let day = "2026-01-01".parse().expect("a date");
        let statement = ReconcileBooks {
            source: BookSource::Bank,
            venue: None,
            as_of: None,
            covers: Coverage::Listed,
            positions: vec![position.clone()],
            statement: Some(BankStatement { bank: accounts.bank, from: day, to: day, lines: vec![line] }),
        };
        self.done(admin, statement);
        let account = self.seen(accounts.money[0]);
        self.done(admin, LiftBlock { account, source: BookSource::Bank, venue: None });
        let ours = Some(Balance { posted: Units::of(2), held: Units::ZERO });
        let difference = Difference { theirs: position, ours, found_in: vec![BookPart::Balance], holds: Vec::new() };
        let report = ReportDifferences { as_of: self.head(), compared: 1, differences: vec![difference] };
        self.done(PrincipalId::SYSTEM, report);
        let factor = self.seen(cny);
        self.done(admin, ClosePeriod { factor, district, until: day });
    }
}
