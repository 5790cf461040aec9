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

    /// Has the server read its settings again.
    pub fn reload(&self) {
        self.control(&["reload"]).expect("the server reads its settings");
    }

    /// A base backup while the server serves, as a cluster that does not run yet.
    pub fn base_backup(&self, arguments: &[&str]) -> Self {
        let copy = Self::without_data(self.binaries.clone(), "").expect("a place for the copy");
        self.back_up_to(&copy, "copy", arguments);
        copy
    }

    fn back_up_to(&self, copy: &Self, name: &str, arguments: &[&str]) {
        let mut backup = as_postgres(&self.binaries.join("pg_basebackup"));
        backup.args(["-d", &self.conninfo(name), "-X", "stream", "-c", "fast"]).args(arguments);
        run(backup.arg("-D").arg(copy.data())).expect("a base backup");
    }

    /// A cluster that follows this one, under a name of its own.
    pub fn follower(&self, name: &str) -> Self {
        let copy = Self::without_data(self.binaries.clone(), "").expect("a place for the copy");
        self.back_up_to(&copy, name, &["-R", "-C", "-S", name]);
        copy.start_again();
        copy
    }

    /// Throws away what the cluster holds, and has it follow another.
    pub fn follow(&self, primary: &Self, name: &str) {
        run(as_postgres("rm".as_ref()).arg("-rf").arg(self.data())).expect("the data are removed");
        primary.back_up_to(self, name, &["-R", "-C", "-S", name]);
        self.start_again();
    }

    fn conninfo(&self, name: &str) -> String {
        format!("host=127.0.0.1 port={} user=postgres application_name={name}", self.port)
    }

    /// From now on commits wait until one who follows under this name has them.
    pub fn wait_for(&self, name: &str) {
        self.configure(&[("synchronous_standby_names", name)]);
        self.reload();
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
