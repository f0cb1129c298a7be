//! A web page as blocks: what a reader sees, in order. Scripts, menus, forms and hidden parts are left out and listed.

use super::grid::Grid;
use super::lines::{Block, Line, Lines, trimmed};
use super::read::Refusal;
use super::seen::Hiding;
use super::table;
use super::word::numbering::in_format;
use crate::diag::Words;
use crate::text::is_wide;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

/// Deepest nesting of elements that is read; pages made by people stay below 100.
const DEEPEST: usize = 256;
/// Furthest a piece of text is looked for in the source, in bytes, so that time stays in proportion to the page.
const WINDOW: usize = 64 << 10;

/// A node of the page, by the name the parser's own types give it.
type NodeRef<'a> = <ElementRef<'a> as std::ops::Deref>::Target;

/// Blocks of a page, or why it is refused.
pub(super) fn read(page: &str) -> Result<Lines, Refusal> {
    if nesting(page) > DEEPEST {
        return Err(Refusal::limit(
            format!("网页的元素嵌套超过 {DEEPEST} 层，不读取：请在浏览器里打开，把正文复制为纯文本再导入"),
            format!("elements are nested deeper than {DEEPEST}: copy the text from a browser and import it as plain text"),
        ));
    }
    let document = Html::parse_document(page);
    let sheets: String =
        document.root_element().descendent_elements().filter(|element| element.value().name() == "style").flat_map(|element| element.text()).collect();
    let mut reader = Reader {
        source: page,
        cursor: 0,
        line: 1,
        out: Lines::default(),
        inline: String::new(),
        inline_line: 1,
        wrap: Wrap::Paragraph,
        preformatted: false,
        scripts: Vec::new(),
        hiding: Hiding::read(&sheets),
    };
    reader.out.meta = super::meta::read(&document);
    reader.element(*document.root_element(), 0);
    reader.flush();
    reader.list_scripts();
    Ok(reader.out)
}

/// How deep elements that need an end tag are nested; counted before the parser sees the page, whose time grows with depth.
fn nesting(page: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let closing = rest.starts_with('/');
        let name: String = rest.chars().skip(usize::from(closing)).take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        if !NESTING.contains(&name.as_str()) {
            continue;
        }
        depth = if closing { depth.saturating_sub(1) } else { depth + 1 };
        deepest = deepest.max(depth);
    }
    deepest
}

/// Elements with an end tag of their own that people nest; `p`, `li`, `td` are closed by the next of their kind.
const NESTING: [&str; 42] = [
    "div",
    "span",
    "table",
    "ul",
    "ol",
    "dl",
    "section",
    "article",
    "main",
    "nav",
    "aside",
    "header",
    "footer",
    "form",
    "figure",
    "details",
    "font",
    "b",
    "i",
    "u",
    "s",
    "strong",
    "em",
    "a",
    "center",
    "blockquote",
    "small",
    "big",
    "code",
    "sub",
    "sup",
    "tt",
    "label",
    "button",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "del",
    "ins",
];

/// What the text that is being gathered becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrap {
    Paragraph,
    Heading(u8),
    Item(Option<usize>),
}

struct Reader<'p> {
    source: &'p str,
    cursor: usize,
    line: usize,
    out: Lines,
    inline: String,
    inline_line: usize,
    wrap: Wrap,
    /// Whether line breaks of the source are shown.
    preformatted: bool,
    hiding: Hiding,
    /// Names of scripts and the like with the line of the first, and how many.
    scripts: Vec<(String, usize, usize)>,
}

