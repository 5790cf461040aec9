//! No way out of a final state (L5): every pair of states of accounts, and every act on what is resolved.

use yulin_domain::codes::{AccountPurpose, AccountStatus, HoldKind, Labelled};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{
    ApproveUnfreeze, ConfirmPayout, ConfirmTransfer, ExtendHold, FreezeUnits, ProposeUnfreeze, RejectTransfer,
    ReleaseHold, ReturnPayout, ReverseTransfer, SetAccountStatus,
};
use yulin_domain::journal::{AccountId, ActBody, HoldId, Seen};
use yulin_domain::quantity::{Instant, Units};
use yulin_tests::acts::act;
use yulin_tests::ledger::{account, hold_of, settle, transfer, transfer_of};
use yulin_tests::{TestRegistry, each_backend};

/// The pairs that are declared; every other is refused.
const DECLARED: [(AccountStatus, &[AccountStatus]); 6] = {
    use AccountStatus::{Closed, Closing, FrozenBoth, FrozenIn, FrozenOut, Open};
    const LIVE: &[AccountStatus] = &[Open, FrozenOut, FrozenIn, FrozenBoth, Closing];
    [
        (Open, LIVE),
        (FrozenOut, LIVE),
        (FrozenIn, LIVE),
        (FrozenBoth, LIVE),
        (Closing, &[Open, FrozenBoth, Closed]),
        (Closed, &[]),
    ]
};

async fn status(t: &TestRegistry, id: AccountId) -> (AccountStatus, i64) {
    let found = t.registry.accounts_by_ids(&t.now().await, &[id]).await.unwrap();
    (found[0].state.status, found[0].version)
}

async fn set(t: &TestRegistry, id: AccountId, next: AccountStatus) -> SetAccountStatus {
    SetAccountStatus { account: Seen { id, seq: status(t, id).await.1 }, status: next }
}

/// A fresh, empty account in a status.
async fn brought_to(t: &TestRegistry, l: &yulin_tests::ledger::Ledger, code: &str, wanted: AccountStatus) -> AccountId {
    let holder = Some(l.firms[0].party);
    let id = t.account(account(code, l.cod, AccountPurpose::Holding, l.district, holder)).await;
    let way: &[AccountStatus] = match wanted {
        AccountStatus::Open => &[],
        AccountStatus::Closed => &[AccountStatus::Closing, AccountStatus::Closed],
        _ => std::slice::from_ref(&wanted),
    };
    for next in way {
        let body = set(t, id, *next).await;
        t.done(body).await;
    }
    id
}

each_backend! {
    async fn an_account_comes_from_one_status_to_another_only_as_declared(t) {
        let l = t.ledger().await;
        for (from, allowed) in DECLARED {
            for to in AccountStatus::all().iter().copied().filter(|to| *to != from) {
                let id = brought_to(&t, &l, &format!("{}-{}", from.code(), to.code()), from).await;
                let body = set(&t, id, to).await;
                if allowed.contains(&to) {
                    t.done(body).await;
                    assert_eq!(status(&t, id).await.0, to);
                } else {
                    assert_eq!(t.refused(act(l.admin, body)).await, (ErrorCode::State, "status".to_owned()), "{from} {to}");
                    assert_eq!(status(&t, id).await.0, from);
                }
            }
        }
    }

    async fn whatever_is_done_to_a_resolved_hold_is_refused_and_changes_nothing(t) {
        let l = t.ledger().await;
        l.fill(&t, 1_000, 1_000).await;
        let [seller, buyer] = l.firms;
        let held = |amount| l.by_venue(l.order(seller.rights, amount));
        let settled = hold_of(t.registry.perform(held(10)).await.unwrap().act_id);
        t.registry.perform(l.by_venue(settle(&[(settled, buyer.rights, 10)]))).await.unwrap();
        let released = hold_of(t.registry.perform(held(10)).await.unwrap().act_id);
        t.registry.perform(l.by_venue(ReleaseHold { hold: released, amount: None })).await.unwrap();
        let freeze = FreezeUnits {
            account: seller.rights, amount: Some(Units::of(5)), kind: HoldKind::Court,
            authority: "court".to_owned(), document: None, suspends: vec![],
        };
        let lifted = hold_of(t.done(freeze).await);
        t.done(ProposeUnfreeze { hold: lifted, authority: "court".to_owned() }).await;
        let other = t.registry.ensure_principal("another", yulin_domain::codes::Role::Admin).await.unwrap();
        t.registry.perform(act(other, ApproveUnfreeze { hold: lifted })).await.unwrap();
        let before = [t.lying(seller.rights).await, t.lying(buyer.rights).await];
        let later = Instant::from_micros(jiff::Timestamp::now().as_microsecond() + 7_200_000_000);
        for hold in [settled, released, lifted] {
            for body in on_a_hold(&l, hold, later) {
                let kind = body.kind();
                let (code, _) = t.refused(act(l.admin, body)).await;
                assert_eq!(code, ErrorCode::HoldResolved, "{kind}");
            }
        }
        assert_eq!(before, [t.lying(seller.rights).await, t.lying(buyer.rights).await]);
        t.assert_sound().await;
    }

    async fn whatever_is_done_to_a_transfer_that_is_final_is_refused(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let before = t.lying(l.firms[0].rights).await;
        let id = transfer_of(t.done(transfer(l.firms[0].rights, l.firms[1].rights, 3)).await);
        let register_reference = "r".to_owned();
        let confirm = ConfirmTransfer { transfer: id, register_reference: register_reference.clone() };
        let reject = RejectTransfer { transfer: id, register_reference };
        for body in [ActBody::from(confirm), reject.into()] {
            assert_eq!(t.refused(act(l.admin, body)).await.0, ErrorCode::State);
        }
        // Its factor knows no window of reversal.
        let reversed = t.refused(act(l.admin, ReverseTransfer { transfer: id })).await.0;
        assert_eq!(reversed, ErrorCode::ReversalClosed);
        assert_eq!(t.lying(l.firms[0].rights).await.0, before.0 - 3);
    }
}

/// Everything that can be done to a hold.
fn on_a_hold(l: &yulin_tests::ledger::Ledger, hold: HoldId, later: Instant) -> Vec<ActBody> {
    vec![
        settle(&[(hold, l.firms[1].rights, 1)]).into(),
        ReleaseHold { hold, amount: None }.into(),
        ExtendHold { hold, expires_at: later }.into(),
        ProposeUnfreeze { hold, authority: "court".to_owned() }.into(),
        ApproveUnfreeze { hold }.into(),
        ConfirmPayout { hold, bank: l.bank, bank_reference: "b".to_owned() }.into(),
        ReturnPayout { hold }.into(),
    ]
}
