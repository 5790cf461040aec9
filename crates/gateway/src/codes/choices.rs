//! Which closed lists of the domain the API shows, under which names.

use yulin_domain::calendar::DayKind;
use yulin_domain::codes::{
    AccountPurpose, AccountStatus, BankDirection, BookPart, BookSource, CodeProfile, EnergyBasis, ExternalState,
    FactorKind, FeatureKind, FreezeKind, GrantMethod, HoldKind, HoldState, IdleCause, InefficiencyReason,
    Infrastructure, Labelled, LandUseScheme, Lang, LotOrigin, MoveKind, Ownership, ParcelLayer, ParcelState, PartyKind,
    PostingKind, ResponsibilityKind, RestrictionKind, RightNature, RightType, Role, SoilGate, StockStatus,
    TransferState, UnitTracking, Weekday, ZoneKind,
};
use yulin_domain::error_catalogue::{ErrorClass, ErrorCode};
use yulin_domain::factor::{Coverage, Remainder, VenueAccess};
use yulin_domain::journal::{ActKind, RecordKind, ScheduleState};
use yulin_domain::land::{EndCause, IdlePhase, Limits, ParcelWarning};
use yulin_persistence::WebhookState;

use super::Choice;

/// Lists with labels: the name is all that is new.
macro_rules! labelled_choices {
    ($($list:ident),* $(,)?) => {$(
        impl Choice for $list {
            const NAME: &'static str = stringify!($list);

            fn description() -> String {
                format!("{} ({})", <Self as Labelled>::LIST.name_en, <Self as Labelled>::LIST.name_zh)
            }

            fn members() -> Vec<(Self, &'static str, String)> {
                let described = |member: &Self| format!("{} ({})", member.label(Lang::En), member.label(Lang::Zh));
                Self::all().iter().map(|member| (*member, member.code(), described(member))).collect()
            }

            fn name(self) -> &'static str {
                self.code()
            }
        }
    )*};
}

labelled_choices!(
    UnitTracking,
    TransferState,
    PostingKind,
    MoveKind,
    LotOrigin,
    HoldState,
    HoldKind,
    FactorKind,
    EnergyBasis,
    AccountStatus,
    AccountPurpose,
    BankDirection,
    BookPart,
    BookSource,
    CodeProfile,
    ErrorClass,
    ExternalState,
    FeatureKind,
    FreezeKind,
    GrantMethod,
    IdleCause,
    InefficiencyReason,
    Infrastructure,
    LandUseScheme,
    Ownership,
    ParcelLayer,
    ParcelState,
    PartyKind,
    ResponsibilityKind,
    RestrictionKind,
    RightNature,
    RightType,
    Role,
    SoilGate,
    StockStatus,
    ZoneKind,
    Weekday,
);

/// Enums without labels of their own: members, names and descriptions stand here.
macro_rules! described_choices {
    ($($choice:ident = $description:literal { $($member:ident = $name:literal, $told:literal;)+ })*) => {$(
        impl Choice for $choice {
            const NAME: &'static str = stringify!($choice);

            fn description() -> String {
                $description.to_owned()
            }

            fn members() -> Vec<(Self, &'static str, String)> {
                vec![$((Self::$member, $name, $told.to_owned())),+]
            }

            fn name(self) -> &'static str {
                match self { $(Self::$member => $name,)+ }
            }
        }
    )*};
}

