//! A small registry for the tests of questions: one district, five parcels of 15 mu in a row, two holders of the first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use async_graphql::{Request, Response, Variables};
use jiff::civil::date;
use serde_json::{Value, json};
use uuid::Uuid;
use yulin_domain::codes::{
    CodeProfile, GrantMethod, LandUseCode, ParcelState, PartyKind, RightNature, RightType, Role, StockStatus,
};
use yulin_domain::district::RegisterDistrict;
use yulin_domain::geometry::{Crs, SubmittedFootprint};
use yulin_domain::journal::{
    Act, ActBody, ActId, DistrictId, Envelope, ParcelId, PartyId, PersonalFields, PersonalText, PrincipalId, Receipt,
    Seen,
};
use yulin_domain::land::{GrantRight, HolderShare, ParcelPatch, Price, RegisterParcel, Stock, Tenure, UseShare};
use yulin_domain::party::RegisterParty;
use yulin_domain::quantity::{Area, FenPerSquareMetre, Share};
use yulin_persistence::{Migrate, OpenOptions, Registry};

use super::{YulinSchema, build_schema};
use crate::request::{OperationSeq, PinnedAt, Viewer};

pub struct TestRegistry {
    pub registry: Registry,
    pub schema: YulinSchema,
    pub parcels: Vec<ParcelId>,
    path: std::path::PathBuf,
}

impl Drop for TestRegistry {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = self.path.clone().into_os_string();
            name.push(suffix);
            let _ = std::fs::remove_file(name);
        }
    }
}

fn envelope(id: ActId) -> Envelope {
    Envelope {
        id,
        principal: PrincipalId::SYSTEM,
        role: Role::System,
        narrowing: None,
        on_behalf_of: None,
        effective_at: None,
        not_after: None,
        reason: Some("a test".to_owned()),
        legal_basis: None,
        evidence: Vec::new(),
        personal_note: None,
    }
}

/// Where the nth parcel lies in EPSG:2154, 100 m by 100 m.
fn square(nth: usize) -> SubmittedFootprint {
    let west = 930_000.0 + 100.0 * f64::from(u8::try_from(nth).unwrap());
    let (east, south, north) = (west + 100.0, 6_690_000.0, 6_690_100.0);
    let ring = json!([[west, south], [east, south], [east, north], [west, north], [west, south]]);
    let text = json!({ "type": "Polygon", "coordinates": [ring] }).to_string();
    SubmittedFootprint::from_geojson(&text, Crs::epsg(2154).unwrap()).unwrap()
}

const STATUSES: [StockStatus; 5] =
    [StockStatus::Idle, StockStatus::Inefficient, StockStatus::Idle, StockStatus::InUse, StockStatus::Ready];
const PRICES: [Option<i64>; 5] = [Some(50_000), Some(30_000), None, Some(10_000), Some(70_000)];

impl TestRegistry {
    pub async fn new() -> Self {
        let path = std::env::temp_dir().join(format!("yulin-gateway-{}.db", Uuid::new_v4()));
        let url = format!("sqlite://{}?mode=rwc", path.display());
        let registry = Registry::open(&OpenOptions { url, readers: 2, migrate: Migrate::Apply }).await.unwrap();
        let schema = build_schema(registry.clone());
        let mut made = Self { registry, schema, parcels: Vec::new(), path };
        made.fill().await;
        made
    }

    pub async fn act(&self, body: impl Into<ActBody>) -> (ActId, Receipt) {
        let id = ActId(Uuid::new_v4());
        let act = Act { envelope: envelope(id), legs: vec![body.into()] };
        let receipt = self.registry.perform(act).await.unwrap_or_else(|why| panic!("{why}"));
        (id, receipt)
    }

