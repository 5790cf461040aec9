//! Administrative divisions: Zhejiang, Jinhua and its nine counties, as GB/T 2260 numbers them.
//!
//! Only the divisions the registry serves stand here. A district outside China has no such code, and a Chinese one
//! elsewhere is told by the county digits of its own parcel codes.

use super::code_enum::code_enum;

code_enum! {
    /// A province, prefecture or county, by its six digits.
    pub enum Division: "DIVISION", "行政区划", "Administrative division",
        "GB/T 2260-2007 with the divisions in force as published by the Ministry of Civil Affairs", Some("2007");
    Zhejiang = "330000", "浙江省", "Zhejiang Province";
    Jinhua = "330700", "金华市", "Jinhua City", in "330000";
    Wucheng = "330702", "婺城区", "Wucheng District", in "330700";
    Jindong = "330703", "金东区", "Jindong District", in "330700";
    Wuyi = "330723", "武义县", "Wuyi County", in "330700";
    Pujiang = "330726", "浦江县", "Pujiang County", in "330700";
    Panan = "330727", "磐安县", "Pan'an County", in "330700";
    Lanxi = "330781", "兰溪市", "Lanxi City", in "330700";
    Yiwu = "330782", "义乌市", "Yiwu City", in "330700";
    Dongyang = "330783", "东阳市", "Dongyang City", in "330700";
    Yongkang = "330784", "永康市", "Yongkang City", in "330700";
}
