//! A party as the API shows it.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use yulin_domain::codes::PartyKind;
use yulin_domain::journal::{PartyId, PersonalField};
use yulin_domain::party::Party;
use yulin_persistence::{PartyFilter, PersistenceError, Registry, Snapshot, Versioned};

use super::{ExternalRefObject, PartyPage};
use crate::codes::Chosen;
use crate::disclosure::{Reading, reading_of, withheld};
use crate::errors::{OrNull, or_null};
use crate::journal::ActConnection;
use crate::scalars::{Seq, Timestamp, write_id};
use crate::schema::Item;

const PARTY: &str = "Party";

/// A party of a page.
#[derive(Clone)]
pub struct PartyObject {
    page: Arc<PartyPage>,
    party: Arc<Versioned<Party>>,
}

/// That personal data are gone (个人信息删除记录).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Erasure")]
pub struct ErasureObject {
    /// The entry that erased them (登记序号).
    pub seq: Seq,
}

impl PartyObject {
    pub(super) fn of(page: Arc<PartyPage>, party: Arc<Versioned<Party>>) -> Self {
        Self { page, party }
    }

    fn state(&self) -> &Party {
        &self.party.state
    }

    pub(crate) fn party_id(&self) -> PartyId {
        self.party.state.id
    }

    fn is_own(&self) -> bool {
        self.page.viewer.own_party() == Some(self.state().id)
    }

    fn reads(&self, field: &str) -> bool {
        match reading_of(&self.page.viewer, PARTY, field) {
            Reading::Yes => true,
            Reading::OwnOnly => self.is_own(),
            Reading::No => false,
        }
    }

    /// The name, where the viewer reads it and it was not erased.
    pub(crate) async fn name_read(&self) -> Result<Option<String>, Error> {
        match self.state().kind {
            PartyKind::NaturalPerson => self.personal_field(PersonalField::Name).await,
            PartyKind::Enterprise | PartyKind::Department | PartyKind::PlatformCompany => Ok(self.state().name.clone()),
        }
    }

    async fn personal_field(&self, field: PersonalField) -> Result<Option<String>, Error> {
        if !self.reads("identityNumber") {
            return Ok(None);
        }
        let Some(sealed) = self.state().personal else { return Ok(None) };
        let fields = self.page.personal().await?.get(&sealed.personal);
        Ok(fields.and_then(|fields| fields.0.get(field.key()).cloned()))
    }
}

impl Item for PartyObject {
    type Place = PartyId;
    type Question = PartyFilter;

    fn place(&self) -> Self::Place {
        self.party_id()
    }

    async fn count(
        registry: &Registry,
        snapshot: &Snapshot,
        question: &Self::Question,
    ) -> Result<u64, PersistenceError> {
        registry.count_parties(snapshot, question).await
    }
}

/// Who may hold rights: an enterprise, a department, a platform company or a natural person (主体).
#[Object(name = "Party")]
impl PartyObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.state().id)
    }

    /// The entry that last changed it: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.party.version)
    }

    /// What the party is (主体类型).
    async fn kind(&self) -> Chosen<PartyKind> {
        self.state().kind.into()
    }

    /// The name; that of a natural person is withheld from most, and gone once erased (名称).
    async fn name(&self) -> Result<Option<String>, Error> {
        self.name_read().await
    }

    /// The unified social credit code (统一社会信用代码).
    async fn credit_code(&self) -> Option<&str> {
        self.state().credit_code.as_ref().map(yulin_domain::codes::CreditCode::as_str)
    }

    /// The identity number of a natural person (身份证件号码).
    async fn identity_number(&self) -> Result<Option<String>, Error> {
        self.personal_field(PersonalField::IdentityNumber).await
    }

    /// The contact of a natural person (联系方式).
    async fn contact(&self) -> Result<Option<String>, Error> {
        self.personal_field(PersonalField::Contact).await
    }

    /// That the personal data were erased, and by which entry; told whatever instant is asked about (删除记录).
    async fn erased(&self) -> Result<Option<ErasureObject>, Error> {
        let Some(sealed) = self.state().personal else { return Ok(None) };
        let erased = self.page.erasures().await?.get(&sealed.personal);
        Ok(erased.map(|seq| ErasureObject { seq: Seq(*seq) }))
    }

    /// The sets of personal data ever kept of it, erased or not, as `erasePersonal` takes them; null where they may not
    /// be read (个人信息引用).
    async fn personal_sets(&self) -> Result<Option<Vec<ID>>, Error> {
        if !self.reads("personalSets") {
            return Ok(None);
        }
        let sets = self.page.sets().await?.get(&self.state().id);
        Ok(Some(sets.into_iter().flatten().map(|personal| write_id(*personal)).collect()))
    }

    /// Where another register keeps it (外部登记引用).
    async fn external_ref(&self) -> Option<ExternalRefObject> {
        self.state().external.as_ref().filter(|_| self.reads("externalRef")).map(Into::into)
    }

    /// Since when the shown state holds (有效起始).
    async fn valid_from(&self) -> Option<Timestamp> {
        Timestamp::bounded(self.party.valid.from)
    }

    /// The fields that the viewer may not read (未公开字段).
    async fn withheld(&self) -> Vec<&'static str> {
        let natural = self.state().kind == PartyKind::NaturalPerson && !self.reads("identityNumber");
        let name = natural.then_some("name");
        name.into_iter().chain(withheld(self.page.viewer.role, PARTY, |_| self.is_own())).collect()
    }

    /// The acts on this party, oldest first; null where they may not be read (登记历史).
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
    ) -> OrNull<ActConnection> {
        or_null(async {
            if !self.reads("history") {
                return Ok(None);
            }
            self.page.histories.page(ctx, self.state().id.into(), (first, after)).await.map(Some)
        })
        .await
    }
}
