//! Where written bytes go: a file that appears whole or not at all, or one without a name.
//!
//! Everything is written to a temporary file beside the target and renamed at the end; dropped before that, it is removed.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::SinkError;

/// Where a file is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SinkTarget {
    /// A file; one that exists is replaced at the end.
    File(PathBuf),
    /// A file without a name, handed over at the end and gone when it is closed (answers over HTTP).
    Unnamed,
}

/// A target being written.
#[derive(Debug)]
pub(super) struct Draft {
    target: SinkTarget,
    pub(super) file: NamedTempFile,
}

impl Draft {
    pub(super) fn create(target: SinkTarget) -> Result<Self, SinkError> {
        let folder = match &target {
            SinkTarget::File(path) => folder_of(path).to_owned(),
            SinkTarget::Unnamed => std::env::temp_dir(),
        };
        let file = builder().tempfile_in(folder).map_err(SinkError::unwritable)?;
        Ok(Self { target, file })
    }

    /// Makes the file durable and gives it its name, or hands it over from its start.
    pub(super) fn finish(mut self) -> Result<Option<File>, SinkError> {
        match self.target {
            SinkTarget::Unnamed => {
                self.file.seek(SeekFrom::Start(0)).map_err(SinkError::unwritable)?;
                Ok(Some(self.file.into_file()))
            }
            SinkTarget::File(path) => {
                self.file.as_file().sync_all().map_err(SinkError::unwritable)?;
                self.file.persist(&path).map_err(|error| SinkError::unwritable(error.error))?;
                Ok(None)
            }
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Temporary files are private by default; an export is to be readable as the user's other files are.
#[cfg(unix)]
fn builder() -> Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = Builder::new();
    builder.prefix(".export-").permissions(std::fs::Permissions::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".export-");
    builder
}
