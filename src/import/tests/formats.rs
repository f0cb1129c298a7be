//! Files of every kind, made here, through the reader.

use super::super::lines::{Block, Line, Lines};
use super::super::read::{Refusal, read};
use std::io::Write as _;

/// An archive of parts.
pub(super) fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut file = zip::ZipWriter::new(&mut bytes);
    for (name, content) in parts {
        file.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        file.write_all(content.as_bytes()).unwrap();
    }
    file.finish().unwrap();
    bytes.into_inner()
}

/// A Word file with this body and further parts.
pub(super) fn docx(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\" xmlns:r=\"r\" xmlns:mc=\"mc\"><w:body>{body}</w:body></w:document>");
    packed(&[&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", document.as_str())], parts].concat())
}

pub(super) fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

pub(super) fn xlsx(sheet: &str) -> Vec<u8> {
    packed(&[
        ("[Content_Types].xml", "<Types xmlns=\"t\"/>"),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"统计表\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
        (
            "xl/styles.xml",
            "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/></numFmts><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"10\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>",
        ),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{sheet}</worksheet>")),
    ])
}

pub(super) fn ods(table: &str) -> Vec<u8> {
    packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        (
            "content.xml",
            &format!(
                "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet><table:table table:name=\"表\">{table}</table:table></office:spreadsheet></office:body></office:document-content>"
            ),
        ),
    ])
}

fn blocks(lines: &Lines) -> Vec<Block> {
    lines.lines.iter().map(|line| line.block.clone()).collect()
}

fn text(text: &str) -> Block {
    Block::Text(text.into())
}

fn table<const N: usize>(rows: &[[&str; N]]) -> Block {
    Block::Table(rows.iter().map(|row| row.map(String::from).to_vec()).collect())
}

fn removed(lines: &Lines) -> Vec<&str> {
    lines.removed.iter().map(|removed| removed.text.as_str()).collect()
}

fn refused(bytes: &[u8]) -> Refusal {
    read(bytes).unwrap_err()
}

#[test]
fn word_keeps_what_is_seen_and_lists_what_is_not() {
    let body = [
        "<w:p><w:ins w:author=\"某\"><w:r><w:t>增加的</w:t></w:r></w:ins><w:del><w:r><w:delText>删去的</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏起的</w:t></w:r><w:r><w:t>文字</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r></w:p>",
        "<w:p><w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t>白字</w:t></w:r><w:r><w:rPr><w:color w:val=\"FFFFFF\"/><w:shd w:val=\"clear\" w:fill=\"C00000\"/></w:rPr><w:t>红底白字</w:t></w:r></w:p>",
        "<w:p><w:hyperlink r:id=\"rId7\"><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>域值</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>",
        "<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>控件</w:t><w:br/><w:t>换行</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:p><w:r><w:t>框外</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx xmlns:wps=\"x\"><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>上半</w:t></w:r></w:p><w:p><w:r><w:t>下半</w:t></w:r></w:p>",
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>zhuó</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>涿</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:t>A&amp;B</w:t></w:r></w:p>",
    ]
    .concat();
    let file = docx(
        &body,
        &[
            (
                "word/footnotes.xml",
                "<w:footnotes xmlns:w=\"w\"><w:footnote w:type=\"separator\" w:id=\"0\"><w:p/></w:footnote><w:footnote w:id=\"2\"><w:p><w:r><w:t>注文</w:t></w:r></w:p></w:footnote></w:footnotes>",
            ),
            ("word/comments.xml", "<w:comments xmlns:w=\"w\"><w:comment><w:p><w:r><w:t>批语</w:t></w:r></w:p></w:comment></w:comments>"),
            ("word/header1.xml", "<w:hdr xmlns:w=\"w\"><w:p><w:r><w:t>页眉</w:t></w:r></w:p></w:hdr>"),
            (
                "word/_rels/document.xml.rels",
                "<Relationships><Relationship Id=\"rId7\" Type=\"x/hyperlink\" Target=\"https://example.gov.cn/\" TargetMode=\"External\"/><Relationship Id=\"rId8\" Type=\"x/attachedTemplate\" Target=\"http://evil.example/t.dotm\" TargetMode=\"External\"/></Relationships>",
            ),
            ("word/vbaProject.bin", "macro"),
            ("word/embeddings/oleObject1.bin", "ole"),
        ],
    );
    let found = read(&file).unwrap();
    let seen = ["增加的文字（注1）", "红底白字", "链接域值", "控件", "换行", "框外", "框内", "上半下半", "涿☑A&B", "注1：注文"];
    assert_eq!(blocks(&found), seen.map(text));
    for unseen in [
        "藏起的",
        "删去的",
        "白字",
        "https://example.gov.cn/",
        "zhuó",
        "批语",
        "页眉",
        "word/vbaProject.bin",
        "word/embeddings/oleObject1.bin",
        "http://evil.example/t.dotm",
    ] {
        assert!(removed(&found).contains(&unseen), "{unseen}: {:?}", found.removed);
    }
}

