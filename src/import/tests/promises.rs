//! The rows of the catalogue of promises that concern imports, each at the size it asks for: I1 to I7, I11, I13, G2, G3, G5, G8.

use super::super::decode::decode;
use super::super::lines::Lines;
use super::super::read::read;
use super::super::*;
use super::Desk;
use super::formats::{docx, ods, p, packed, xlsx};
use crate::import::word::refusal;
use std::io::Write as _;
use zip::write::SimpleFileOptions;

/// A number of the row.
fn token(number: usize) -> String {
    format!("暗{}码", char::from_u32(0x4e00 + 7 * number as u32).unwrap())
}

fn text_of(lines: &Lines) -> String {
    lines.lines.iter().map(lines::Line::all_words).collect()
}

/// Where Word and Excel keep what nobody sees: the file, and whether a clerk is told the words (or only that something is there).
fn hiding_places(token: &str) -> Vec<Vec<u8>> {
    let run = |properties: &str| docx(&format!("{}<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{token}</w:t></w:r><w:r><w:t>尾</w:t></w:r></w:p>", p("见")), &[]);
    let body = |body: &str| docx(&format!("{}{body}", p("见")), &[]);
    let beside = |name: &str, text: &str| docx(&p("见"), &[(name, text)]);
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
    let styled = |style: &str| {
        let styles = format!("<w:styles xmlns:w=\"w\"><w:style w:type=\"paragraph\" w:styleId=\"H\"><w:name w:val=\"h\"/>{style}</w:style></w:styles>");
        docx(&format!("{}<w:p><w:pPr><w:pStyle w:val=\"H\"/></w:pPr><w:r><w:t>{token}</w:t></w:r></w:p>", p("见")), &[("word/styles.xml", &styles)])
    };
    let sheet = |rows: &str| {
        xlsx(&format!("<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>见</t></is></c><c r=\"B1\"><v>1</v></c></row>{rows}</sheetData>"))
    };
    let inline = |place: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{token}</t></is></c>");
    vec![
        run("<w:vanish/>"),
        run("<w:vanish w:val=\"true\"/>"),
        run("<w:specVanish/><w:vanish/>"),
        run("<w:color w:val=\"FFFFFF\"/>"),
        styled("<w:rPr><w:vanish/></w:rPr>"),
        body(&format!("<w:p><w:del w:author=\"某\"><w:r><w:delText>{token}</w:delText></w:r></w:del><w:r><w:t>尾</w:t></w:r></w:p>")),
        body(&format!("<w:p><w:moveFrom w:author=\"某\"><w:r><w:t>{token}</w:t></w:r></w:moveFrom><w:r><w:t>尾</w:t></w:r></w:p>")),
        body(&format!("<w:tbl><w:tr>{}{}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{}</w:tr></w:tbl>", cell("项"), cell("3"), cell(token))),
        beside("word/comments.xml", &format!("<w:comments xmlns:w=\"w\"><w:comment w:author=\"某\">{}</w:comment></w:comments>", p(token))),
        beside("word/header1.xml", &format!("<w:hdr xmlns:w=\"w\">{}</w:hdr>", p(token))),
        beside("word/footer2.xml", &format!("<w:ftr xmlns:w=\"w\">{}</w:ftr>", p(token))),
        beside("docProps/core.xml", &format!("<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\"><dc:creator>{token}</dc:creator></cp:coreProperties>")),
        beside("docProps/core.xml", &format!("<cp:coreProperties xmlns:cp=\"c\"><cp:lastModifiedBy>{token}</cp:lastModifiedBy></cp:coreProperties>")),
        beside("docProps/app.xml", &format!("<Properties><Manager>{token}</Manager></Properties>")),
        sheet(&format!("<row r=\"2\" hidden=\"1\">{}</row>", inline("A2"))),
        xlsx(&format!(
            "<cols><col min=\"3\" max=\"3\" hidden=\"1\"/></cols><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>见</t></is></c><c r=\"B1\"><v>1</v></c>{}</row></sheetData>",
            inline("C1")
        )),
        ods(&format!(
            "<table:table-row><table:table-cell><text:p>见</text:p></table:table-cell><table:table-cell><text:p>1</text:p></table:table-cell></table:table-row><table:table-row table:visibility=\"collapse\"><table:table-cell><text:p>{token}</text:p></table:table-cell></table:table-row>"
        )),
        format!("<html><p>见</p><p style=\"display:none\">{token}</p></html>").into_bytes(),
        format!("<html><style>.h{{visibility:hidden}}</style><p>见</p><p class=h>{token}</p></html>").into_bytes(),
        format!("<html><p>见</p><div style=\"position:absolute;left:-9999px\">{token}</div></html>").into_bytes(),
    ]
}

