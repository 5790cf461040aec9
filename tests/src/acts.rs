//! Acts for tests, short to write.

use uuid::Uuid;
use yulin_domain::codes::{CodeProfile, ParcelState, PartyKind, Role};
use yulin_domain::district::RegisterDistrict;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{Crs, SubmittedFootprint};
use yulin_domain::journal::{Act, ActBody, ActId, DistrictId, Envelope, ParcelId, PartyId, PrincipalId, Seen};
use yulin_domain::land::{ParcelPatch, Particulars, RegisterParcel, RestrictionNature};
use yulin_domain::party::RegisterParty;
use yulin_domain::quantity::Instant;
use yulin_persistence::{AsOf, PerformError, Snapshot};

use crate::TestRegistry;

/// Where the squares of tests lie: inside the county of Pujiang, in EPSG:4549.
const EAST: f64 = 490_000.0;
const NORTH: f64 = 3_260_000.0;

/// The grid of test districts.
pub fn grid() -> Crs {
    Crs::epsg(4549).expect("the grid is known")
}

/// An envelope of the test's administrator.
pub fn envelope(principal: PrincipalId) -> Envelope {
    Envelope {
        id: ActId(Uuid::now_v7()),
        principal,
        role: Role::Admin,
        narrowing: None,
        on_behalf_of: None,
        effective_at: None,
        not_after: None,
        reason: Some("test".to_owned()),
        legal_basis: Some("test".to_owned()),
        evidence: Vec::new(),
        personal_note: None,
    }
}

/// An act of one leg.
pub fn act(principal: PrincipalId, body: impl Into<ActBody>) -> Act {
    Act { envelope: envelope(principal), legs: vec![body.into()] }
}

/// An act of one leg that took effect earlier.
pub fn since(principal: PrincipalId, effective: Instant, body: impl Into<ActBody>) -> Act {
    let mut act = act(principal, body);
    act.envelope.effective_at = Some(effective);
    act
}

/// Some days ago, counted from now.
pub fn ago(days: i64) -> Instant {
    Instant::from_micros(jiff::Timestamp::now().as_microsecond() - days * 86_400_000_000)
}

/// A place in metres from the tests' corner, in the grid.
pub fn placed([x, y]: [f64; 2]) -> (f64, f64) {
    (EAST + x, NORTH + y)
}

/// A rectangle `[west, south, east, north]` in metres from the tests' corner.
pub fn rectangle([west, south, east, north]: [f64; 4]) -> SubmittedFootprint {
    let ring = [(west, south), (east, south), (east, north), (west, north), (west, south)];
    let ring: Vec<_> = ring.into_iter().map(|(x, y)| placed([x, y])).collect();
    let polygon = geo_types::Polygon::new(ring.into(), vec![]);
    SubmittedFootprint::new(grid(), geo_types::MultiPolygon(vec![polygon])).expect("a rectangle is a footprint")
}

/// The registration of a rectangle under a code.
pub fn parcel(district: DistrictId, code: &str, bounds: [f64; 4]) -> RegisterParcel {
    RegisterParcel {
        district,
        state: ParcelState::Registered,
        facts: ParcelPatch { code: Some(code.to_owned()), ..ParcelPatch::default() },
        footprint: Some(rectangle(bounds)),
    }
}

/// What a restriction says where nothing but its nature matters.
pub fn particulars(nature: RestrictionNature) -> Particulars {
    Particulars {
        nature,
        right: None,
        in_favour_of: None,
        authority: None,
        amount: None,
        starts_on: None,
        ends_on: None,
        document: None,
        external: None,
    }
}

impl TestRegistry {
    /// Performs an act that must succeed; its id.
    pub async fn done(&self, body: impl Into<ActBody>) -> ActId {
        let act = act(self.admin, body);
        let id = act.envelope.id;
        self.registry.perform(act).await.expect("the act is recorded");
        id
    }

    /// Performs an act that must be refused; the code and the field it is told at.
    pub async fn refused(&self, act: Act) -> (ErrorCode, String) {
        match self.registry.perform(act).await {
            Err(PerformError::Refused(refused) | PerformError::Malformed(refused)) => {
                (refused.code, refused.field.unwrap_or_default())
            }
            other => panic!("not refused: {other:?}"),
        }
    }

    /// An open district in the tests' grid.
    pub async fn district(&self, code: &str) -> DistrictId {
        let register = RegisterDistrict {
            code: code.to_owned(),
            name: format!("District {code}"),
            parent: None,
            profile: CodeProfile::Open,
            grid: grid(),
            time_zone: "Asia/Shanghai".to_owned(),
            calendar: "CN".to_owned(),
            boundary: None,
            generated: false,
        };
        DistrictId::made_by(self.done(register).await, 0, 0)
    }

    /// A registered rectangle.
    pub async fn parcel(&self, district: DistrictId, code: &str, bounds: [f64; 4]) -> ParcelId {
        ParcelId::made_by(self.done(parcel(district, code, bounds)).await, 0, 0)
    }

    /// An enterprise.
    pub async fn party(&self, name: &str) -> PartyId {
        let register = RegisterParty {
            kind: PartyKind::Enterprise,
            name: Some(name.to_owned()),
            credit_code: None,
            personal: None,
            external: None,
        };
        PartyId::made_by(self.done(register).await, 0, 0)
    }

    /// Now.
    pub async fn now(&self) -> Snapshot {
        self.registry.snapshot(AsOf::default(), None).await.expect("a snapshot of now")
    }

    /// A parcel as its author would have seen it now.
    pub async fn seen(&self, parcel: ParcelId) -> Seen<ParcelId> {
        let found = self.registry.parcels_by_ids(&self.now().await, &[parcel]).await.expect("parcels are read");
        Seen { id: parcel, seq: found.first().expect("the parcel is there").version }
    }
}
