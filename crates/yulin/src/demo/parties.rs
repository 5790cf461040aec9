//! The parties of the demo: offices, a platform company, banks, firms and two natural persons.

use std::collections::BTreeMap;

use anyhow::Result;
use yulin_domain::codes::{Labelled, PartyKind, Role};
use yulin_domain::journal::{Act, PartyId, PersonalField, PersonalFields, PersonalText};
use yulin_domain::party::{RegisterParty, RegisterPrincipal};

use super::chance::Chance;
use super::credit::credit_code;
use super::names::firm;
use super::pen::{Day, Pen};

/// Parties that are there in every zone, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Committee,
    LandOffice,
    LandBank,
    Platform,
    FirstBank,
    SecondBank,
    FirstPerson,
    SecondPerson,
}

const STANDING: [(Standing, &str); 8] = [
    (Standing::Committee, "浦江经济开发区管理委员会（演示）"),
    (Standing::LandOffice, "浦江县自然资源和规划局（演示）"),
    (Standing::LandBank, "浦江县土地储备中心（演示）"),
    (Standing::Platform, "浦江开发区建设投资有限公司（演示）"),
    (Standing::FirstBank, "鱼鳞演示银行浦江支行"),
    (Standing::SecondBank, "演示农商银行浦江支行"),
    (Standing::FirstPerson, "演示甲"),
    (Standing::SecondPerson, "演示乙"),
];

/// The number of the first firm.
const FIRMS_FROM: u32 = 100;
const FIRMS_MAX: u32 = 20_000;
/// The day as of which everybody is known.
const FOUNDED: Day = Day(4_190);

impl Standing {
    /// Its party id.
    pub(super) fn id(self, pen: &Pen) -> PartyId {
        party_id(pen, self as u32)
    }

    const fn kind(self) -> PartyKind {
        match self {
            Self::Committee | Self::LandOffice | Self::LandBank => PartyKind::Department,
            Self::Platform => PartyKind::PlatformCompany,
            Self::FirstBank | Self::SecondBank => PartyKind::Enterprise,
            Self::FirstPerson | Self::SecondPerson => PartyKind::NaturalPerson,
        }
    }
}

/// How many firms the zone has.
pub(super) fn firms(pen: &Pen) -> u32 {
    (pen.scale.parcels / 4).clamp(20, FIRMS_MAX)
}

/// A firm of the zone, by chance.
pub(super) fn some_firm(pen: &Pen, chance: &mut Chance) -> PartyId {
    party_id(pen, FIRMS_FROM + chance.below(firms(pen)))
}

/// The firm of a number.
pub(super) fn firm_number(pen: &Pen, nth: u32) -> PartyId {
    party_id(pen, FIRMS_FROM + nth % firms(pen))
}

fn party_id(pen: &Pen, number: u32) -> PartyId {
    PartyId::made_by(pen.id("party", number), 0, 0)
}

/// The acts that register the parties.
pub(super) fn acts(pen: &Pen) -> impl Iterator<Item = Result<Act>> + '_ {
    let standing = STANDING.iter().map(move |(party, name)| {
        let number = *party as u32;
        let body = match party.kind() {
            PartyKind::NaturalPerson => person(name),
            PartyKind::Department => organisation(PartyKind::Department, "11", number, (*name).to_owned())?,
            PartyKind::Enterprise | PartyKind::PlatformCompany => {
                organisation(party.kind(), "91", number, (*name).to_owned())?
            }
        };
        Ok(entry(pen, number, body))
    });
    let firms = (0..firms(pen)).map(move |nth| {
        let number = FIRMS_FROM + nth;
        Ok(entry(pen, number, organisation(PartyKind::Enterprise, "91", number, firm(nth))?))
    });
    standing.chain(firms).chain(std::iter::once(Ok(enterprise(pen))))
}

/// The principal behind the demo's ENTERPRISE key; what its own company holds is what it sees.
fn enterprise(pen: &Pen) -> Act {
    let name = format!("demo-{}", Role::Enterprise.code().to_lowercase());
    let party = Some(Standing::Platform.id(pen));
    let body = RegisterPrincipal { name, party, roles: [Role::Enterprise].into() };
    pen.act(pen.id("principal", 0), FOUNDED, vec![body.into()])
}

fn entry(pen: &Pen, number: u32, body: RegisterParty) -> Act {
    pen.act(pen.id("party", number), FOUNDED, vec![body.into()])
}

fn organisation(kind: PartyKind, class: &str, number: u32, name: String) -> Result<RegisterParty> {
    let credit_code = Some(credit_code(class, number)?);
    Ok(RegisterParty { kind, name: Some(name), credit_code, personal: None, external: None })
}

fn person(name: &str) -> RegisterParty {
    let contact = format!("{name}的联系方式（演示）");
    let fields = [(PersonalField::Name, name.to_owned()), (PersonalField::Contact, contact)];
    let fields: BTreeMap<_, _> = fields.into_iter().map(|(field, text)| (field.key().to_owned(), text)).collect();
    let personal = Some(PersonalText::Given(PersonalFields(fields)));
    RegisterParty { kind: PartyKind::NaturalPerson, name: None, credit_code: None, personal, external: None }
}