/// I6: 80 files with something hidden: it is in no content file, and the list of what was left out has its words.
#[test]
fn hidden_words_are_listed_and_not_imported() {
    let mut files = 0;
    for round in 0..4 {
        for (place, file) in hiding_places(&token(round * 20)).into_iter().enumerate() {
            let word = token(round * 20);
            let found = read(&file).unwrap_or_else(|refusal| panic!("place {place}: {}", refusal.words.zh));
            assert!(text_of(&found).contains('见'), "place {place}");
            assert!(found.removed.iter().any(|removed| removed.text.contains(&word)), "place {place}: {:?}", found.removed);
            for report in recognize::reports(found) {
                let text = content::write(&report, Origin { part: None, file: "a", sha256: "00" });
                assert!(!text.contains(&word), "place {place}: {text}");
            }
            files += 1;
        }
    }
    assert_eq!(files, 80);
}

/// I1, I2: archives that are not what they say end at a limit, as broken, or are read; and quickly.
#[test]
fn archives_that_lie() {
    let body = format!("<w:document xmlns:w=\"w\"><w:body>{}</w:body></w:document>", p("文"));
    let parts: [(&str, &[u8]); 2] = [("word/document.xml", body.as_bytes()), ("word/other.bin", b"0123456789")];
    let zipped = |options: SimpleFileOptions| {
        let mut bytes = io::Cursor::new(Vec::new());
        let mut file = zip::ZipWriter::new(&mut bytes);
        for (name, content) in parts {
            file.start_file(name, options).unwrap();
            file.write_all(content).unwrap();
        }
        file.finish().unwrap();
        bytes.into_inner()
    };
    let whole = zipped(SimpleFileOptions::default());
    assert_eq!(text_of(&read(&whole).unwrap()), "文");
    // Zip64 is read, by what it is.
    assert_eq!(text_of(&read(&zipped(SimpleFileOptions::default().large_file(true))).unwrap()), "文");
    let mut broken: Vec<Vec<u8>> = Vec::new();
    // Cut off at forty places.
    broken.extend((1..=40).map(|nth| whole[..whole.len() * nth / 41].to_vec()));
    // Sizes, places, methods and counts that lie, in the list and before each part.
    let list = whole.windows(4).position(|sign| sign == b"PK\x01\x02").unwrap();
    let end = whole.windows(4).position(|sign| sign == b"PK\x05\x06").unwrap();
    for (at, bytes) in [
        (list + 10, &[99u8, 0][..]),
        (list + 20, &[0xff; 4]),
        (list + 24, &[0xff; 4]),
        (list + 42, &[0xff; 4]),
        (list + 42, &[9, 0, 0, 0]),
        (list + 28, &[0xff, 0xff]),
        (end + 8, &[0xff; 4]),
        (end + 16, &[0xff; 4]),
        (end + 16, &[0; 4]),
    ] {
        let mut file = whole.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        broken.push(file);
    }
    // The sign of a password on each part.
    let mut locked = whole.clone();
    locked[6] |= 1;
    locked[list + 8] |= 1;
    let words = read(&locked).unwrap_err().words;
    assert!(words.zh.contains("密码"), "{}", words.zh);
    // An archive in an archive is no document, and is not opened.
    let nested = packed(&[("inner.txt", "x")]);
    let mut outer = io::Cursor::new(Vec::new());
    let mut file = zip::ZipWriter::new(&mut outer);
    file.start_file("inner.zip", SimpleFileOptions::default()).unwrap();
    file.write_all(&nested).unwrap();
    file.finish().unwrap();
    broken.push(outer.into_inner());
    let count = broken.len();
    for (nth, file) in broken.into_iter().enumerate() {
        match read(&file) {
            // What a lying size leaves whole may be read; nothing else comes of it.
            Ok(lines) => assert_eq!(text_of(&lines), "文", "file {nth}"),
            Err(refusal) => assert!(["另存为", "解压", "重新"].iter().any(|word| refusal.words.zh.contains(word)), "file {nth}: {}", refusal.words.zh),
        }
    }
    assert_eq!(count, 50);
    let names: Vec<String> = (0..2_001).map(|number| format!("part{number}.xml")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).chain([("word/document.xml", body.as_str())]).collect();
    assert!(read(&packed(&many)).unwrap_err().limit);
    assert!(refusal(crate::archive::Fault::Limit).limit);
}

