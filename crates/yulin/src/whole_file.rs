//! Writing a file that is there whole or not at all.

use std::io::Write;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

/// Writes bytes to a file, which is told as the option `out`; one that exists is replaced at the end.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Refused> {
    written(path, bytes).map_err(|why| Refused::new(ErrorCode::FileUnwritable).at("out").told("problem", why))
}

fn written(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = draft(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Temporary files are private by default; what is written is to be readable as the user's other files are.
#[cfg(unix)]
fn draft(folder: &Path) -> std::io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    Builder::new().prefix(".yulin-").permissions(std::fs::Permissions::from_mode(0o666)).tempfile_in(folder)
}

#[cfg(not(unix))]
fn draft(folder: &Path) -> std::io::Result<NamedTempFile> {
    Builder::new().prefix(".yulin-").tempfile_in(folder)
}
