//! Reading districts.

use async_graphql::{Context, Error, ID, Object};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{DistrictId, RecordKind, Refused};

use super::{DistrictBook, DistrictObject};
use crate::errors::{OrNull, or_null, refused_error};
use crate::request::{registry, snapshot};
use crate::scalars::{AsOfInput, read_id};

/// Reading districts.
#[derive(Debug, Default)]
pub struct DistrictQuery;

/// Districts (辖区查询).
#[Object]
impl DistrictQuery {
    /// One district, by id or by code; null where there is none (查辖区).
    async fn district(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the district (辖区标识)")] id: Option<ID>,
        #[graphql(desc = "Code of the district (辖区代码)")] code: Option<String>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> OrNull<DistrictObject> {
        or_null(async {
            let book = DistrictBook::load(registry(ctx), snapshot(ctx, as_of).await?).await?;
            let found = match (id, code) {
                (Some(id), None) => {
                    let id = read_id::<DistrictId>(RecordKind::District, &id, "id");
                    Some(id.map_err(|refused| refused_error(&refused))?)
                }
                (None, Some(code)) => book.by_code(&code).map(|district| district.id),
                (Some(_), Some(_)) | (None, None) => {
                    return Err(refused_error(&Refused::new(ErrorCode::FieldRequired).at("id").with("either", "code")));
                }
            };
            Ok(found.and_then(|id| book.object(id)))
        })
        .await
    }

    /// All districts, in order of code (全部辖区).
    async fn districts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Vec<DistrictObject>, Error> {
        Ok(DistrictBook::load(registry(ctx), snapshot(ctx, as_of).await?).await?.objects())
    }
}
