//! Mutations of parties: how one is registered, amended, and its personal data erased.

use std::collections::BTreeMap;

use async_graphql::{ID, InputObject};
use yulin_domain::codes::{CodeRefused, CreditCode, PartyKind};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PersonalField, PersonalFields, PersonalText, Refused};
use yulin_domain::party::{AmendParty, ErasePersonal, RegisterParty};

use super::common::{ExternalRefInput, SeenInput};
use super::read::{Read, id, maybe, seen, text};
use super::roots::mutations;
use crate::codes::Chosen;

/// Data of a natural person; kept out of the journal, erasable (自然人个人信息).
#[derive(Clone, InputObject)]
pub struct PersonalInput {
    /// The name (姓名).
    pub name: Option<String>,
    /// The number of an identity document (证件号码).
    pub identity_number: Option<String>,
    /// How to reach the person (联系方式).
    pub contact: Option<String>,
    /// What else is known (备注).
    pub note: Option<String>,
}

// Personal data must not reach a log through a derived Debug.
impl std::fmt::Debug for PersonalInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonalInput(withheld)")
    }
}

impl TryFrom<PersonalInput> for PersonalText {
    type Error = Refused;
    fn try_from(input: PersonalInput) -> Read<Self> {
        let PersonalInput { name, identity_number, contact, note } = input;
        let fields = [
            (PersonalField::Name, name),
            (PersonalField::IdentityNumber, identity_number),
            (PersonalField::Contact, contact),
            (PersonalField::Note, note),
        ];
        let given = fields.into_iter().filter_map(|(field, value)| Some((field, value?)));
        let mut read = BTreeMap::new();
        for (field, value) in given {
            let value = text(Some(value), field.key())?;
            read.extend(value.map(|value| (field.key().to_owned(), value)));
        }
        if read.is_empty() {
            return Err(Refused::new(ErrorCode::FieldRequired).at(PersonalField::Name.key()));
        }
        Ok(Self::Given(PersonalFields(read)))
    }
}

/// A party to be registered (登记主体).
#[derive(Debug, Clone, InputObject)]
pub struct RegisterPartyInput {
    /// What the party is (主体类型).
    pub kind: Chosen<PartyKind>,
    /// The registered name; that of a natural person stands in `personal` (名称).
    pub name: Option<String>,
    /// The unified social credit code (统一社会信用代码).
    pub credit_code: Option<String>,
    /// Data of a natural person (个人信息).
    pub personal: Option<PersonalInput>,
    /// Where another register keeps the party (外部登记引用).
    pub external: Option<ExternalRefInput>,
}

impl TryFrom<RegisterPartyInput> for RegisterParty {
    type Error = Refused;
    fn try_from(input: RegisterPartyInput) -> Read<Self> {
        let RegisterPartyInput { kind, name, credit_code, personal, external } = input;
        Ok(Self {
            kind: kind.0,
            name,
            credit_code: self::credit_code(credit_code.as_deref())?,
            personal: maybe(personal, "personal")?,
            external: external.map(Into::into),
        })
    }
}

/// The particulars of a party that change; what is left out stays (变更主体).
#[derive(Debug, Clone, InputObject)]
pub struct AmendPartyInput {
    /// The party (主体).
    pub party: SeenInput,
    /// The new name (名称).
    pub name: Option<String>,
    /// The new unified social credit code (统一社会信用代码).
    pub credit_code: Option<String>,
    /// New data of a natural person; they replace the former ones (个人信息).
    pub personal: Option<PersonalInput>,
    /// Where another register keeps the party (外部登记引用).
    pub external: Option<ExternalRefInput>,
}

impl TryFrom<AmendPartyInput> for AmendParty {
    type Error = Refused;
    fn try_from(input: AmendPartyInput) -> Read<Self> {
        let AmendPartyInput { party, name, credit_code, personal, external } = input;
        Ok(Self {
            party: seen(&party, "party")?,
            name,
            credit_code: self::credit_code(credit_code.as_deref())?,
            personal: maybe(personal, "personal")?,
            external: external.map(Into::into),
        })
    }
}

fn credit_code(given: Option<&str>) -> Read<Option<CreditCode>> {
    let refused = |why: CodeRefused| Refused::new(why.error_code()).at("creditCode").told("problem", why);
    given.map(|text| CreditCode::parse(text).map_err(refused)).transpose()
}

/// The personal data to be erased; the act needs a legal basis (删除个人信息).
#[derive(Debug, Clone, InputObject)]
pub struct ErasePersonalInput {
    /// The party (主体).
    pub party: SeenInput,
    /// The sets of personal data to erase, as seen in the party's history (个人信息引用).
    pub personal: Vec<ID>,
}

impl TryFrom<ErasePersonalInput> for ErasePersonal {
    type Error = Refused;
    fn try_from(ErasePersonalInput { party, personal }: ErasePersonalInput) -> Read<Self> {
        let read = |(place, given): (usize, &ID)| id(given, &format!("personal[{place}]"));
        let personal = personal.iter().enumerate().map(read).collect::<Read<_>>()?;
        Ok(Self { party: seen(&party, "party")?, personal })
    }
}

mutations! {
    PartyMutations:
    /// Registers a party (登记主体).
    register_party(RegisterPartyInput) = RegisterParty;
    /// Changes the particulars of a party (变更主体).
    amend_party(AmendPartyInput) = AmendParty;
    /// Erases personal data of a party; that they were there stays known (删除个人信息).
    erase_personal(ErasePersonalInput) = ErasePersonal;
}
