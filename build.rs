//! Lists `lexicons/*.toml` so that a new file is embedded without touching the code, and joins the widget's modules.

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
    fs::write(&out, list).expect("writable build folder");
    println!("cargo:rerun-if-changed=src/web/widget");
    let widget = bundle(&Path::new(&root).join("src/web/widget"));
    fs::write(out.with_file_name("widget.js"), widget).expect("writable build folder");
}

/// Joins the widget's modules, starting from `auto.js`, into one script for a plain tag: each module after those it
/// imports, without `import` lines, `export` words and whole-line comments.
fn bundle(folder: &Path) -> String {
    let (mut done, mut out) = (Vec::new(), String::from("(() => {\n\"use strict\";\n"));
    add_module(folder, "auto.js", &mut done, &mut out);
    out + "})();\n"
}

fn add_module(folder: &Path, name: &str, done: &mut Vec<String>, out: &mut String) {
    if done.iter().any(|d| d == name) {
        return;
    }
    done.push(name.to_owned());
    let text = fs::read_to_string(folder.join(name)).expect("a module of the widget");
    let imports = text.lines().filter(|line| line.starts_with("import "));
    for module in imports.filter_map(|line| line.split("'./").nth(1)?.strip_suffix("';")) {
        add_module(folder, module, done, out);
    }
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !line.starts_with("import ") && !line.starts_with("//") && !line.starts_with("/**") {
            out.push_str(line.strip_prefix("export ").unwrap_or(line));
            out.push('\n');
        }
    }
}
