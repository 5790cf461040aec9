//! The error catalogue, queryable: integrators match on these codes.

use async_graphql::Object;
use yulin_domain::codes::Lang;
use yulin_domain::error_catalogue::{ErrorClass, ErrorCode};

use super::Chosen;
use crate::scalars::MessagesObject;

/// A code of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct ErrorCodeObject(pub ErrorCode);

/// An error code with its class and its messages (错误代码).
#[Object(name = "ErrorCodeEntry")]
impl ErrorCodeObject {
    /// The code as it stands in `extensions.code` and in refusals (代码).
    async fn code(&self) -> Chosen<ErrorCode> {
        self.0.into()
    }

    /// What kind of answer it is (类别).
    async fn class(&self) -> Chosen<ErrorClass> {
        self.0.class().into()
    }

    /// The message in one language (消息).
    async fn message(
        &self,
        #[graphql(desc = "Language of the message (语言)", default_with = "Chosen(Lang::Zh)")] lang: Chosen<Lang>,
    ) -> &'static str {
        self.0.message(lang.0)
    }

    /// The message in both languages (双语消息).
    async fn messages(&self) -> MessagesObject {
        self.0.into()
    }
}

/// Reading the error catalogue.
#[derive(Debug, Default)]
pub struct CatalogueQuery;

/// The error catalogue (错误目录查询).
#[Object]
impl CatalogueQuery {
    /// Every code under which the registry refuses or fails (错误目录).
    async fn error_catalogue(&self) -> Vec<ErrorCodeObject> {
        ErrorCode::all().iter().copied().map(ErrorCodeObject).collect()
    }

    /// The entries of these codes, in the order asked; what is not in the catalogue is left out (按代码查错误).
    async fn errors(
        &self,
        #[graphql(desc = "Codes such as `PARCEL_OVERLAP` (代码)")] codes: Vec<String>,
    ) -> Vec<ErrorCodeObject> {
        codes.iter().filter_map(|code| code.parse().ok()).map(ErrorCodeObject).collect()
    }
}