#[test]
fn word_tables_with_merged_cells() {
    let cell = |properties: &str, text: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text));
    let span = |wide: usize| format!("<w:gridSpan w:val=\"{wide}\"/>");
    let begins = "<w:vMerge w:val=\"restart\"/>";
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let rows = [
        row(&[cell(&span(4), "第二十条第（一）项")]),
        row(&[cell(&format!("{}{begins}", span(2)), "三、本年度办理结果"), cell("", "（一）予以公开"), cell("", "3")]),
        row(&[cell(&format!("{}<w:vMerge/>", span(2)), "盖住"), cell("", "（二）部分公开"), cell("", "0")]),
        format!("<w:tr><w:trPr><w:del/></w:trPr>{}</w:tr>", cell("", "删去的行")),
    ];
    let body = format!("<w:tbl><w:tblPr/><w:tblGrid/>{}</w:tbl>{}", rows.concat(), p("尾"));
    let found = read(&docx(&body, &[])).unwrap();
    let expected = [["第二十条第（一）项", "", "", ""], ["三、本年度办理结果", "", "（一）予以公开", "3"], ["三、本年度办理结果", "", "（二）部分公开", "0"]];
    assert_eq!(blocks(&found), [table(&expected), text("尾")]);
    assert_eq!(removed(&found), ["删去的行", "盖住"]);
    let nested = format!(
        "<w:tbl><w:tr><w:tc>{}<w:tbl>{}{}</w:tbl></w:tc></w:tr></w:tbl>",
        p("正文"),
        row(&[cell("", "项"), cell("", "数")]),
        row(&[cell("", "申请"), cell("", "3")])
    );
    assert_eq!(blocks(&read(&docx(&nested, &[])).unwrap()), [text("正文"), table(&[["项", "数"], ["申请", "3"]])]);
}

