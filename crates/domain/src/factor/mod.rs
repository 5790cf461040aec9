//! The ledger of factor resources: what there is of each, in numbered lots or amounts, on whose account, held for what.
//!
//! One table says which movement is allowed (`rules`), one book applies movements to accounts (`book`); each act has a
//! file of its name.

mod account;
mod account_status;
pub(crate) mod apportion;
mod bank_statement;
mod book;
mod book_holds;
mod book_lots;
mod cap;
mod carry_over;
mod check;
mod close_period;
mod complete;
mod delay;
mod expire_hold;
mod expire_lots;
mod extend_hold;
mod factor;
mod feasible;
mod four_eyes;
mod freeze_units;
mod hold;
mod issue;
mod lease_units;
mod leg_lots;
mod lot;
mod mirror;
mod money;
mod offset_units;
mod open_account;
mod open_hold;
mod pick;
mod place_hold;
mod posting;
mod reconcile_books;
mod reconciliation;
mod reference;
mod register_answer;
mod register_factor;
mod release_hold;
mod report_differences;
mod retire;
mod reverse;
mod rules;
mod settle;
mod shipped;
mod transfer;
mod transfer_units;
mod venue;

pub use account::{Account, Balance, Trusted};
pub use account_status::SetAccountStatus;
pub use apportion::{Apportionment, Stated};
pub use bank_statement::BankStatement;
pub use cap::{Cap, SetCap};
pub use carry_over::CarryOverLots;
pub use close_period::ClosePeriod;
pub use expire_hold::ExpireHold;
pub use expire_lots::{ExpireLots, LAPSED_MAX};
pub use extend_hold::ExtendHold;
pub use factor::{Controls, DisplayUnit, Factor, TradeRule};
pub use feasible::{TRADE_LEGS_MAX, TradeLeg, hindrances_of_sale, hindrances_of_trade, needs_of_trade};
pub use four_eyes::check_act;
pub use freeze_units::{ApproveUnfreeze, FreezeUnits, ProposeUnfreeze, SUSPENDED_MAX};
pub use hold::Hold;
pub use issue::{Issuance, IssueUnits};
pub use lease_units::LeaseUnits;
pub use lot::{Lot, LotClass, UnitRange};
pub use mirror::{Mirror, Standing};
pub use money::{ConfirmPayout, RecordDeposit, RequestPayout, ReturnPayout};
pub use offset_units::OffsetUnits;
pub use open_account::OpenAccount;
pub use pick::Selection;
pub use place_hold::PlaceHold;
pub use posting::Posting;
pub use reconcile_books::{Coverage, POSITIONS_MAX, ReconcileBooks};
pub use reconciliation::{
    BankLine, Block, Difference, HeldPosition, HoldDifference, LineDifference, LineName, OpenHolds, Position,
    Reconciliation,
};
pub use reference::plain_reference;
pub use register_answer::{ConfirmTransfer, RejectTransfer};
pub use register_factor::{AmendFactor, RegisterFactor};
pub use release_hold::ReleaseHold;
pub use report_differences::{LiftBlock, ReportDifferences};
pub use retire::RetireUnits;
pub use reverse::ReverseTransfer;
pub use rules::{HolderRule, MoveRule, RULES, TradeCheck, WhileBlocked};
pub use settle::{Remainder, SETTLED_MAX, SettleHolds, SettleLeg};
pub use shipped::shipped;
pub use transfer::{Movement, Transfer};
pub use transfer_units::TransferUnits;
pub use venue::{AuthoriseVenue, TrustCounterparty, VenueAccess};