/// I3: names that lead out of a folder are names: an import of them writes below its folder and nowhere else.
#[test]
fn names_that_lead_elsewhere_write_nothing_there() {
    let desk = Desk::new();
    let sentinel = desk.file("beside/keep.txt", b"kept");
    let body = format!("<w:document xmlns:w=\"w\"><w:body>{}{}</w:body></w:document>", p("云溪镇2014年政府信息公开工作年度报告"), p("一、概述"));
    let names = ["../beside/keep.txt", "../../x", "/tmp/x", "C:\\x", "..\\..\\x", "word/../../x", "\\\\host\\x", "a/./../../x", "con", "x\u{202e}y"];
    for (nth, name) in names.iter().enumerate() {
        for main in 0..4 {
            let parts: Vec<(&str, &str)> =
                (0..main).map(|_| ("word/z.xml", "<z/>")).take(1).chain([(*name, "<x/>"), ("word/document.xml", body.as_str())]).collect();
            let input = desk.file(&format!("in/{nth}-{main}.docx"), &packed(&parts));
            run(&desk.request(&[input])).unwrap();
        }
    }
    assert_eq!(fs::read(sentinel).unwrap(), b"kept");
    let beside: Vec<String> = shelf::entries(desk.dir.path()).unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(beside, ["beside", "content", "in"]);
    assert_eq!(shelf::entries(&desk.dir.path().join("beside")).unwrap(), [("keep.txt".to_string(), false)]);
    assert!(desk.content().keys().all(|file| file.starts_with("yxz/") || file.starts_with("_import/")), "{:?}", desk.content().keys());
}