#[test]
fn word_numbers_that_no_paragraph_holds() {
    let numbering = "<w:numbering xmlns:w=\"w\"><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCountingThousand\"/><w:lvlText w:val=\"%1、\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%2.\"/></w:lvl></w:abstractNum><w:num w:numId=\"3\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>";
    let styles = "<w:styles xmlns:w=\"w\"><w:style w:styleId=\"1\"><w:name w:val=\"heading 1\"/><w:pPr><w:numPr><w:numId w:val=\"3\"/></w:numPr></w:pPr></w:style><w:style w:styleId=\"T\"><w:name w:val=\"toc 1\"/></w:style></w:styles>";
    let styled = |style: &str, text: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>");
    let item = |text: &str| format!("<w:p><w:pPr><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"3\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>");
    let body = [styled("T", "概述 1"), styled("1", "概述"), item("甲"), item("乙"), styled("1", "依申请公开"), item("丙")].concat();
    let found = read(&docx(&body, &[("word/numbering.xml", numbering), ("word/styles.xml", styles)])).unwrap();
    let expected = [Block::Heading(1, "一、概述".into()), text("1. 甲"), text("2. 乙"), Block::Heading(1, "二、依申请公开".into()), text("1. 丙")];
    assert_eq!(blocks(&found), expected);
    assert_eq!(removed(&found), ["概述 1"]);
}

#[test]
fn excel_shows_numbers_as_excel_does() {
    let sheet = "<cols><col min=\"4\" max=\"4\" hidden=\"1\"/></cols><sheetData>\
        <row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>信息公开情况统计表</t></is></c></row>\
        <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>指标</t></is></c><c r=\"B2\" t=\"inlineStr\"><is><t>自然人</t></is></c><c r=\"D2\"><v>77</v></c></row>\
        <row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>申请</t></is></c><c r=\"B3\"><v>12</v></c></row>\
        <row r=\"4\"><c r=\"B4\" s=\"1\"><v>0.985</v></c></row>\
        <row r=\"5\" hidden=\"1\"><c r=\"A5\"><v>99</v></c></row>\
        <row r=\"6\"><c r=\"A6\" t=\"inlineStr\"><is><t>日期</t></is></c><c r=\"B6\" s=\"2\"><v>45322</v></c></row></sheetData>\
        <mergeCells count=\"1\"><mergeCell ref=\"A3:A4\"/></mergeCells>";
    let found = read(&xlsx(sheet)).unwrap();
    assert_eq!(blocks(&found), [text("信息公开情况统计表"), table(&[["指标", "自然人"], ["申请", "12"], ["申请", "98.50%"], ["日期", "2024年1月31日"]])]);
    assert_eq!(found.lines[1].number, 2);
    assert_eq!(removed(&found), ["统计表", "77", "99"]);
}

#[test]
fn open_document_sheets() {
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let rows = format!(
        "<table:table-row>{}<table:table-cell/>{}</table:table-row><table:table-row><table:table-cell table:number-columns-spanned=\"2\"><text:p>申请</text:p></table:table-cell><table:covered-table-cell/>{}</table:table-row><table:table-row table:visibility=\"collapse\">{}</table:table-row><table:table-row table:number-rows-repeated=\"1048573\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
        cell("指标"),
        cell("数"),
        cell("98.5%"),
        cell("藏")
    );
    let found = read(&ods(&rows)).unwrap();
    assert_eq!(blocks(&found), [table(&[["指标", "数"], ["申请", "98.5%"]])]);
    assert_eq!(removed(&found), ["表", "藏"]);
    let bomb = "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\"><text:p>炸</text:p></table:table-cell></table:table-row>";
    assert!(refused(&ods(bomb)).limit);
}

#[test]
fn commas_markdown_and_mislabelled_files() {
    assert_eq!(blocks(&read("指标,数\n申请,3\n".as_bytes()).unwrap()), [table(&[["指标", "数"], ["申请", "3"]])]);
    let gbk = encoding_rs::GBK.encode("统计指标,单位,统计数\n收到申请数,件,3\n主动公开政府信息数,条,120\n").0.into_owned();
    assert_eq!(blocks(&read(&gbk).unwrap()).len(), 1);
    assert_eq!(blocks(&read("# 题\n\n文\n".as_bytes()).unwrap()), [Block::Heading(1, "题".into()), text("文")]);
    // A .doc or .xls that is a web page, whatever it is called.
    let page =
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>指标</td><td>数</td></tr><tr><td>申请</td><td>3</td></tr></table></html>";
    assert_eq!(blocks(&read(page.as_bytes()).unwrap()), [table(&[["指标", "数"], ["申请", "3"]])]);
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let whole = docx(&p("文"), &[]);
    for broken in [&whole[..whole.len() / 2], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"] {
        let words = refused(broken).words;
        assert!(words.zh.contains("另存为") && words.en.contains("save"), "{}", words.zh);
    }
    assert!(refused(&docx("<w:p>", &[])).words.zh.contains("另存为"));
    assert!(refused(&packed(&[("a.txt", "文")])).words.zh.contains("解压"));
    assert!(refused(&packed(&[("ppt/presentation.xml", "<p/>")])).words.zh.contains("PowerPoint"));
    let mut container = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    container.create_stream("/EncryptedPackage").unwrap().write_all(b"locked").unwrap();
    assert!(refused(container.into_inner().get_ref()).words.zh.contains("密码"));
    let mut container = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    container.create_stream("/PowerPoint Document").unwrap().write_all(b"x").unwrap();
    assert!(refused(container.into_inner().get_ref()).words.zh.contains("演示文稿"));
}

/// Files as LibreOffice writes them, of the kinds that only programs write.
#[test]
fn files_of_an_office_program() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "<tr><td rowspan=2>申请</td><td>自然人</td><td>3</td></tr><tr><td>法人</td><td>0</td></tr>";
    let page = format!(
        "<html><head><meta charset=utf-8></head><body><p>一、概述</p><p>我镇主动公开信息120条。</p><table border=1>{rows}</table><p>尾</p></body></html>"
    );
    std::fs::write(folder.path().join("a.html"), page).unwrap();
    std::fs::write(folder.path().join("b.csv"), "\u{feff}指标,单位,数\n申请,件,3\n比例,无,98.5%\n").unwrap();
    let convert = |name: &str, to: &str| {
        let filter = if name.ends_with("csv") { "--infilter=CSV:44,34,76,1" } else { "--norestore" };
        std::process::Command::new("soffice")
            .args([
                "--headless",
                filter,
                "--norestore",
                &format!("-env:UserInstallation=file://{}/profile", folder.path().display()),
                "--convert-to",
                to,
                "--outdir",
            ])
            .arg(folder.path())
            .arg(folder.path().join(name))
            .output()
            .is_ok_and(|output| output.status.success())
    };
    if !(convert("a.html", "doc:MS Word 97") && folder.path().join("a.doc").exists()) {
        let _ = std::io::stderr().write_all(b"skipped: soffice is not here\n");
        return;
    }
    let found = |name: &str| read(&std::fs::read(folder.path().join(name)).unwrap()).unwrap();
    let expected = [text("一、概述"), text("我镇主动公开信息120条。"), table(&[["申请", "自然人", "3"], ["申请", "法人", "0"]]), text("尾")];
    // Cells that others cover are empty in .doc files: their container does not say how far a cell reaches.
    let mut of_doc = expected.clone();
    of_doc[2] = table(&[["申请", "自然人", "3"], ["", "法人", "0"]]);
    assert_eq!(blocks(&found("a.doc")), of_doc, "doc");
    assert!(convert("a.html", "docx:MS Word 2007 XML"));
    assert_eq!(blocks(&found("a.docx")), expected, "docx");
    for kind in ["xlsx", "xls", "ods"] {
        assert!(convert("b.csv", kind));
        let Block::Table(rows) = &found(&format!("b.{kind}")).lines[0].block.clone() else { panic!("{kind}") };
        assert_eq!(rows[1], ["申请", "件", "3"], "{kind}");
    }
}

#[test]
fn lines_of_a_table_row_count_once() {
    let row = "<w:tr><w:tc><w:p/><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc></w:tr>";
    let found = read(&docx(&format!("{}<w:tbl>{row}{row}</w:tbl>{}", p("头"), p("尾")), &[])).unwrap();
    assert_eq!(found.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2, 4]);
    assert_eq!(found.lines[2], Line::text(4, "尾"));
}