    async fn fill(&mut self) {
        let district = RegisterDistrict {
            code: "25354".to_owned(),
            name: "Essai".to_owned(),
            parent: None,
            profile: CodeProfile::Open,
            grid: Crs::epsg(2154).unwrap(),
            time_zone: "Europe/Paris".to_owned(),
            calendar: "NONE".to_owned(),
            boundary: None,
            generated: true,
        };
        let (id, _) = self.act(district).await;
        let district = DistrictId::made_by(id, 0, 0);
        let mut last = 0;
        for nth in 0..5 {
            let (id, receipt) = self.act(parcel(district, nth)).await;
            self.parcels.push(ParcelId::made_by(id, 0, 0));
            if nth == 0 {
                last = receipt.seq;
            }
        }
        let firm = self.act(firm()).await.0;
        let person = self.act(person()).await.0;
        let share = |act, numerator| HolderShare {
            party: PartyId::made_by(act, 0, 0),
            share: Share::new(numerator, 3).unwrap(),
        };
        let right = GrantRight {
            parcel: Seen { id: self.parcels[0], seq: last },
            tenure: Tenure {
                right_type: RightType::StateConstruction,
                nature: Some(RightNature::Granted),
                grant_method: Some(GrantMethod::Listing),
                starts_on: Some(date(2020, 1, 1)),
                ends_on: Some(date(2060, 1, 1)),
            },
            holders: vec![share(firm, 2), share(person, 1)],
            certificate: Some("C-1".to_owned()),
            external: None,
        };
        self.act(right).await;
    }

    /// Asks as a role.
    pub async fn ask(&self, role: Role, query: &str, variables: Value) -> Response {
        let viewer = Viewer { identity: None, role };
        let request = Request::new(query).variables(Variables::from_json(variables));
        self.schema.execute(request.data(viewer).data(PinnedAt::default()).data(OperationSeq::default())).await
    }

    /// Asks as a role; there must be no error.
    pub async fn told(&self, role: Role, query: &str, variables: Value) -> Value {
        let response = self.ask(role, query, variables).await;
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        response.data.into_json().unwrap()
    }

    /// The code of the only error.
    pub async fn refused(&self, role: Role, query: &str, variables: Value) -> Value {
        let response = self.ask(role, query, variables).await;
        assert_eq!(response.errors.len(), 1, "{:?}", response.errors);
        serde_json::to_value(&response.errors[0].extensions).unwrap()
    }
}

fn parcel(district: DistrictId, nth: usize) -> RegisterParcel {
    let use_code = LandUseCode::parse("GBT21010_2017:0601").unwrap();
    let facts = ParcelPatch {
        code: Some(format!("P{nth}")),
        name: Some(format!("浦江地块{nth}")),
        street: Some("和平路".to_owned()),
        uses: Some(vec![UseShare { land_use: use_code, share: Share::WHOLE }]),
        registered_area: Some(Area::from_units(100_000_000)),
        price: Some(Price {
            asking: PRICES[nth].map(FenPerSquareMetre::from_fen),
            floor: Some(FenPerSquareMetre::from_fen(9_000)),
        }),
        stock: Some(Stock {
            status: STATUSES[nth],
            since: date(2020, 1, 1 + i8::try_from(nth).unwrap()),
            reasons: match STATUSES[nth] {
                StockStatus::Inefficient => [yulin_domain::codes::InefficiencyReason::TaxPerMuLow].into(),
                _ => std::collections::BTreeSet::new(),
            },
            contract: None,
        }),
        ..ParcelPatch::default()
    };
    RegisterParcel { district, state: ParcelState::Registered, facts, footprint: Some(square(nth)) }
}

fn firm() -> RegisterParty {
    RegisterParty {
        kind: PartyKind::Enterprise,
        name: Some("演示企业".to_owned()),
        credit_code: Some("91330100799655058B".parse().unwrap()),
        personal: None,
        external: None,
    }
}

fn person() -> RegisterParty {
    let fields = BTreeMap::from([("name".to_owned(), "演示甲".to_owned())]);
    RegisterParty {
        kind: PartyKind::NaturalPerson,
        name: None,
        credit_code: None,
        personal: Some(PersonalText::Given(PersonalFields(fields))),
        external: None,
    }
}
