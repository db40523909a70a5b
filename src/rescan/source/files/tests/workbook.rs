//! A minimal .xlsx file.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A cell as the format writes it.
pub enum Xml {
    Shared(usize),
    Inline(&'static str),
    Number(f64),
    /// With the style of a date.
    Date(f64),
    Bool(bool),
    Error(&'static str),
    /// A style and no value.
    Blank,
    /// No cell.
    None,
}

/// Rows with their numbers; rows that are not there are not written.
pub struct Sheet {
    pub name: &'static str,
    pub dimension: Option<&'static str>,
    pub rows: Vec<(u32, Vec<Xml>)>,
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

pub fn write(shared: &[&str], sheets: &[Sheet]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, content: String| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    };
    let link = |id: usize, kind: &str, target: &str| {
        format!(r#"<Relationship Id="rId{id}" Type="{OFFICE}/{kind}" Target="{target}"/>"#)
    };
    let links = |links: String| {
        format!(r#"<?xml version="1.0"?><Relationships xmlns="{PACKAGE}">{links}</Relationships>"#)
    };
    part("_rels/.rels", links(link(1, "officeDocument", "xl/workbook.xml")));
    let numbers = || 1..=sheets.len();
    let mut parts: String =
        numbers().map(|i| link(i, "worksheet", &format!("worksheets/sheet{i}.xml"))).collect();
    parts += &link(sheets.len() + 1, "sharedStrings", "sharedStrings.xml");
    parts += &link(sheets.len() + 2, "styles", "styles.xml");
    part("xl/_rels/workbook.xml.rels", links(parts));
    let list: String = numbers()
        .zip(sheets)
        .map(|(i, sheet)| format!(r#"<sheet name="{}" sheetId="{i}" r:id="rId{i}"/>"#, sheet.name))
        .collect();
    part(
        "xl/workbook.xml",
        format!(
            r#"<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{list}</sheets></workbook>"#
        ),
    );
    let strings: String = shared.iter().map(|text| format!("<si><t>{}</t></si>", escaped(text))).collect();
    part("xl/sharedStrings.xml", format!(r#"<?xml version="1.0"?><sst xmlns="{MAIN}">{strings}</sst>"#));
    part(
        "xl/styles.xml",
        format!(
            r#"<?xml version="1.0"?><styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#
        ),
    );
    for (i, sheet) in numbers().zip(sheets) {
        part(&format!("xl/worksheets/sheet{i}.xml"), worksheet(sheet));
    }
    zip.finish().unwrap().into_inner()
}

fn worksheet(sheet: &Sheet) -> String {
    let dimension = sheet.dimension.map_or_else(String::new, |of| format!(r#"<dimension ref="{of}"/>"#));
    let mut xml = format!(r#"<?xml version="1.0"?><worksheet xmlns="{MAIN}">{dimension}<sheetData>"#);
    for (row, cells) in &sheet.rows {
        xml += &format!(r#"<row r="{row}">"#);
        for (cell, column) in cells.iter().zip('A'..) {
            let at = format!(r#"r="{column}{row}""#);
            xml += &match cell {
                Xml::Shared(i) => format!(r#"<c {at} t="s"><v>{i}</v></c>"#),
                Xml::Inline(text) => {
                    format!(r#"<c {at} t="inlineStr"><is><t>{}</t></is></c>"#, escaped(text))
                }
                Xml::Number(n) => format!("<c {at}><v>{n}</v></c>"),
                Xml::Date(n) => format!(r#"<c {at} s="1"><v>{n}</v></c>"#),
                Xml::Bool(b) => format!(r#"<c {at} t="b"><v>{}</v></c>"#, u8::from(*b)),
                Xml::Error(e) => format!(r#"<c {at} t="e"><v>{e}</v></c>"#),
                Xml::Blank => format!(r#"<c {at} s="1"/>"#),
                Xml::None => String::new(),
            };
        }
        xml += "</row>";
    }
    xml + "</sheetData></worksheet>"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
