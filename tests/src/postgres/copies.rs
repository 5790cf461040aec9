//! Copies of a cluster, as an operator makes them with PostgreSQL's own tools: to restore, and to follow.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use super::{Cluster, as_postgres, run};

impl Cluster {
    /// A folder of this name that the server may write to.
    pub fn new_folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.join(name);
        run(as_postgres("mkdir".as_ref()).arg(&folder)).expect("a folder");
        folder
    }

    /// Sets what the server reads at its next start.
    pub fn configure(&self, settings: &[(&str, &str)]) {
        let file = OpenOptions::new().append(true).open(self.data().join("postgresql.auto.conf"));
        let mut file = file.expect("the settings are there");
        for (name, value) in settings {
            writeln!(file, "{name} = '{}'", value.replace('\'', "''")).expect("a setting is written");
        }
    }

    /// Ends the server well, and whoever is connected with it.
    pub fn stop(&self) {
        self.control(&["-m", "fast", "stop"]).expect("the server ends");
    }

    /// A base backup while the server serves, as a cluster that does not run yet.
    pub fn base_backup(&self, arguments: &[&str]) -> Self {
        let copy = Self::without_data(self.binaries.clone(), "").expect("a place for the copy");
        let mut backup = as_postgres(&self.binaries.join("pg_basebackup"));
        backup.args(["-h", "127.0.0.1", "-U", "postgres", "-X", "stream", "-c", "fast", "-p", &self.port.to_string()]);
        run(backup.args(arguments).arg("-D").arg(copy.data())).expect("a base backup");
        copy
    }

    /// Has the server recover at its next start from what was archived.
    pub fn recover_at_start(&self) {
        run(as_postgres("touch".as_ref()).arg(self.data().join("recovery.signal"))).expect("a mark");
    }

    /// Has a server that follows another go on by itself.
    pub fn promote(&self) {
        self.control(&["-w", "promote"]).expect("the server is promoted");
    }

    fn control(&self, words: &[&str]) -> Result<(), String> {
        run(as_postgres(&self.binaries.join("pg_ctl")).arg("-D").arg(self.data()).args(words))
    }
}
