//! Takes the drawing library of the map page from npm while the gateway is built, so that none of it lies in the repository.
//!
//! Without Node, without a network or with `YULIN_WITHOUT_NODE` set, the build goes on: the page then says what is missing.
//! What was taken stays in the build folder and is taken again only when `map/package.json` asks for another version.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

const WITHOUT: &str = "YULIN_WITHOUT_NODE";
const MANIFEST: &str = "map/package.json";
const LIBRARY: &str = "maplibre-gl";
/// Where the files lie in the build folder.
const FOLDER: &str = "map_vendor";
const NODE_MIN: u32 = 18;
const NPM_TIME_MAX: Duration = Duration::from_mins(2);
const POLL: Duration = Duration::from_millis(50);

/// Each file as the page asks for it, and where the library keeps it. The build for strict content policies.
const FILES: &[(&str, &str)] = &[
    ("maplibre-gl-csp.js", "dist/maplibre-gl-csp.js"),
    ("maplibre-gl-csp-worker.js", "dist/maplibre-gl-csp-worker.js"),
    ("maplibre-gl.css", "dist/maplibre-gl.css"),
    ("LICENSE", "LICENSE.txt"),
];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={MANIFEST}");
    println!("cargo:rerun-if-env-changed={WITHOUT}");
    let Some(out) = env::var_os("OUT_DIR").map(PathBuf::from) else {
        return;
    };
    let taken = vendored(&out);
    if let Err(reason) = &taken {
        println!("cargo:warning=the map page is built without its drawing library: {reason}");
    }
    if let Err(error) = fs::write(out.join("map_vendor.rs"), listing(if taken.is_ok() { FILES } else { &[] })) {
        println!("cargo:warning=map_vendor.rs cannot be written: {error}");
    }
}

/// Sees to it that the library's files lie in the build folder; fetches them when they are not there in the wanted version.
fn vendored(out: &Path) -> Outcome<()> {
    if env::var_os(WITHOUT).is_some() {
        return Err(format!("{WITHOUT} is set").into());
    }
    let manifest = fs::read_to_string(MANIFEST)?;
    let version = wanted_version(&manifest).ok_or_else(|| format!("{MANIFEST} names no version of {LIBRARY}"))?;
    let folder = out.join(FOLDER);
    let mark = folder.join("VERSION");
    let is_wanted = fs::read_to_string(&mark).is_ok_and(|there| there == version);
    if is_wanted && FILES.iter().all(|(name, _)| folder.join(name).is_file()) {
        return Ok(());
    }
    node_serves()?;
    fetch(&folder, &manifest)?;
    Ok(fs::write(&mark, version)?)
}

/// The version pinned in the manifest, which is ours and plain enough to be read without a parser.
fn wanted_version(manifest: &str) -> Option<&str> {
    let (_, after) = manifest.split_once(&format!("\"{LIBRARY}\":"))?;
    after.split('"').nth(1)
}

fn node_serves() -> Outcome<()> {
    let told =
        Command::new("node").arg("--version").stdin(Stdio::null()).output().map_err(|_| "Node is not installed")?;
    let text = String::from_utf8_lossy(&told.stdout);
    let major = text.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MIN => Ok(()),
        _ => Err(format!("Node {NODE_MIN} or newer is needed, found {}", text.trim()).into()),
    }
}

/// Installs into a folder beside, keeps the files that are served and drops the rest.
fn fetch(folder: &Path, manifest: &str) -> Outcome<()> {
    let install = folder.join("install");
    fs::create_dir_all(&install)?;
    fs::write(install.join("package.json"), manifest)?;
    npm_install(&install)?;
    let library = install.join("node_modules").join(LIBRARY);
    for (name, source) in FILES {
        fs::copy(library.join(source), folder.join(name))
            .map_err(|error| format!("{LIBRARY} has no {source}: {error}"))?;
    }
    fs::remove_dir_all(install)?;
    Ok(())
}

fn npm_install(folder: &Path) -> Outcome<()> {
    let log = folder.join("npm.log");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut child = Command::new(npm)
        .args(["install", "--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log)?)
        .spawn()
        .map_err(|_| "npm is not installed")?;
    let begun = Instant::now();
    loop {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(_) => return Err(format!("npm could not install it ({})", first_line(&log)).into()),
            None if begun.elapsed() >= NPM_TIME_MAX => {
                child.kill()?;
                child.wait()?;
                return Err(format!("npm took longer than {} s", NPM_TIME_MAX.as_secs()).into());
            }
            None => std::thread::sleep(POLL),
        }
    }
}

fn first_line(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines().next().unwrap_or("no reason given").to_owned()
}

/// The Rust source that carries the files into the binary.
fn listing(files: &[(&str, &str)]) -> String {
    let lines: Vec<String> = files
        .iter()
        .map(|(name, _)| {
            format!("    (\"{name}\", include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{FOLDER}/{name}\"))),\n")
        })
        .collect();
    format!(
        "/// The library that draws the map, by file name; empty where the build could not take it.\n\
         pub const VENDOR: &[(&str, &[u8])] = &[\n{}];\n",
        lines.concat()
    )
}
