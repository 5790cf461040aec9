//! Mutations of money: deposits as the bank reports them, payouts requested, confirmed or returned.

use async_graphql::{ID, InputObject};
use yulin_domain::factor::{ConfirmPayout, RecordDeposit, RequestPayout, ReturnPayout, plain_reference};
use yulin_domain::journal::Refused;

use super::common::date;
use super::read::{Read, id, units};
use super::roots::mutations;
use crate::scalars::{Decimal, LocalDate};

/// Money that arrived at the bank (入金).
#[derive(Debug, Clone, InputObject)]
pub struct RecordDepositInput {
    /// The account that stands for the bank (银行账户).
    pub bank: ID,
    /// Whose it is (转入账户).
    pub account: ID,
    /// In fen (金额，分).
    pub amount: Decimal,
    /// What the bank calls it; booked once (银行流水号).
    pub bank_reference: String,
    /// The day on which it counts; not in the future (起息日).
    pub value_date: Option<LocalDate>,
}

impl TryFrom<RecordDepositInput> for RecordDeposit {
    type Error = Refused;
    fn try_from(
        RecordDepositInput { bank, account, amount, bank_reference, value_date }: RecordDepositInput,
    ) -> Read<Self> {
        Ok(Self {
            bank: id(&bank, "bank")?,
            account: id(&account, "account")?,
            amount: units(&amount, "amount")?,
            bank_reference: plain_reference(&bank_reference),
            value_date: date(value_date, "valueDate")?,
        })
    }
}

/// Money to be paid out (申请出金).
#[derive(Debug, Clone, InputObject)]
pub struct RequestPayoutInput {
    /// The account (账户).
    pub account: ID,
    /// In fen (金额，分).
    pub amount: Decimal,
    /// What the other side calls it: an order, a contract, a decision (业务参考号).
    pub reference: Option<String>,
}

impl TryFrom<RequestPayoutInput> for RequestPayout {
    type Error = Refused;
    fn try_from(RequestPayoutInput { account, amount, reference }: RequestPayoutInput) -> Read<Self> {
        Ok(Self { account: id(&account, "account")?, amount: units(&amount, "amount")?, reference })
    }
}

/// That the bank has paid (确认出金).
#[derive(Debug, Clone, InputObject)]
pub struct ConfirmPayoutInput {
    /// The hold of the request (出金冻结).
    pub hold: ID,
    /// The account that stands for the bank (银行账户).
    pub bank: ID,
    /// What the bank calls it; booked once (银行流水号).
    pub bank_reference: String,
}

impl TryFrom<ConfirmPayoutInput> for ConfirmPayout {
    type Error = Refused;
    fn try_from(ConfirmPayoutInput { hold, bank, bank_reference }: ConfirmPayoutInput) -> Read<Self> {
        let bank_reference = plain_reference(&bank_reference);
        Ok(Self { hold: id(&hold, "hold")?, bank: id(&bank, "bank")?, bank_reference })
    }
}

/// A payout that is not made (退回出金).
#[derive(Debug, Clone, InputObject)]
pub struct ReturnPayoutInput {
    /// The hold of the request (出金冻结).
    pub hold: ID,
}

impl TryFrom<ReturnPayoutInput> for ReturnPayout {
    type Error = Refused;
    fn try_from(ReturnPayoutInput { hold }: ReturnPayoutInput) -> Read<Self> {
        Ok(Self { hold: id(&hold, "hold")? })
    }
}

mutations! {
    MoneyMutations:
    /// Records money that arrived at the bank (入金).
    record_deposit(RecordDepositInput) = RecordDeposit;
    /// Asks that money be paid out; it is set aside (申请出金).
    request_payout(RequestPayoutInput) = RequestPayout;
    /// Records that the bank has paid; by another than who asked (确认出金).
    confirm_payout(ConfirmPayoutInput) = ConfirmPayout;
    /// Gives back what was to be paid out (退回出金).
    return_payout(ReturnPayoutInput) = ReturnPayout;
}