impl Reader<'_> {
    /// Reads an element. The recursion is bounded by [`DEEPEST`]; what lies deeper is read as text.
    fn element(&mut self, node: NodeRef<'_>, depth: usize) {
        for child in node.children() {
            match child.value() {
                Node::Text(text) => self.text(text),
                Node::Comment(comment) => self.locate(comment),
                Node::Element(element) => match ElementRef::wrap(child) {
                    Some(found) if depth < 2 * DEEPEST => self.child(element, found, depth + 1),
                    Some(found) => found.text().for_each(|text| self.text(text)),
                    None => {}
                },
                _ => {}
            }
        }
    }

    fn child(&mut self, element: &Element, found: ElementRef<'_>, depth: usize) {
        if element.name() == "head" {
            let number = self.locate_all(found);
            let title: String = found.child_elements().filter(|inner| inner.value().name() == "title").flat_map(|title| title.text()).collect();
            self.out.remove(number, &collapsed(&title), Words::new("浏览器标题栏的文字", "title of the browser window"));
            return;
        }
        if let Some(why) = self.hiding.why_dropped(element, found) {
            self.drop_element(found, why);
            return;
        }
        if let Some(rows) = table::divided(found) {
            self.divided(rows);
            return;
        }
        match element.name() {
            "br" => self.flush(),
            "pre" | "xmp" | "listing" => {
                self.flush();
                let around = std::mem::replace(&mut self.preformatted, true);
                self.element(*found, depth);
                self.flush();
                self.preformatted = around;
            }
            "table" if !table::is_layout(found) => {
                self.flush();
                for caption in found.child_elements().filter(|inner| inner.value().name() == "caption") {
                    self.wrapped(Wrap::Paragraph, caption, depth);
                }
                let own: Vec<usize> = table::own_rows(found).into_iter().map(|row| self.locate_all(row)).collect();
                let number = own.first().copied().unwrap_or(self.line);
                let rows = table::rows(found, &mut |cell| self.words_of(cell, number));
                self.table(rows, own);
            }
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => self.wrapped(Wrap::Heading(name.as_bytes()[1] - b'0'), found, depth),
            "li" => match mark(found) {
                Mark::Number(number) => self.wrapped(Wrap::Item(Some(number)), found, depth),
                Mark::Bullet => self.wrapped(Wrap::Item(None), found, depth),
                Mark::Printed(printed) => {
                    self.flush();
                    self.inline.push_str(&printed);
                    self.wrapped_on(found, depth);
                }
            },
            "a" => {
                self.element(*found, depth);
                if let Some(target) = element.attr("href").filter(|target| is_kept_target(target)) {
                    let (line, words) = (self.line, Words::new("链接的地址（链接的文字已保留）", "address of a link (its text is kept)"));
                    self.out.remove(line, target, words);
                }
            }
            name if is_block(name) => {
                self.flush();
                self.element(*found, depth);
                self.flush();
            }
            _ => self.element(*found, depth),
        }
    }

    /// A table made of other elements than `table`.
    fn divided(&mut self, rows: Vec<table::DividedRow<'_>>) {
        self.flush();
        let (mut own, mut grid) = (Vec::new(), Grid::default());
        for (row, cells) in rows {
            if let Some(why) = self.hiding.why_dropped(row.value(), row) {
                self.drop_element(row, why);
                continue;
            }
            let number = self.locate_all(row);
            own.push(number);
            grid.begin_row();
            let mut column = 0;
            for cell in cells {
                let words = self.words_of(cell, number);
                column = grid.put(column, 1, 1, &words);
            }
        }
        self.table(grid.rows(), own);
    }

    /// Adds a table with the line of each of its rows.
    fn table(&mut self, rows: Vec<Vec<String>>, own: Vec<usize>) {
        let number = own.first().copied().unwrap_or(self.line);
        let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.into_iter().map(|cell| self.out.cleaned(number, &cell)).collect()).collect();
        if rows.iter().flatten().any(|cell| !cell.is_empty()) {
            self.out.lines.push(Line { number, block: Block::Table(rows) });
            self.out.rows.insert(number, own);
        }
    }

    fn wrapped(&mut self, wrap: Wrap, found: ElementRef<'_>, depth: usize) {
        self.flush();
        self.wrap = wrap;
        self.wrapped_on(found, depth);
    }

    fn wrapped_on(&mut self, found: ElementRef<'_>, depth: usize) {
        self.element(*found, depth);
        self.flush();
        self.wrap = Wrap::Paragraph;
    }

    fn text(&mut self, text: &str) {
        if self.preformatted {
            for line in text.split_inclusive('\n') {
                self.piece(line);
                if line.ends_with('\n') {
                    self.flush();
                }
            }
        } else {
            self.piece(text);
        }
    }

    fn piece(&mut self, text: &str) {
        self.locate(text);
        if self.inline.trim().is_empty() {
            self.inline_line = self.line;
        }
        self.inline.push_str(text);
    }

    /// What is seen of a cell, on one line; what is not is listed.
    fn words_of(&mut self, cell: ElementRef<'_>, number: usize) -> String {
        let mut words = String::new();
        let mut waiting: Vec<NodeRef<'_>> = vec![*cell];
        while let Some(node) = waiting.pop() {
            match node.value() {
                Node::Text(text) => {
                    words.push_str(text);
                    continue;
                }
                Node::Element(element) => {
                    if let Some((found, why)) = ElementRef::wrap(node).and_then(|found| Some((found, self.hiding.why_dropped(element, found)?))) {
                        self.list(found, number, why);
                        continue;
                    }
                    if element.name() == "br" || is_block(element.name()) {
                        words.push(' ');
                    }
                }
                _ => {}
            }
            waiting.extend(node.children().rev());
        }
        collapsed(&words).trim().to_string()
    }

    /// Ends the block that is being gathered.
    fn flush(&mut self) {
        let gathered = std::mem::take(&mut self.inline);
        let text = self.out.cleaned(self.inline_line, &collapsed(&gathered));
        if text.is_empty() {
            return;
        }
        let block = match self.wrap {
            Wrap::Paragraph => Block::Text(text),
            Wrap::Heading(rank) => Block::Heading(rank, text),
            Wrap::Item(number) => Block::Item(number, text),
        };
        // What follows inside the same item or heading is a paragraph of its own.
        if matches!(self.wrap, Wrap::Item(_)) {
            self.wrap = Wrap::Paragraph;
        }
        self.out.lines.push(Line { number: self.inline_line, block });
    }

    fn drop_element(&mut self, found: ElementRef<'_>, why: Words) {
        let number = self.locate_all(found);
        self.list(found, number, why);
    }

    /// Lists an element that is left out.
    fn list(&mut self, found: ElementRef<'_>, number: usize, why: Words) {
        let name = found.value().name();
        if matches!(name, "script" | "style" | "noscript" | "template") {
            match self.scripts.iter_mut().find(|(known, ..)| known == name) {
                Some((.., count)) => *count += 1,
                None => self.scripts.push((name.to_string(), number, 1)),
            }
            return;
        }
        let shown = collapsed(&found.text().collect::<Vec<_>>().join(" "));
        let picture = found.value().attr("alt").or(found.value().attr("src"));
        let shown = if shown.trim().is_empty() { format!("<{name}> {}", picture.unwrap_or_default()) } else { shown };
        self.out.remove(number, &shown, why);
    }

    /// What a script says is no text of the page: one line for all of a kind, so that the list stays readable.
    fn list_scripts(&mut self) {
        for (name, line, count) in std::mem::take(&mut self.scripts) {
            self.out.remove(line, &format!("<{name}> {count}"), Words::new("脚本或样式及其个数", "scripts or styles and how many"));
        }
    }

    /// Moves to the line where a piece of text stands. The parser keeps no places; pieces come in the order of the page,
    /// so each is looked for from the last one on.
    fn locate(&mut self, text: &str) {
        let lead = trimmed(text).split(['&', '<', '>', '\u{a0}', '\n', '\r']).next().unwrap_or_default();
        if lead.is_empty() {
            return;
        }
        let mut end = (self.cursor + WINDOW).min(self.source.len());
        while !self.source.is_char_boundary(end) {
            end -= 1;
        }
        if let Some(found) = self.source[self.cursor..end].find(lead) {
            let at = self.cursor + found;
            self.line += self.source[self.cursor..at].matches('\n').count();
            self.cursor = at;
            let after = at + lead.len();
            self.line += self.source[at..after].matches('\n').count();
            self.cursor = after;
        }
    }

    /// Moves past all text of an element; gives the line where it begins.
    fn locate_all(&mut self, found: ElementRef<'_>) -> usize {
        let mut first = None;
        for text in found.text() {
            self.locate(text);
            if !text.trim().is_empty() {
                first.get_or_insert(self.line);
            }
        }
        first.unwrap_or(self.line)
    }
}