/// I4: document types and entities are refused, references to other places are not followed: a canary file stays unread.
#[test]
fn entities_and_references_bring_nothing_in() {
    let folder = tempfile::tempdir().unwrap();
    let canary = folder.path().join("canary.txt");
    fs::write(&canary, "金丝雀").unwrap();
    let address = format!("file://{}", canary.display());
    let declarations = [
        format!("<!DOCTYPE x [<!ENTITY e SYSTEM \"{address}\">]>"),
        format!("<!DOCTYPE x SYSTEM \"{address}\">"),
        format!("<!DOCTYPE x PUBLIC \"-//a//b\" \"{address}\">"),
        format!("<!DOCTYPE x [<!ENTITY % e SYSTEM \"{address}\"> %e;]>"),
        "<!DOCTYPE x [<!ENTITY a \"甲甲甲甲甲甲甲甲\"><!ENTITY e \"&a;&a;&a;&a;\">]>".to_string(),
    ];
    let mut files = 0;
    for declaration in &declarations {
        let word = format!("{declaration}<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>");
        let numbering = format!("{declaration}<w:numbering xmlns:w=\"w\"/>");
        let content =
            format!("{declaration}<office:document-content xmlns:office=\"o\"><office:body><office:spreadsheet/></office:body></office:document-content>");
        for file in [
            packed(&[("word/document.xml", &word)]),
            docx(&p("文"), &[("word/numbering.xml", &numbering)]),
            docx(&p("文"), &[("word/footnotes.xml", &numbering)]),
            docx(&p("文"), &[("word/comments.xml", &numbering)]),
            docx(&p("文"), &[("_rels/.rels", &numbering)]),
            packed(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)]),
            docx(
                &format!("{}<w:p><w:r><w:instrText>INCLUDETEXT \"{address}\"</w:instrText></w:r></w:p>", p("文")),
                &[(
                    "word/_rels/document.xml.rels",
                    &format!("<Relationships><Relationship Id=\"r1\" Type=\"x/subDocument\" Target=\"{address}\" TargetMode=\"External\"/></Relationships>"),
                )],
            ),
            format!("<html><p>文</p><iframe src=\"{address}\"></iframe><object data=\"{address}\"></object></html>").into_bytes(),
        ] {
            files += 1;
            if let Ok(lines) = read(&file) {
                assert!(!text_of(&lines).contains("金丝雀") && !lines.removed.iter().any(|removed| removed.text.contains("金丝雀")), "{declaration}");
                assert!(!text_of(&lines).contains("甲甲"), "{declaration}");
            }
        }
    }
    assert_eq!(files, 40);
}

/// I5: one tag with 80,000 attributes, or as many namespaces, or a tag of a megabyte.
#[test]
fn tags_have_bounds() {
    let attributes: String = (0..80_000).map(|number| format!(" a{number}=\"\"")).collect();
    let spaces: String = (0..80_000).map(|number| format!(" xmlns:n{number}=\"u\"")).collect();
    let long = format!(" a=\"{}\"", "x".repeat(1 << 20));
    for inner in [attributes, spaces, long] {
        assert!(read(&docx(&format!("<w:p{inner}/>{}", p("文")), &[])).unwrap_err().limit);
    }
}

/// I7: what a file carries along is listed and not opened.
#[test]
fn passengers_are_listed() {
    let relation = |kind: &str, target: &str| {
        format!("<Relationships><Relationship Id=\"r1\" Type=\"http://x/{kind}\" Target=\"{target}\" TargetMode=\"External\"/></Relationships>")
    };
    let mut files = 0;
    for nth in 0..6 {
        let host = format!("http://host{nth}.example/t");
        for (name, text, listed) in [
            ("word/vbaProject.bin", "macro".to_string(), "word/vbaProject.bin".to_string()),
            ("word/embeddings/oleObject1.bin", "ole".into(), "word/embeddings/oleObject1.bin".into()),
            ("word/activeX/activeX1.xml", "<x/>".into(), "word/activeX/activeX1.xml".into()),
            ("word/_rels/document.xml.rels", relation("attachedTemplate", &host), host.clone()),
            ("word/_rels/document.xml.rels", relation("image", &host), host.clone()),
        ] {
            let found = read(&docx(&p("文"), &[(name, &text)])).unwrap();
            assert_eq!(text_of(&found), "文");
            assert!(found.removed.iter().any(|removed| removed.text == listed), "{name}: {:?}", found.removed);
            files += 1;
        }
    }
    assert_eq!(files, 30);
}

