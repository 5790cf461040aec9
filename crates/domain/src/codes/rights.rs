//! Code lists of ownership, rights, restrictions and responsibilities.
//!
//! The words follow ISO 19152 (right, restriction, responsibility); the members follow Chinese land law. Which of
//! them may stand on one parcel together is a rule of `land`, not of this file.

use super::code_enum::code_enum;
use super::labelled::OWN_CLASSIFICATION;

code_enum! {
    /// Who owns the land.
    pub enum Ownership: "OWNERSHIP", "土地所有权性质", "Ownership of land",
        "Land Administration Law (土地管理法), art. 9; GB/T 37346-2019", Some("2019");
    State = "STATE", "国家所有", "Owned by the state";
    Collective = "COLLECTIVE", "集体所有", "Owned by a collective";
    Undetermined = "UNDETERMINED", "所有权未确定或有争议", "Undetermined or disputed";
}

code_enum! {
    /// What kind of right is held in the land.
    pub enum RightType: "RIGHT_TYPE", "权利类型", "Type of right",
        "Civil Code (民法典), book two, property rights", Some("2021-01-01");
    StateConstruction = "STATE_CONSTRUCTION", "国有建设用地使用权", "Right to use state-owned construction land";
    CollectiveConstruction = "COLLECTIVE_CONSTRUCTION", "集体建设用地使用权", "Right to use collective construction land";
    Homestead = "HOMESTEAD", "宅基地使用权", "Right to use a homestead";
    Contract = "CONTRACT", "土地承包经营权", "Right to contracted management of farmland";
    OtherAgri = "OTHER_AGRI", "其他农用地使用权", "Right to use other agricultural land";
    /// For districts outside China, where land itself is owned.
    Ownership = "OWNERSHIP", "土地所有权", "Ownership of the land";
}

code_enum! {
    /// How the right came to be and what it may be dealt with for.
    pub enum RightNature: "RIGHT_NATURE", "权利性质", "Nature of the right",
        "real-estate register usage (不动产登记 权利性质)", None;
    Allocated = "ALLOCATED", "划拨", "Allocated without price";
    Granted = "GRANTED", "出让", "Granted for a price";
    Contributed = "CONTRIBUTED", "作价出资（入股）", "Contributed as capital";
    LeasedState = "LEASED_STATE", "国有土地租赁", "Leased from the state";
    Authorised = "AUTHORISED", "授权经营", "Operated under authority";
    CollectiveMarket = "COLLECTIVE_MARKET", "集体经营性建设用地入市", "Collective land brought to market";
}

code_enum! {
    /// By what procedure the land is supplied.
    pub enum GrantMethod: "GRANT_METHOD", "供地方式", "Method of supply",
        "Order 39 (招标拍卖挂牌出让国有建设用地使用权规定); Civil Code (民法典), art. 347", Some("2007-11-01");
    Allocation = "ALLOCATION", "划拨", "Allocation";
    Tender = "TENDER", "招标出让", "Tender";
    Auction = "AUCTION", "拍卖出让", "Auction";
    Listing = "LISTING", "挂牌出让", "Listing";
    Agreement = "AGREEMENT", "协议出让", "Agreement";
    Lease = "LEASE", "租赁", "Lease";
    LeaseThenGrant = "LEASE_THEN_GRANT", "先租后让", "Lease first, grant later";
    FlexTerm = "FLEX_TERM", "弹性年期出让", "Grant for a flexible term";
    RentAndGrant = "RENT_AND_GRANT", "租让结合", "Part leased, part granted";
}

/// Since when industrial and commercial land is granted by competition alone: Order 39 in force.
pub const COMPETITION_FROM: jiff::civil::Date = jiff::civil::date(2007, 11, 1);

impl GrantMethod {
    /// Whether the method is one of the public competitions that Civil Code art. 347 asks for.
    pub const fn is_competitive(self) -> bool {
        match self {
            Self::Tender | Self::Auction | Self::Listing => true,
            Self::Allocation
            | Self::Agreement
            | Self::Lease
            | Self::LeaseThenGrant
            | Self::FlexTerm
            | Self::RentAndGrant => false,
        }
    }
}

code_enum! {
    /// What limits the holder of a right.
    pub enum RestrictionKind: "RESTRICTION_KIND", "限制类型", "Kind of restriction",
        "Civil Code (民法典), book two; ISO 19152", Some("2021-01-01");
    Mortgage = "MORTGAGE", "抵押", "Mortgage";
    Seizure = "SEIZURE", "查封", "Seizure";
    Lease = "LEASE", "出租", "Lease to another";
    Easement = "EASEMENT", "地役权", "Easement";
}

code_enum! {
    /// What the holder of a right owes.
    pub enum ResponsibilityKind: "RESPONSIBILITY_KIND", "责任类型", "Kind of responsibility", OWN_CLASSIFICATION, None;
    BuildInTime = "BUILD_IN_TIME", "按期开工竣工", "Start and complete building in time";
    PerformanceCommitment = "PERFORMANCE_COMMITMENT", "履行标准地承诺", "Meet the committed indicators";
    SoilRemediation = "SOIL_REMEDIATION", "土壤污染修复", "Remediate the soil";
    HeritageProtection = "HERITAGE_PROTECTION", "文物保护", "Protect heritage";
    PublicPassage = "PUBLIC_PASSAGE", "保留公共通道", "Keep a public passage open";
    Maintenance = "MAINTENANCE", "设施维护", "Maintain facilities";
}

code_enum! {
    /// Why and by whom dealings in a parcel are blocked until released.
    pub enum FreezeKind: "FREEZE_KIND", "冻结类型", "Kind of freeze", OWN_CLASSIFICATION, None;
    Court = "COURT", "司法冻结", "By a court";
    Supervision = "SUPERVISION", "监察冻结", "By a supervisory body";
    Tax = "TAX", "税务冻结", "By the tax authority";
    Dispute = "DISPUTE", "权属争议", "Title in dispute";
    Restructuring = "RESTRUCTURING", "破产重整", "Insolvency or restructuring";
    Expropriation = "EXPROPRIATION", "征收冻结", "Expropriation under way";
    IdleDisposal = "IDLE_DISPOSAL", "闲置处置", "Disposal of idle land under way";
    Administrative = "ADMINISTRATIVE", "行政冻结", "By another administrative decision";
}

code_enum! {
    /// What is known of an entry in the external register that is authoritative for it.
    pub enum ExternalState: "EXTERNAL_STATE", "外部登记状态", "State of the external registration", OWN_CLASSIFICATION, None;
    Pending = "PENDING", "待确认", "Awaiting confirmation";
    Confirmed = "CONFIRMED", "已确认", "Confirmed";
    Rejected = "REJECTED", "已驳回", "Rejected";
    Stale = "STALE", "已过时", "Not confirmed for too long";
}
