//! `yulin schema`: prints the GraphQL schema.

use std::process::ExitCode;

use serde_json::json;

use crate::say::Say;

/// Prints the schema in the schema definition language; needs no database.
#[expect(clippy::unnecessary_wraps, reason = "every command answers alike")]
pub fn run(say: Say) -> anyhow::Result<ExitCode> {
    let sdl = yulin_gateway::schema::schema_sdl();
    say.result(&json!({ "schema": sdl }), sdl.trim_end());
    Ok(ExitCode::SUCCESS)
}
