//! Code lists of parties and roles.
//!
//! What a role may do is the authority table of the gateway; here are the words alone.

use super::code_enum::code_enum;
use super::labelled::OWN_CLASSIFICATION;

code_enum! {
    /// What a party is.
    pub enum PartyKind: "PARTY_KIND", "主体类型", "Kind of party", OWN_CLASSIFICATION, None;
    Enterprise = "ENTERPRISE", "企业", "Enterprise";
    Department = "DEPARTMENT", "政府部门", "Government department";
    PlatformCompany = "PLATFORM_COMPANY", "国有平台公司", "State-owned platform company";
    /// The name is personal data and never enters the journal.
    NaturalPerson = "NATURAL_PERSON", "自然人", "Natural person";
}

impl PartyKind {
    /// Whether the party must be known by a unified social credit code.
    pub const fn has_credit_code(self) -> bool {
        match self {
            Self::Enterprise | Self::Department | Self::PlatformCompany => true,
            Self::NaturalPerson => false,
        }
    }
}

code_enum! {
    /// In what capacity a principal acts or reads.
    pub enum Role: "ROLE", "角色", "Role", OWN_CLASSIFICATION, None;
    Public = "PUBLIC", "公众", "Public";
    Investor = "INVESTOR", "投资人", "Investor";
    /// Sees the data of its own party.
    Enterprise = "ENTERPRISE", "企业", "Enterprise";
    ZoneOfficer = "ZONE_OFFICER", "园区工作人员", "Officer of the zone";
    Planner = "PLANNER", "规划人员", "Planner";
    Ecology = "ECOLOGY", "生态环境", "Ecology officer";
    Energy = "ENERGY", "能源管理", "Energy officer";
    Finance = "FINANCE", "财政管理", "Finance officer";
    Evaluator = "EVALUATOR", "评价人员", "Evaluator";
    TradeOperator = "TRADE_OPERATOR", "交易管理", "Trade operator";
    Approver = "APPROVER", "审批人", "Approver";
    Auditor = "AUDITOR", "审计人员", "Auditor";
    Admin = "ADMIN", "系统管理员", "Administrator";
    /// An external trading platform that calls the registry.
    Venue = "VENUE", "交易平台", "Trading venue";
    /// The registry itself, for what falls due.
    System = "SYSTEM", "系统", "The registry itself";
}
