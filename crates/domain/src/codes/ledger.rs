//! Code lists of the factor ledger: kinds of factor, purposes and statuses of accounts, kinds of holds and movements.
//!
//! Which of them go together is said by the table of movements, not here.

use super::code_enum::code_enum;
use super::labelled::OWN_CLASSIFICATION;

code_enum! {
    /// What kind of factor resource a unit is of.
    pub enum FactorKind: "FACTOR_KIND", "要素类型", "Kind of factor", OWN_CLASSIFICATION, None;
    LandQuota = "LAND_QUOTA", "新增建设用地指标", "Quota of new construction land";
    EmissionRight = "EMISSION_RIGHT", "排污权", "Emission right of a pollutant";
    EnergyQuota = "ENERGY_QUOTA", "用能权", "Energy-use quota";
    CarbonBudget = "CARBON_BUDGET", "园区碳预算", "Carbon budget of the zone";
    /// Kept by the national registry; mirrored here, never transferred here.
    CarbonAllowance = "CARBON_ALLOWANCE", "全国碳排放配额", "National carbon allowance";
    Fund = "FUND", "扶持资金", "Budget of a fund programme";
    /// What lies on named settlement accounts at a bank, mirrored here.
    Money = "MONEY", "结算资金", "Money on settlement accounts";
}

code_enum! {
    /// On which basis energy is counted; quantities of different basis are never added.
    pub enum EnergyBasis: "ENERGY_BASIS", "能耗计量口径", "Basis of energy", "GB/T 2589-2020", Some("2020-09-29");
    Calorific = "CALORIFIC", "当量值", "Calorific value";
    Equivalent = "EQUIVALENT", "等价值", "Equivalent value";
}

code_enum! {
    /// Whether units are told apart.
    pub enum UnitTracking: "UNIT_TRACKING", "单位登记方式", "How units are told apart", OWN_CLASSIFICATION, None;
    /// Each unit has a number; lots are ranges of numbers.
    Numbered = "NUMBERED", "逐号登记", "Each unit has a number";
    /// Only amounts are known, as with money.
    Amount = "AMOUNT", "总额登记", "Only amounts are known";
}

code_enum! {
    /// What an account is for.
    pub enum AccountPurpose: "ACCOUNT_PURPOSE", "账户用途", "Purpose of an account", OWN_CLASSIFICATION, None;
    /// The other side of everything that was ever issued, or of money at the bank.
    Issuance = "ISSUANCE", "发行账户", "Issuance, or money at the bank";
    Pool = "POOL", "指标池", "Pool to be allocated";
    Holding = "HOLDING", "持有账户", "Holding";
    Escrow = "ESCROW", "托管账户", "Escrow";
    Retirement = "RETIREMENT", "注销账户", "Retired, surrendered or expired units";
}

code_enum! {
    /// What an account lets through.
    pub enum AccountStatus: "ACCOUNT_STATUS", "账户状态", "Status of an account", OWN_CLASSIFICATION, None;
    Open = "OPEN", "正常", "Open";
    FrozenOut = "FROZEN_OUT", "只收不付", "Nothing goes out";
    FrozenIn = "FROZEN_IN", "只付不收", "Nothing comes in";
    FrozenBoth = "FROZEN_BOTH", "不收不付", "Nothing goes out or comes in";
    /// Emptied before it is closed: nothing new comes in.
    Closing = "CLOSING", "销户中", "Being closed";
    Closed = "CLOSED", "已销户", "Closed";
}

code_enum! {
    /// Why units are set aside, from the weakest to the strongest.
    pub enum HoldKind: "HOLD_KIND", "冻结种类", "Kind of hold", OWN_CLASSIFICATION, None;
    Order = "ORDER", "订单冻结", "For an order on a venue";
    Payout = "PAYOUT", "出金冻结", "For a payout that was requested";
    Lease = "LEASE", "租入锁定", "Leased in, to be returned";
    Pledge = "PLEDGE", "质押", "Pledge";
    /// Owned but locked until the outside register confirms.
    Registry = "REGISTRY", "待外部登记确认", "Until the outside register confirms";
    Clawback = "CLAWBACK", "追缴冻结", "To be clawed back";
    Supervision = "SUPERVISION", "监管冻结", "By a supervisory body";
    Court = "COURT", "司法冻结", "By a court";
}

impl HoldKind {
    /// Whether an authority ordered it, so that two persons release it on that authority's word.
    pub const fn is_freeze(self) -> bool {
        match self {
            Self::Clawback | Self::Supervision | Self::Court => true,
            Self::Order | Self::Payout | Self::Lease | Self::Pledge | Self::Registry => false,
        }
    }