/// I11: 300 files; a second run, and one of the files under other names, changes no byte.
#[test]
fn three_hundred_files_twice() {
    let desk = Desk::new();
    let inputs: Vec<PathBuf> = (0..300)
        .map(|nth| {
            let (town, year) = (char::from_u32(0x4e00 + nth / 10).unwrap(), 2012 + nth % 10);
            let text =
                format!("{town}溪镇{year}年政府信息公开工作年度报告\n一、概述\n全年公开信息{nth}条，写在这里。\n{town}溪镇人民政府\n{}年1月20日\n", year + 1);
            desk.file(&format!("in/{nth}.txt"), text.as_bytes())
        })
        .collect();
    run(&desk.request(&inputs)).unwrap();
    let before = desk.content();
    assert_eq!(before.keys().filter(|file| !file.ends_with("_index.md")).count(), 300);
    run(&Request { replace: true, ..desk.request(&inputs) }).unwrap();
    fs::rename(desk.dir.path().join("in"), desk.dir.path().join("moved")).unwrap();
    let again = run(&desk.request(&[desk.dir.path().join("moved")])).unwrap();
    assert!(again.reports.iter().all(|report| matches!(report.placement, Placement::Unchanged { .. })));
    assert_eq!(desk.content(), before);
}

/// I13: forty files that are not what their names say, or locked, or no documents: each says what to do.
#[test]
fn mislabelled_and_locked_files_say_what_to_do() {
    let locked = |stream: &str| {
        let mut container = cfb::CompoundFile::create(io::Cursor::new(Vec::new())).unwrap();
        container.create_stream(stream).unwrap().write_all(b"locked").unwrap();
        container.into_inner().into_inner()
    };
    let starts: [&[u8]; 13] = [
        b"{\\rtf1 x",
        b"\xdb\xa5-",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"II*\0",
        b"RIFF0000WEBP",
        b"Rar!\x1a\x07",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08",
        b"%PDF-1.7\nnothing",
        b"<?xml version='1.0'?><pkg:package xmlns:pkg='x'>",
        b"PK\x03\x04nothing",
    ];
    let mut files: Vec<Vec<u8>> = starts.iter().map(|start| start.to_vec()).collect();
    // The same with more behind it, as a download that ended early has.
    files.extend(starts.iter().map(|start| [start, &[0x11u8; 600][..]].concat()));
    files.extend(["/EncryptedPackage", "/PowerPoint Document", "/__properties_version1.0", "/Contents"].map(locked));
    for part in ["ppt/presentation.xml", "META-INF/manifest.xml", "OFD.xml", "xl/workbook.bin", "a.txt"] {
        files.push(packed(&[(part, "<x/>")]));
    }
    files.extend([Vec::new(), b" \n".to_vec(), vec![0; 4096], b"<html><body><img src=a.png></body></html>".to_vec(), vec![0xd0, 0xcf, 0x11, 0xe0]]);
    assert_eq!(files.len(), 40);
    for (nth, file) in files.iter().enumerate() {
        let words = read(file).err().unwrap_or_else(|| panic!("file {nth} was read")).words;
        let next = ["另存为", "OCR", "解压", "重新下载", "换一份", "存为", "转成 .docx"];
        assert!(next.iter().any(|next| words.zh.contains(next)) && words.en.is_ascii(), "file {nth}: {}", words.zh);
    }
}

/// G2: every character there is, through GB18030 and back.
#[test]
fn every_character_survives_gb18030() {
    let mut differing = Vec::new();
    let all: Vec<char> = (0x80..=0x0010_ffff).filter_map(char::from_u32).collect();
    for some in all.chunks(0x4000) {
        let text: String = some.iter().collect();
        let (bytes, _, lost) = encoding_rs::GB18030.encode(&text);
        if !lost && decode(&bytes, Some("gb18030")).is_ok_and(|decoded| decoded.text == text) {
            continue;
        }
        for c in some {
            let text = c.to_string();
            let (bytes, _, lost) = encoding_rs::GB18030.encode(&text);
            let back = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes);
            if lost || back.is_none_or(|back| back != text) {
                differing.push(*c as u32);
            }
        }
    }
    // By the standard of encodings one code point of private use has no bytes in GB18030, and eighteen stand for characters that the
    // edition of 2022 has as such: they come back as those.
    let changed = (0xe78d..=0xe796).chain([0xe81e, 0xe826, 0xe82b, 0xe82c, 0xe832, 0xe843, 0xe854, 0xe864]);
    assert_eq!(differing, std::iter::once(0xe5e5).chain(changed).collect::<Vec<u32>>());
}

