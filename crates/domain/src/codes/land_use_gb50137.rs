//! The urban construction-land classes of GB 50137-2011: 8 letters, 35 second-level and 42 third-level classes.
//!
//! Planning has moved on to the classes of 2023; these remain because older conditions and GB 36600 still name them.

use super::labelled::ListFacts;
use super::land_use::{LandUseItem, land_use_items};

pub(super) const FACTS: ListFacts = ListFacts {
    id: "LAND_USE_GB50137_2011",
    name_zh: "城市建设用地分类",
    name_en: "Urban construction land",
    source: "GB 50137-2011",
    dated: Some("2012-01-01"),
};

pub(super) const ITEMS: &[LandUseItem] = land_use_items! { "GB50137_2011";
    "A" "公共管理与公共服务用地" "Public administration and public service";
    "A1" "行政办公用地" "Administrative offices";
    "A2" "文化设施用地" "Cultural facilities";
    "A21" "图书展览设施用地" "Libraries and exhibition";
    "A22" "文化活动设施用地" "Cultural activities";
    "A3" "教育科研用地" "Education and research";
    "A31" "高等院校用地" "Higher education";
    "A32" "中等专业学校用地" "Secondary vocational schools";
    "A33" "中小学用地" "Primary and middle schools";
    "A34" "特殊教育用地" "Special education";
    "A35" "科研用地" "Research";
    "A4" "体育用地" "Sport";
    "A41" "体育场馆用地" "Stadiums and gymnasiums";
    "A42" "体育训练用地" "Sports training";
    "A5" "医疗卫生用地" "Medical care and health";
    "A51" "医院用地" "Hospitals";
    "A52" "卫生防疫用地" "Sanitation and epidemic prevention";
    "A53" "特殊医疗用地" "Special medical care";
    "A59" "其他医疗卫生用地" "Other medical care and health";
    "A6" "社会福利设施用地" "Social welfare";
    "A7" "文物古迹用地" "Cultural relics";
    "A8" "外事用地" "Foreign affairs";
    "A9" "宗教设施用地" "Religious facilities";
    "B" "商业服务业设施用地" "Commercial and business facilities";
    "B1" "商业设施用地" "Commerce";
    "B11" "零售商业用地" "Retail";
    "B12" "批发市场用地" "Wholesale market";
    "B13" "餐饮用地" "Catering";
    "B14" "旅馆用地" "Hotel";
    "B2" "商务设施用地" "Business";
    "B21" "金融保险用地" "Finance and insurance";
    "B22" "艺术传媒用地" "Arts and media";
    "B29" "其他商务设施用地" "Other business";
    "B3" "娱乐康体设施用地" "Entertainment and recreation";
    "B31" "娱乐用地" "Entertainment";
    "B32" "康体用地" "Recreation and fitness";
    "B4" "公用设施营业网点用地" "Outlets of public utilities";
    "B41" "加油加气站用地" "Petrol and gas stations";
    "B49" "其他公用设施营业网点用地" "Other outlets of public utilities";
    "B9" "其他服务设施用地" "Other service facilities";
    "G" "绿地与广场用地" "Green space and squares";
    "G1" "公园绿地" "Parks";
    "G2" "防护绿地" "Protective green space";
    "G3" "广场用地" "Squares";
    "M" "工业用地" "Industrial land";
    "M1" "一类工业用地" "Industrial land, class 1";
    "M2" "二类工业用地" "Industrial land, class 2";
    "M3" "三类工业用地" "Industrial land, class 3";
    "R" "居住用地" "Residential land";
    "R1" "一类居住用地" "Residential land, class 1";
    "R11" "住宅用地" "Dwellings";
    "R12" "服务设施用地" "Service facilities";
    "R2" "二类居住用地" "Residential land, class 2";
    "R21" "住宅用地" "Dwellings";
    "R22" "服务设施用地" "Service facilities";
    "R3" "三类居住用地" "Residential land, class 3";
    "R31" "住宅用地" "Dwellings";
    "R32" "服务设施用地" "Service facilities";
    "S" "道路与交通设施用地" "Roads and transport facilities";
    "S1" "城市道路用地" "Urban roads";
    "S2" "城市轨道交通用地" "Urban rail transit";
    "S3" "交通枢纽用地" "Transport hubs";
    "S4" "交通场站用地" "Transport stations and depots";
    "S41" "公共交通场站用地" "Public transport depots";
    "S42" "社会停车场用地" "Public car parks";
    "S9" "其他交通设施用地" "Other transport facilities";
    "U" "公用设施用地" "Public utilities";
    "U1" "供应设施用地" "Supply facilities";
    "U11" "供水用地" "Water supply";
    "U12" "供电用地" "Power supply";
    "U13" "供燃气用地" "Gas supply";
    "U14" "供热用地" "Heat supply";
    "U15" "通信用地" "Telecommunications";
    "U16" "广播电视用地" "Radio and television";
    "U2" "环境设施用地" "Environmental facilities";
    "U21" "排水用地" "Drainage";
    "U22" "环卫用地" "Sanitation";
    "U3" "安全设施用地" "Safety facilities";
    "U31" "消防用地" "Fire protection";
    "U32" "防洪用地" "Flood protection";
    "U9" "其他公用设施用地" "Other public utilities";
    "W" "物流仓储用地" "Logistics and storage";
    "W1" "一类物流仓储用地" "Logistics and storage, class 1";
    "W2" "二类物流仓储用地" "Logistics and storage, class 2";
    "W3" "三类物流仓储用地" "Logistics and storage, class 3";
};
