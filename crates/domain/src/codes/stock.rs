//! Code lists of stock land: in what state a parcel's use is, and why.
//!
//! When a parcel changes from one status to another is a rule of `land`; here are the words alone.

use super::code_enum::code_enum;
use super::labelled::OWN_CLASSIFICATION;

code_enum! {
    /// Whether, and how well, a parcel is used.
    pub enum StockStatus: "STOCK_STATUS", "存量用地状态", "Status of stock land",
        "Order 53 (闲置土地处置办法) for IDLE; usage of land administration for the others", Some("2012-07-01");
    InUse = "IN_USE", "正常使用", "In use";
    ApprovedNotSupplied = "APPROVED_NOT_SUPPLIED", "批而未供", "Approved, not yet supplied";
    SuppliedNotUsed = "SUPPLIED_NOT_USED", "供而未用", "Supplied, not yet used";
    Idle = "IDLE", "闲置土地", "Idle";
    UsedNotFull = "USED_NOT_FULL", "用而未尽", "Used, not to the full";
    BuiltNotUsed = "BUILT_NOT_USED", "建而未投", "Built, not in production";
    Inefficient = "INEFFICIENT", "低效用地", "Inefficient";
    Banked = "BANKED", "已收储", "In the land bank";
    Ready = "READY", "净地待供", "Ready for supply";
}

code_enum! {
    /// Who answers for idleness; it decides between fee, reclaim and agreed disposal.
    pub enum IdleCause: "IDLE_CAUSE", "闲置原因", "Cause of idleness",
        "Order 53 (闲置土地处置办法)", Some("2012-07-01");
    Holder = "HOLDER", "企业自身原因", "The holder";
    Government = "GOVERNMENT", "政府原因", "The government";
    ForceMajeure = "FORCE_MAJEURE", "不可抗力", "Force majeure";
}

code_enum! {
    /// Why industrial land counts as inefficient; any one suffices.
    pub enum InefficiencyReason: "INEFFICIENCY_REASON", "低效认定原因", "Reason of inefficiency", OWN_CLASSIFICATION, None;
    TaxPerMuLow = "TAX_PER_MU_LOW", "亩均税收低于下限", "Tax per mu below the floor";
    TaxBelowIndustry = "TAX_BELOW_INDUSTRY", "亩均税收低于行业均值一半", "Tax per mu below half of the industry mean";
    PoorGrade = "POOR_GRADE", "评价为D类或连续两年C类", "Graded D, or C two years running";
    LowIntensity = "LOW_INTENSITY", "容积率或建筑密度过低", "Plot ratio or building density too low";
    OutdatedCapacity = "OUTDATED_CAPACITY", "属于淘汰类产能", "Outdated capacity";
    ClosureOrder = "CLOSURE_ORDER", "安全或环保责令关停", "Ordered to close for safety or ecology";
    DormantFirm = "DORMANT_FIRM", "停产企业（僵尸企业）", "Dormant firm, no power and no tax for a year";
    SubletNonIndustrial = "SUBLET_NON_INDUSTRIAL", "违规转租非工业用途", "Over 30 % of the floor area sublet to other uses";
}

code_enum! {
    /// Whether the soil lets the land be supplied or its use be changed.
    pub enum SoilGate: "SOIL_GATE", "土壤环境准入", "Soil gate",
        "Soil Pollution Prevention and Control Law (土壤污染防治法)", Some("2019-01-01");
    Pass = "PASS", "准入", "May be used";
    Investigate = "INVESTIGATE", "需先行调查", "Must be investigated first";
    Block = "BLOCK", "禁止", "Blocked";
    Unknown = "UNKNOWN", "未知", "Not known";
}

code_enum! {
    /// What a parcel is connected to: the seven connections and the levelling (七通一平).
    pub enum Infrastructure: "INFRASTRUCTURE", "七通一平", "Infrastructure connections",
        "usage of land banking (七通一平)", None;
    Road = "ROAD", "通路", "Road";
    Water = "WATER", "通给水", "Water supply";
    Power = "POWER", "通电", "Power";
    Drainage = "DRAINAGE", "通排水", "Drainage";
    Gas = "GAS", "通燃气", "Gas";
    Heat = "HEAT", "通热", "Heat";
    Telecom = "TELECOM", "通讯", "Telecommunications";
    Levelled = "LEVELLED", "土地平整", "Levelled";
}
