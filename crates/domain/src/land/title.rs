//! How the state of a title in the legal register is mirrored.

use serde::{Deserialize, Serialize};

use super::right::{put_right, standing};
use crate::district::check_given;
use crate::journal::{Body, Context, Decision, Needs, ParcelId, Refused, RightId, Seen};
use crate::party::ExternalRef;

/// Mirrors the certificate of a right, or what the legal register says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordTitle {
    pub parcel: Seen<ParcelId>,
    pub right: RightId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalRef>,
}

impl Body for RecordTitle {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.push(self.parcel.id);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let (_, right) = standing(context, self.parcel, self.right)?;
        context.nothing_later(self.right, "right")?;
        let mut after = right.clone();
        check_given(self.certificate.as_deref(), "certificate")?;
        ExternalRef::check(self.external.as_ref())?;
        after.certificate = self.certificate.clone().or(after.certificate);
        after.external = self.external.clone().or(after.external);
        if after == *right {
            return Ok(Decision::default());
        }
        Ok(vec![put_right(context, after)].into())
    }
}