described_choices! {
    Lang = "A language of labels and messages (语言)" {
        Zh = "ZH", "Chinese (中文)";
        En = "EN", "English (英文)";
    }
    IdlePhase = "Where the clock of idle land stands (闲置时钟阶段)" {
        NotRunning = "NOT_RUNNING", "No clock runs (未计时)";
        Countdown = "COUNTDOWN", "Due, but not yet a year late (倒计时)";
        FeeDue = "FEE_DUE", "Idle for a year or more: the idle fee may be levied (可征缴闲置费)";
        ReclaimDue = "RECLAIM_DUE", "Idle for two years or more: the land may be reclaimed (可无偿收回)";
        ApprovalWarning = "APPROVAL_WARNING", "Approved for a year and not supplied (批而未供预警)";
        ApprovalLapsing = "APPROVAL_LAPSING", "Approved for two years and not supplied: the approval lapses (批准文件失效)";
    }
    ParcelWarning = "What the rules let pass but a reader should know (提示)" {
        AreaDiffers = "AREA_DIFFERS", "Stated and computed area differ beyond the tolerance (面积超差)";
        VertexSpacing = "VERTEX_SPACING", "Vertices stand closer than the rule asks (界址点过密)";
        AreaSmall = "AREA_SMALL", "The parcel is smaller than the rule asks (面积过小)";
    }
    Limits = "Whether a bound itself belongs to the range (边界是否包含)" {
        Inclusive = "INCLUSIVE", "The bound belongs to it (含)";
        Exclusive = "EXCLUSIVE", "The bound does not belong to it (不含)";
    }
    ScheduleState = "What became of a scheduled act (预约登记状态)" {
        Proposed = "PROPOSED", "It waits for someone else to approve it (待复核)";
        Waiting = "WAITING", "It waits for its time (待生效)";
        Begun = "BEGUN", "It has begun (已生效)";
        Refused = "REFUSED", "It was refused when its time had come (到期未予登记)";
        Cancelled = "CANCELLED", "It was taken back (已取消)";
    }
    Remainder = "What becomes of what a part of a settlement does not take (剩余部分处理)" {
        Keep = "KEEP", "It stays set aside until the hold expires (保留冻结)";
        Release = "RELEASE", "It is free again at once (解除冻结)";
    }
    Coverage = "Of which accounts positions speak (头寸覆盖范围)" {
        Listed = "LISTED", "Of those that are listed (仅所列账户)";
        All = "ALL", "Of all that are open to the venue: what is not listed is empty (全部授权账户)";
    }
    VenueAccess = "Whether something is put on a list or taken off it (授权或撤回)" {
        Granted = "GRANTED", "Put on the list (授权)";
        Withdrawn = "WITHDRAWN", "Taken off the list (撤回)";
    }
    DayKind = "What a date is in a working calendar (日期类型)" {
        Working = "WORKING", "A working day (工作日)";
        MakeUp = "MAKE_UP", "A day of rest that is worked in place of another (调休上班日)";
        Holiday = "HOLIDAY", "Declared free of work (放假日)";
        Rest = "REST", "A day of the week on which nobody works (休息日)";
    }
    WebhookState = "Whether events are delivered (推送状态)" {
        Active = "ACTIVE", "They are (推送中)";
        Paused = "PAUSED", "Its owner has stopped them (已暂停)";
        Disabled = "DISABLED", "The registry has stopped them, and says why (已停用)";
    }
    EndCause = "Why a right or restriction ends (终止原因)" {
        TermEnded = "TERM_ENDED", "Its term ended (期限届满)";
        Surrendered = "SURRENDERED", "Given up (放弃)";
        Reclaimed = "RECLAIMED", "Reclaimed (收回)";
        Expropriated = "EXPROPRIATED", "Expropriated (征收)";
        CourtOrder = "COURT_ORDER", "By order of a court (司法裁定)";
        Discharged = "DISCHARGED", "Discharged (清偿解除)";
        Other = "OTHER", "Another cause (其他)";
    }
}

impl Choice for ActKind {
    const NAME: &'static str = "ActKind";

    fn description() -> String {
        "What an act of the registry does (登记行为类型)".to_owned()
    }

    fn members() -> Vec<(Self, &'static str, String)> {
        let described =
            |kind: Self| format!("{} ({})", kind.name().to_lowercase().replace('_', " "), act_in_chinese(kind));
        Self::ALL.iter().map(|kind| (*kind, kind.name(), described(*kind))).collect()
    }

    fn name(self) -> &'static str {
        Self::name(self)
    }
}

const fn act_in_chinese(kind: ActKind) -> &'static str {
    match kind {
        ActKind::RegisterDistrict => "登记辖区",
        ActKind::AmendDistrict => "变更辖区",
        ActKind::RegisterParty => "登记主体",
        ActKind::AmendParty => "变更主体",
        ActKind::ErasePersonal => "删除个人信息",
        ActKind::RegisterPrincipal => "登记操作主体",
        ActKind::GrantRole => "授予角色",
        ActKind::RevokeRole => "撤销角色",
        ActKind::RegisterParcel => "登记宗地",
        ActKind::CorrectParcel => "更正宗地",
        ActKind::ChangeParcel => "变更宗地",
        ActKind::ChangeUse => "变更用途",
        ActKind::SetPlanning => "设定规划条件",
        ActKind::SetPrice => "设定价格",
        ActKind::SetStockStatus => "设定存量状态",
        ActKind::SplitParcel => "分割宗地",
        ActKind::MergeParcels => "合并宗地",
        ActKind::RetireParcel => "注销宗地",
        ActKind::GrantRight => "设立权利",
        ActKind::TransferRight => "转移权利",
        ActKind::EndRight => "终止权利",
        ActKind::RecordTitle => "记录权证",
        ActKind::PlaceRestriction => "设立限制",
        ActKind::EndRestriction => "解除限制",
        ActKind::PlaceFreeze => "冻结",
        ActKind::ProposeFreezeRelease => "申请解冻",
        ActKind::ApproveFreezeRelease => "批准解冻",
        ActKind::RegisterZone => "登记控制区",
        ActKind::RetireZone => "注销控制区",
        ActKind::RegisterFeature => "登记要素",
        ActKind::RetireFeature => "注销要素",
        ActKind::RescindAct => "撤销登记",
        ActKind::ScheduleAct => "预约登记",
        ActKind::CancelSchedule => "取消预约",
        ActKind::SettleSchedule => "预约到期处理",
        ActKind::RegisterFactor => "登记要素品种",
        ActKind::AmendFactor => "变更要素规则",
        ActKind::SetCap => "设定总量上限",
        ActKind::OpenAccount => "开立账户",
        ActKind::SetAccountStatus => "设定账户状态",
        ActKind::AuthoriseVenue => "授权交易平台",
        ActKind::TrustCounterparty => "可信对手方",
        ActKind::IssueUnits => "发行",
        ActKind::TransferUnits => "划转",
        ActKind::PlaceHold => "冻结份额",
        ActKind::ExtendHold => "展期",
        ActKind::ReleaseHold => "解除冻结",
        ActKind::SettleHolds => "交收",
        ActKind::FreezeUnits => "要素冻结",
        ActKind::ProposeUnfreeze => "申请解冻要素",
        ActKind::ApproveUnfreeze => "批准解冻要素",
        ActKind::RetireUnits => "注销、清缴或核销",
        ActKind::OffsetUnits => "削减替代",
        ActKind::ReverseTransfer => "冲正",
        ActKind::ConfirmTransfer => "外部登记确认",
        ActKind::RejectTransfer => "外部登记驳回",
        ActKind::LeaseUnits => "出租",
        ActKind::CarryOverLots => "结转",
        ActKind::RecordDeposit => "入金",
        ActKind::RequestPayout => "申请出金",
        ActKind::ConfirmPayout => "确认出金",
        ActKind::ReturnPayout => "退回出金",
        ActKind::ProposeAct => "提请复核",
        ActKind::ApproveAct => "批准复核",
        ActKind::ExpireHold => "冻结到期",
        ActKind::ExpireLots => "指标到期",
        ActKind::SetCalendar => "设定工作日历",
        ActKind::ReconcileBooks => "对账",
        ActKind::ReportDifferences => "自查差异",
        ActKind::LiftBlock => "解除对账暂停",
        ActKind::ClosePeriod => "关闭账期",
        ActKind::Bundle => "组合登记",
    }
}

