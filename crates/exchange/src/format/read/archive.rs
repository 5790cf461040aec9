//! Zip archives, with counted inflation.
//!
//! Sizes that an archive declares are not believed: what is inflated is counted against the maximum while it is read, so
//! that a small file cannot fill the memory.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::format::limits::{ARCHIVE_BYTES_MAX, ARCHIVE_MEMBERS_MAX};
use crate::format::{Encoding, OpenRefused};

/// An archive held in memory.
#[derive(Debug)]
pub(super) struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    /// The names of the members, by their place.
    pub(super) names: Vec<String>,
    left: u64,
}

impl Archive {
    /// Opens an archive and lists its members; `format` names it in refusals.
    pub(super) fn open(bytes: Vec<u8>, format: &'static str) -> Result<Self, OpenRefused> {
        Self::open_within(bytes, format, ARCHIVE_BYTES_MAX)
    }

    /// The same with another maximum of inflated bytes.
    fn open_within(bytes: Vec<u8>, format: &'static str, bytes_max: u64) -> Result<Self, OpenRefused> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| OpenRefused::malformed(format, error))?;
        if zip.len() > ARCHIVE_MEMBERS_MAX {
            return Err(OpenRefused::ArchiveTooManyMembers { members: zip.len() });
        }
        let mut names = Vec::with_capacity(zip.len());
        for index in 0..zip.len() {
            let member = zip.by_index_raw(index).map_err(|error| OpenRefused::malformed(format, error))?;
            names.push(member_name(member.name_raw(), member.name()));
        }
        Ok(Self { zip, names, left: bytes_max })
    }

    /// The inflated bytes of a member.
    pub(super) fn read(&mut self, index: usize, format: &'static str) -> Result<Vec<u8>, OpenRefused> {
        let mut bytes = Vec::new();
        let member = self.zip.by_index(index).map_err(|error| OpenRefused::malformed(format, error))?;
        let read = member
            .take(self.left + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| OpenRefused::malformed(format, error))?;
        self.spend(u64::try_from(read).unwrap_or(u64::MAX))?;
        Ok(bytes)
    }

    /// Inflates every member without keeping it, for readers that would inflate them unguarded.
    pub(super) fn weigh(&mut self, format: &'static str) -> Result<(), OpenRefused> {
        for index in 0..self.zip.len() {
            let member = self.zip.by_index(index).map_err(|error| OpenRefused::malformed(format, error))?;
            let read = std::io::copy(&mut member.take(self.left + 1), &mut std::io::sink())
                .map_err(|error| OpenRefused::malformed(format, error))?;
            self.spend(read)?;
        }
        Ok(())
    }

    /// The archive's bytes again.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.zip.into_inner().into_inner()
    }

    fn spend(&mut self, bytes: u64) -> Result<(), OpenRefused> {
        self.left = self.left.checked_sub(bytes).ok_or(OpenRefused::ArchiveTooLarge)?;
        Ok(())
    }
}

/// The name as it was meant: UTF-8, else GBK (what Windows in China writes without saying so), else as the archive has it.
fn member_name(raw: &[u8], otherwise: &str) -> String {
    Encoding::Utf8.decode(raw).or_else(|| Encoding::Gbk.decode(raw)).unwrap_or_else(|| otherwise.to_owned())
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod archive_tests;