/// White space as a browser shows it; a line break between two Chinese characters is none.
pub(super) fn collapsed(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut pending: Option<bool> = None;
    for c in text.chars() {
        if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
            pending = Some(pending.unwrap_or(false) || c == '\n' || c == '\r');
            continue;
        }
        if let Some(broken) = pending.take() {
            let vanishes = broken && shown.chars().next_back().is_some_and(is_wide) && is_wide(c);
            if !vanishes && !shown.is_empty() {
                shown.push(' ');
            }
        }
        shown.push(c);
    }
    shown
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "form"
            | "body"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "caption"
            | "center"
            | "blockquote"
            | "pre"
            | "hr"
            | "figure"
            | "figcaption"
            | "address"
            | "aside"
            | "fieldset"
            | "legend"
            | "details"
            | "summary"
    )
}

/// Addresses that lead somewhere; script calls and places in the page are not worth listing.
fn is_kept_target(target: &str) -> bool {
    let target = target.trim();
    !target.is_empty() && !target.starts_with('#') && !target.to_ascii_lowercase().starts_with("javascript:")
}

/// What a browser shows before an item of a list.
enum Mark {
    Number(usize),
    /// A number that is no Arabic one, with its sign; or nothing.
    Printed(String),
    Bullet,
}

fn mark(found: ElementRef<'_>) -> Mark {
    let list = found.parent().and_then(ElementRef::wrap);
    let style = |element: ElementRef<'_>| element.value().attr("style").unwrap_or_default().to_ascii_lowercase();
    let styles = list.map(style).unwrap_or_default() + ";" + &style(found);
    let mut kind =
        styles.split(';').filter_map(|part| part.split_once(':')).filter(|(name, _)| name.trim().starts_with("list-style")).map(|(_, kind)| kind.trim());
    let kind = kind.next_back().unwrap_or_default().to_string();
    if kind.split_whitespace().any(|word| word == "none") {
        return Mark::Printed(String::new());
    }
    let Some(list) = list.filter(|list| list.value().name() == "ol") else { return Mark::Bullet };
    let number = item_number(list, found);
    let type_of = |element: ElementRef<'_>| element.value().attr("type").map(str::to_string);
    let format = match (type_of(found).or_else(|| type_of(list)).as_deref(), kind.as_str()) {
        (_, "cjk-ideographic" | "simp-chinese-informal" | "trad-chinese-informal") => "chineseCounting",
        (Some("a"), _) | (_, "lower-alpha" | "lower-latin") => "lowerLetter",
        (Some("A"), _) | (_, "upper-alpha" | "upper-latin") => "upperLetter",
        (Some("i"), _) | (_, "lower-roman") => "lowerRoman",
        (Some("I"), _) | (_, "upper-roman") => "upperRoman",
        _ => return Mark::Number(number),
    };
    let sign = if format == "chineseCounting" { "、" } else { ". " };
    Mark::Printed(format!("{}{sign}", in_format(u32::try_from(number).unwrap_or(u32::MAX), format)))
}

