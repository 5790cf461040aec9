//! Names made up from word lists.
//!
//! They name no person, firm or street that exists; names of firms say that they are of the demo.

use super::chance::Chance;

const HEADS: [&str; 20] = [
    "丰", "映", "澄", "岚", "霁", "葭", "栖", "云", "砚", "棠", "枫", "梧", "晴", "清", "锦", "碧", "翠", "朗", "星",
    "鹿",
];
const TAILS: [&str; 20] = [
    "溪", "岭", "塘", "渚", "麓", "汀", "坪", "原", "桥", "川", "泽", "湾", "峰", "湖", "屏", "洲", "苑", "台", "涧",
    "野",
];
const TRADES: [&str; 16] = [
    "水晶工艺",
    "绗缝家纺",
    "挂锁五金",
    "精密机械",
    "新能源材料",
    "智能装备",
    "光电科技",
    "包装印刷",
    "汽车部件",
    "生物医药",
    "电子元件",
    "食品加工",
    "冷链物流",
    "环保设备",
    "服饰",
    "模具制造",
];

/// The street south of a row of blocks.
pub(super) fn street_along(row: u32) -> String {
    format!("{}{}", words(row, 0), road(row, "路"))
}

/// The street west of a column of blocks.
pub(super) fn street_up(column: u32) -> String {
    format!("{}{}", words(column, 7), road(column, "街"))
}

fn road(line: u32, plain: &str) -> &str {
    if line.is_multiple_of(super::layout::ARTERIAL_EVERY) { "大道" } else { plain }
}

/// The name of the nth firm.
pub(super) fn firm(number: u32) -> String {
    let trade = Chance::at(11, [number]).pick(&TRADES).unwrap_or_default();
    format!("浦江{}{trade}有限公司（演示）", words(number, 3))
}

/// Two words that differ from those of every number near, with a third from the four hundredth on.
fn words(number: u32, turn: u32) -> String {
    let pair = |number: u32| {
        let head = HEADS.get((number % 20) as usize).copied().unwrap_or_default();
        let tail = TAILS.get(((number / 20 + number * 3 + turn) % 20) as usize).copied().unwrap_or_default();
        format!("{head}{tail}")
    };
    match number / 400 {
        0 => pair(number),
        more => format!("{}{}", pair(number % 400), pair(more)),
    }
}