    /// Whether it may stop an order from being settled.
    pub const fn may_suspend(self) -> bool {
        matches!(self, Self::Supervision | Self::Court)
    }
}

code_enum! {
    /// What became of a hold. Only an open one changes.
    pub enum HoldState: "HOLD_STATE", "冻结状态", "State of a hold", OWN_CLASSIFICATION, None;
    Open = "OPEN", "有效", "Open";
    Settled = "SETTLED", "已交收", "Settled";
    Released = "RELEASED", "已解冻", "Released";
    Expired = "EXPIRED", "已到期", "Expired";
}

code_enum! {
    /// Where the units of a lot come from.
    pub enum LotOrigin: "LOT_ORIGIN", "来源", "Origin of units", OWN_CLASSIFICATION, None;
    InitialFree = "INITIAL_FREE", "初始无偿取得", "Initial allocation, free";
    InitialPaid = "INITIAL_PAID", "初始有偿取得", "Initial allocation, paid";
    Reserve = "RESERVE", "政府储备", "Reserve of the government";
    Plan = "PLAN", "年度计划", "Plan of the year";
    SelfReduction = "SELF_REDUCTION", "自主减排节能", "Own reduction or saving";
    CarriedOver = "CARRIED_OVER", "结转", "Carried over";
    Mirrored = "MIRRORED", "外部登记镜像", "Mirrored from an outside register";
}

code_enum! {
    /// How units or money move.
    pub enum MoveKind: "MOVE_KIND", "变动类型", "Kind of movement", OWN_CLASSIFICATION, None;
    Issue = "ISSUE", "发行", "Issue";
    Transfer = "TRANSFER", "划转", "Transfer";
    Settle = "SETTLE", "交收", "Settlement of a hold";
    Retire = "RETIRE", "注销", "Retirement";
    Surrender = "SURRENDER", "清缴", "Surrender";
    Offset = "OFFSET", "抵消", "Offset";
    Cancel = "CANCEL", "核销", "Cancellation";
    Expire = "EXPIRE", "到期失效", "Expiry";
    Reverse = "REVERSE", "冲正", "Reversal";
    Reject = "REJECT", "外部登记驳回", "Rejection by the outside register";
    Deposit = "DEPOSIT", "入金", "Deposit";
    Payout = "PAYOUT", "出金", "Payout";
    Lease = "LEASE", "出租", "Lease";
    LeaseReturn = "LEASE_RETURN", "租期届满返还", "Return of what was leased";
    Apportion = "APPORTION", "随宗地分配", "Apportioned with land";
}

code_enum! {
    /// How final a transfer is.
    pub enum TransferState: "TRANSFER_STATE", "划转状态", "State of a transfer", OWN_CLASSIFICATION, None;
    Final = "FINAL", "已完成", "Final";
    AwaitingRegistry = "AWAITING_REGISTRY", "待外部登记确认", "Awaiting the outside register";
    Confirmed = "CONFIRMED", "外部登记已确认", "Confirmed by the outside register";
    Rejected = "REJECTED", "外部登记已驳回", "Rejected by the outside register";
    Reversed = "REVERSED", "已冲正", "Reversed";
}

code_enum! {
    /// Whose book is compared with the ledger.
    pub enum BookSource: "BOOK_SOURCE", "对账来源", "Whose book is compared", OWN_CLASSIFICATION, None;
    Venue = "VENUE", "交易平台", "A trading venue's positions";
    Bank = "BANK", "银行", "A bank's statement";
    /// The journal folded once more, against the tables.
    Journal = "JOURNAL", "登记簿", "The registry's own journal";
}

code_enum! {
    /// In what two books differ about an account.
    pub enum BookPart: "BOOK_PART", "差异所在", "Part of a book", OWN_CLASSIFICATION, None;
    Balance = "BALANCE", "余额", "What lies there";
    Lots = "LOTS", "指标批", "Which units";
    Holds = "HOLDS", "冻结", "What is set aside for what";
    Account = "ACCOUNT", "账户信息", "What the account itself says: status, venues, blocks";
}

code_enum! {
    /// Which way money went at the bank.
    pub enum BankDirection: "BANK_DIRECTION", "收付方向", "Direction at the bank", OWN_CLASSIFICATION, None;
    In = "IN", "收", "Received";
    Out = "OUT", "付", "Paid";
}

code_enum! {
    /// What an entry does to an account.
    pub enum PostingKind: "POSTING_KIND", "分录类型", "Kind of entry", OWN_CLASSIFICATION, None;
    Debit = "DEBIT", "借", "Debit";
    Credit = "CREDIT", "贷", "Credit";
    Reserve = "RESERVE", "冻结", "Set aside";
    Free = "FREE", "解冻", "Set free";
}