/// The number of an item: counted from the start of its list, or from the last item that states its own.
fn item_number(list: ElementRef<'_>, found: ElementRef<'_>) -> usize {
    let value = |item: ElementRef<'_>, name: &str| item.value().attr(name).and_then(|number| number.trim().parse::<usize>().ok());
    let mut before = 0;
    for item in std::iter::once(found).chain(found.prev_siblings().filter_map(ElementRef::wrap).filter(|item| item.value().name() == "li")) {
        if let Some(own) = value(item, "value") {
            return own.saturating_add(before);
        }
        before += 1;
    }
    value(list, "start").unwrap_or(1).saturating_add(before - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(page: &str) -> Vec<Block> {
        read(page).unwrap().lines.into_iter().map(|line| line.block).collect()
    }

    fn text(text: &str) -> Block {
        Block::Text(text.into())
    }

    #[test]
    fn visible_text_by_block_with_line_numbers() {
        let lines = read("<html><body>\n<h1>题\n目</h1>\n<p>第一段<b>粗</b>&nbsp;<br>第二\n段</p>\n\n<p>三 &lt;四&gt;</p></body></html>").unwrap().lines;
        let numbered: Vec<(usize, Block)> = lines.into_iter().map(|line| (line.number, line.block)).collect();
        assert_eq!(numbered, [(2, Block::Heading(1, "题目".into())), (4, text("第一段粗")), (4, text("第二段")), (7, text("三 <四>"))]);
    }

    #[test]
    fn furniture_is_dropped_and_listed() {
        let lines =
            read("<nav>首页</nav><script>var 秘密</script><form><input>搜索</form><p style='display: none'>藏</p><p>文</p><footer>版权</footer>").unwrap();
        assert_eq!(lines.lines.iter().map(Line::all_words).collect::<Vec<_>>(), ["文"]);
        let listed: Vec<&str> = lines.removed.iter().map(|removed| removed.text.as_str()).collect();
        assert_eq!(listed, ["首页", "搜索", "藏", "版权", "<script> 1"]);
    }

    #[test]
    fn a_form_around_the_whole_page_is_the_page() {
        let long = "内容".repeat(120);
        assert_eq!(blocks(&format!("<form id='aspnetForm'><p>{long}</p></form>")), [text(&long)]);
    }

    #[test]
    fn lists_keep_the_numbers_a_reader_sees() {
        let found = blocks("<ol start='3'><li>丙</li><li>丁<p>续</p></li></ol><ul><li>点</li></ul>");
        assert_eq!(found, [Block::Item(Some(3), "丙".into()), Block::Item(Some(4), "丁".into()), text("续"), Block::Item(None, "点".into())]);
    }

    #[test]
    fn lists_with_other_numbers() {
        let found = blocks(
            "<ol type=A><li>甲</li></ol><ol style='list-style-type: cjk-ideographic'><li>乙</li><li value=12>丙</li><li>丁</li></ol><ol style='list-style:none'><li>戊</li></ol>",
        );
        assert_eq!(found, [text("A. 甲"), text("一、乙"), text("十二、丙"), text("十三、丁"), text("戊")]);
    }

    #[test]
    fn lines_of_preformatted_text() {
        assert_eq!(blocks("<pre>第一行\n  第二行\n\n第三行</pre><p>尾\n巴</p>"), [text("第一行"), text("第二行"), text("第三行"), text("尾巴")]);
    }

    #[test]
    fn hidden_parts_of_cells_and_captions() {
        let page = "<style>.x{display:none}</style><table><caption>表一</caption><tr><td>项<script>1</script></td><td>数<span class=x>99</span></td></tr><tr><td>申<br>请</td><td><p style='font-size:0'>7</p>3</td></tr></table><ruby>涿<rt>zhuo</rt></ruby>";
        let lines = read(page).unwrap();
        let rows = vec![vec!["项".into(), "数".into()], vec!["申 请".into(), "3".into()]];
        assert_eq!(lines.lines.into_iter().map(|line| line.block).collect::<Vec<_>>(), [text("表一"), Block::Table(rows), text("涿")]);
        let listed: Vec<&str> = lines.removed.iter().map(|removed| removed.text.as_str()).collect();
        assert_eq!(listed, ["99", "7", "zhuo", "<script> 1"]);
    }

    #[test]
    fn tables_of_data_and_tables_of_layout() {
        let page = "<table><tr><td><p>正文一</p><p>正文二</p><table><tr><th>项</th><th>数</th></tr><tr><td>申请</td><td>3</td></tr></table></td></tr></table>";
        let data = Block::Table(vec![vec!["项".into(), "数".into()], vec!["申请".into(), "3".into()]]);
        assert_eq!(blocks(page), [text("正文一"), text("正文二"), data]);
    }

    #[test]
    fn tables_made_of_other_elements() {
        let rows = [["统计指标", "单位", "统计数"], ["主动公开政府信息数", "条", "120"], ["收到申请数", "件", "3"]];
        let expected = [text("前"), Block::Table(rows.map(|row| row.map(String::from).to_vec()).to_vec()), text("后")];
        for (open, row, cell) in [("div class=t", "div", "span"), ("ul", "li", "span"), ("section", "div", "div")] {
            let inner: String =
                rows.iter().map(|cells| format!("<{row}>\n{}</{row}>\n", cells.map(|text| format!("<{cell}><b>{text}</b></{cell}>\n")).concat())).collect();
            let close = open.split(' ').next().unwrap();
            let page = format!("<body>前<{open}>{inner}</{close}>后");
            assert_eq!(blocks(&page), expected, "{page}");
        }
        // Lists of links, and words in pieces, are none.
        let menu = "<ul><li><a href=/a>甲</a><span>3</span></li><li><a href=/b>乙</a><span>4</span></li><li><a href=/c>丙</a><span>5</span></li></ul>";
        assert!(blocks(menu).iter().all(|block| matches!(block, Block::Item(..))));
        assert_eq!(blocks("<div><p><b>一</b>甲</p><p><b>2</b><i>3</i></p></div>"), [text("一甲"), text("23")]);
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(read(&"<div>".repeat(100_000)).is_err());
        // An element nobody knows is not counted; its text is read all the same, without a deep stack.
        assert_eq!(blocks(&format!("{}文", "<x-y>".repeat(20_000))), [text("文")]);
        assert!(read(&format!("{}文{}", "<div>".repeat(100), "</div>".repeat(100))).is_ok());
    }
}
