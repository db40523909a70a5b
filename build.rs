//! Lists `lexicons/*.toml` so that a new file is embedded without touching the code.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=lexicons");
    let root = env::var("CARGO_MANIFEST_DIR").expect("set by cargo");
    let mut names: Vec<String> = fs::read_dir(Path::new(&root).join("lexicons"))
        .expect("the lexicons folder is part of the sources")
        .map(|entry| entry.expect("readable folder").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let path = Path::new(&root).join("lexicons").join(&name);
        println!("cargo:rerun-if-changed={}", path.display());
        writeln!(list, "    ({name:?}, include_str!({path:?})),").expect("writing to a string");
    }
    list.push_str("]\n");
    let out = Path::new(&env::var("OUT_DIR").expect("set by cargo")).join("lexicons.rs");
    fs::write(out, list).expect("writable build folder");
}