/// G3: 10,000 snippets of 2 to 64 characters: read as written, or refused.
#[test]
fn no_snippet_is_silently_wrong() {
    const SOURCE: &str = "云溪镇人民政府信息公开工作年度报告根据有关规定现将本镇情况公布如下全年共收到申请已全部办理答复主动公开条例行政复议诉讼收费减免存在问题改进措施加强组织领导完善制度建设村务财务民政低保救助土地征收补偿标准李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗";
    let source: Vec<char> = SOURCE.chars().collect();
    let (mut read, mut refused) = (0, 0);
    for nth in 0..10_000usize {
        let length = 2 + nth % 63;
        // Steps that share no factor with the length give each snippet other neighbors.
        let snippet: String = (0..length).map(|at| source[(nth * 31 + at * (1 + nth % 7)) % source.len()]).collect();
        let encoding = [encoding_rs::GBK, encoding_rs::GB18030, encoding_rs::UTF_8][nth % 3];
        match decode(&encoding.encode(&snippet).0, None) {
            Ok(decoded) => {
                assert_eq!(decoded.text, snippet, "{}", encoding.name());
                read += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(read > 3_333 && read + refused == 10_000, "{read} {refused}");
}

/// G5: a paragraph of another encoding in a UTF-8 file: refused with its line, never a replacement character.
#[test]
fn pasted_paragraphs_are_refused_with_their_place() {
    for nth in 0..200 {
        let before: String = (0..1 + nth % 40).map(|line| format!("第{line}行写的是本镇公开的情况。\n")).collect();
        let pasted = encoding_rs::GBK.encode(&"后来粘贴进来的一段文字，是另一种编码的。".repeat(1 + nth % 3)).0.into_owned();
        let file = [before.as_bytes(), &pasted, "\n再接着写。\n".as_bytes()].concat();
        let words = read(&file).unwrap_err().words;
        let line = before.matches('\n').count() + 1;
        assert!(words.zh.contains("两种编码") && words.zh.contains(&format!("第 {line} 行")), "{}", words.zh);
    }
}

/// G8: pages that declare a wrong encoding, or none: the text is as written, or the page is refused.
#[test]
fn wrong_declarations_change_no_word() {
    let declared = ["", "utf-8", "gb2312", "gbk", "gb18030", "big5", "iso-8859-1", "windows-1252", "utf-16", "x-unknown"];
    let words = "根据有关规定，现将本镇全年政府信息公开工作情况公布如下，共收到申请三件，已全部答复。";
    let traditional = "根據有關規定，現將本鎮全年政府信息公開工作情況公布如下，共收到申請三件，已全部答覆。";
    let (mut right, mut refused) = (0, 0);
    for charset in declared {
        for (encoding, words) in [(encoding_rs::UTF_8, words), (encoding_rs::GBK, words), (encoding_rs::GB18030, words), (encoding_rs::BIG5, traditional)] {
            for repeated in [1, 2, 3, 5, 9] {
                let text = words.repeat(repeated);
                let meta = if charset.is_empty() { String::new() } else { format!("<meta charset=\"{charset}\">") };
                let page = format!("<html><head>{meta}</head><body><p>{text}</p></body></html>");
                match read(&encoding.encode(&page).0) {
                    Ok(lines) => {
                        assert_eq!(text_of(&lines), text, "{charset} {}", encoding.name());
                        right += 1;
                    }
                    Err(_) => refused += 1,
                }
            }
        }
    }
    assert_eq!(right + refused, 200);
    assert!(right >= 150, "{right} read, {refused} refused");
}
