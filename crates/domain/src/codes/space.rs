//! Code lists of places: layers and states of parcels, kinds of zones and features, and code profiles.
//!
//! Geometry itself lives in `geometry`.

use super::code_enum::code_enum;
use super::labelled::OWN_CLASSIFICATION;

code_enum! {
    /// In which layer of space a parcel lies; parcels of different layers may overlap.
    pub enum ParcelLayer: "PARCEL_LAYER", "空间层", "Layer of space",
        "Civil Code (民法典), art. 345", Some("2021-01-01");
    Surface = "SURFACE", "地表", "Surface";
    Above = "ABOVE", "地上", "Above ground";
    Underground = "UNDERGROUND", "地下", "Underground";
}

code_enum! {
    /// Where a parcel stands in its life.
    pub enum ParcelState: "PARCEL_STATE", "宗地状态", "State of the parcel", OWN_CLASSIFICATION, None;
    /// Has a lot number and no parcel code yet.
    Planned = "PLANNED", "规划地块", "Planned lot";
    Registered = "REGISTERED", "已登记", "Registered";
    /// Split, merged or cancelled; its code is never used again.
    Retired = "RETIRED", "已注销", "Retired";
}

code_enum! {
    /// Which rules the parcel codes of a district follow.
    pub enum CodeProfile: "CODE_PROFILE", "宗地编码规则", "Profile of parcel codes",
        "GB/T 37346-2019 for CN_GBT37346", Some("2019");
    CnGbt37346 = "CN_GBT37346", "国标不动产单元代码", "Real-estate unit codes of GB/T 37346";
    Open = "OPEN", "开放编码", "Any code unique in the district";
}

code_enum! {
    /// Zones that restrict or bound the use of land.
    pub enum ZoneKind: "ZONE_KIND", "控制区类型", "Kind of zone", OWN_CLASSIFICATION, None;
    ZoneBoundary = "ZONE_BOUNDARY", "开发区边界", "Boundary of the development zone";
    IndustrialControlLine = "INDUSTRIAL_CONTROL_LINE", "工业用地控制线", "Industrial control line";
    UrbanDevelopmentBoundary = "URBAN_DEVELOPMENT_BOUNDARY", "城镇开发边界", "Urban development boundary";
    EcologicalRedLine = "ECOLOGICAL_RED_LINE", "生态保护红线", "Ecological red line";
    PermanentBasicFarmland = "PERMANENT_BASIC_FARMLAND", "永久基本农田", "Permanent basic farmland";
    Flood = "FLOOD", "洪水淹没区", "Flood area";
    ContaminatedPlot = "CONTAMINATED_PLOT", "污染地块", "Contaminated plot";
    Heritage = "HERITAGE", "文物保护范围", "Heritage protection";
    RoadReserve = "ROAD_RESERVE", "道路红线", "Road reserve";
    Other = "OTHER", "其他", "Other";
}

code_enum! {
    /// Points and lines a planner measures distances to.
    pub enum FeatureKind: "FEATURE_KIND", "要素类型", "Kind of feature", OWN_CLASSIFICATION, None;
    HighwayExit = "HIGHWAY_EXIT", "高速公路出入口", "Highway exit";
    RailwayStation = "RAILWAY_STATION", "火车站", "Railway station";
    MetroStation = "METRO_STATION", "轨道交通站", "Metro station";
    BusStation = "BUS_STATION", "汽车站", "Bus station";
    Airport = "AIRPORT", "机场", "Airport";
    Port = "PORT", "港口码头", "Port";
    Substation = "SUBSTATION", "变电站", "Substation";
    WaterPlant = "WATER_PLANT", "自来水厂", "Water plant";
    SewagePlant = "SEWAGE_PLANT", "污水处理厂", "Sewage plant";
    GasSupplyStation = "GAS_SUPPLY_STATION", "燃气场站", "Gas supply station";
    HeatPlant = "HEAT_PLANT", "供热站", "Heat plant";
    FireStation = "FIRE_STATION", "消防站", "Fire station";
    School = "SCHOOL", "学校", "School";
    Hospital = "HOSPITAL", "医院", "Hospital";
    Road = "ROAD", "道路", "Road";
    Railway = "RAILWAY", "铁路线", "Railway";
    MetroLine = "METRO_LINE", "轨道交通线", "Metro line";
    River = "RIVER", "河流", "River";
    PowerLine = "POWER_LINE", "电力线路", "Power line";
    Pipeline = "PIPELINE", "管线", "Pipeline";
    Other = "OTHER", "其他", "Other";
}
