//! Tests of names of reference systems.

use super::epsg_by_name;

#[test]
fn the_grids_of_china_are_known_in_every_spelling() {
    assert_eq!(epsg_by_name("CGCS2000_3_Degree_GK_CM_120E"), Some(4549));
    assert_eq!(epsg_by_name("CGCS2000 / 3-degree Gauss-Kruger CM 120E"), Some(4549));
    assert_eq!(epsg_by_name("CGCS2000 / 3-degree Gauss-Kruger zone 40"), Some(4528));
    assert_eq!(epsg_by_name("CGCS2000_3_Degree_GK_CM_75E"), Some(4534));
    assert_eq!(epsg_by_name("CGCS2000_3_Degree_GK_CM_135E"), Some(4554));
    assert_eq!(epsg_by_name("CGCS2000_GK_Zone_20"), Some(4498));
    assert_eq!(epsg_by_name("CGCS2000_GK_CM_117E"), Some(4509));
    assert_eq!(epsg_by_name("Xian_1980_3_Degree_GK_CM_120E"), Some(2385));
    assert_eq!(epsg_by_name("GCS_China_Geodetic_Coordinate_System_2000"), Some(4490));
}

#[test]
fn a_meridian_between_the_grids_is_no_grid() {
    assert_eq!(epsg_by_name("CGCS2000_3_Degree_GK_CM_121E"), None);
    assert_eq!(epsg_by_name("CGCS2000_3_Degree_GK_Zone_46"), None);
    assert_eq!(epsg_by_name("CGCS2000_3_Degree_GK_Zone_"), None);
}

#[test]
fn the_grids_of_the_test_districts_are_known() {
    assert_eq!(epsg_by_name("RGF_1993_Lambert_93"), Some(2154));
    assert_eq!(epsg_by_name("RGF93_Lambert_93"), Some(2154));
    assert_eq!(epsg_by_name("Amersfoort / RD New"), Some(28992));
    assert_eq!(epsg_by_name("WGS_1984_UTM_Zone_51N"), Some(32651));
    assert_eq!(epsg_by_name("WGS 84 / UTM zone 20S"), Some(32720));
    assert_eq!(epsg_by_name("JGD_2011_Japan_Zone_9"), Some(6677));
}