impl Choice for RecordKind {
    const NAME: &'static str = "RecordKind";

    fn description() -> String {
        "A kind of record of the registry (记录类型)".to_owned()
    }

    fn members() -> Vec<(Self, &'static str, String)> {
        Self::ALL.iter().map(|kind| (*kind, Choice::name(*kind), kind_told(*kind).to_owned())).collect()
    }

    fn name(self) -> &'static str {
        match self {
            Self::District => "DISTRICT",
            Self::Party => "PARTY",
            Self::Erasure => "ERASURE",
            Self::Principal => "PRINCIPAL",
            Self::Parcel => "PARCEL",
            Self::Right => "RIGHT",
            Self::Restriction => "RESTRICTION",
            Self::Freeze => "FREEZE",
            Self::Zone => "ZONE",
            Self::Feature => "FEATURE",
            Self::Schedule => "SCHEDULE",
            Self::Factor => "FACTOR",
            Self::Cap => "CAP",
            Self::Account => "ACCOUNT",
            Self::Issuance => "ISSUANCE",
            Self::Lot => "LOT",
            Self::Hold => "HOLD",
            Self::Posting => "POSTING",
            Self::Transfer => "TRANSFER",
            Self::Calendar => "CALENDAR",
            Self::Reconciliation => "RECONCILIATION",
        }
    }
}

const fn kind_told(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::District => "A district (辖区)",
        RecordKind::Party => "A party (主体)",
        RecordKind::Erasure => "An erasure of personal data (个人信息删除)",
        RecordKind::Principal => "A principal (操作主体)",
        RecordKind::Parcel => "A parcel (宗地)",
        RecordKind::Right => "A right (权利)",
        RecordKind::Restriction => "A restriction or responsibility (限制或责任)",
        RecordKind::Freeze => "A freeze (冻结)",
        RecordKind::Zone => "A restriction zone (控制区)",
        RecordKind::Feature => "A point or line feature (要素)",
        RecordKind::Schedule => "A scheduled act (预约登记)",
        RecordKind::Factor => "A factor (要素品种)",
        RecordKind::Cap => "A cap on issue (总量上限)",
        RecordKind::Account => "An account (账户)",
        RecordKind::Issuance => "Units issued together (发行批次)",
        RecordKind::Lot => "A lot of units (指标批)",
        RecordKind::Hold => "A hold (冻结)",
        RecordKind::Posting => "An entry on an account (分录)",
        RecordKind::Transfer => "A transfer (划转)",
        RecordKind::Calendar => "A working calendar (工作日历)",
        RecordKind::Reconciliation => "A comparison of books (对账结果)",
    }
}

impl Choice for ErrorCode {
    const NAME: &'static str = "ErrorCode";

    fn description() -> String {
        "A stable code under which the registry refuses or fails (错误代码)".to_owned()
    }

    fn members() -> Vec<(Self, &'static str, String)> {
        let described = |code: &Self| format!("{} ({})", code.message(Lang::En), code.message(Lang::Zh));
        Self::all().iter().map(|code| (*code, code.code(), described(code))).collect()
    }

    fn name(self) -> &'static str {
        self.code()
    }
}
