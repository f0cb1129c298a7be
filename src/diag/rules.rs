//! Every rule's code, severity and what no setting can turn off. Codes never change their meaning.

use super::Severity;

/// What a rule looks at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Scope {
    /// One file, or one report.
    Report,
    /// A body's report beside those of its other years.
    Body,
    /// Reports of several bodies.
    Portal,
    /// The site: its settings, theme and addresses.
    Site,
}

impl Scope {
    /// `report`, `body`, `portal`, `site`.
    pub fn word(self) -> &'static str {
        match self {
            Scope::Report => "report",
            Scope::Body => "body",
            Scope::Portal => "portal",
            Scope::Site => "site",
        }
    }
}

/// One rule.
#[derive(PartialEq, Eq, Debug)]
pub struct Rule {
    /// `family/what-is-wrong`.
    pub code: &'static str,
    /// Severity without configuration.
    pub severity: Severity,
    /// Whether it stops a build whatever the configuration says: unreadable files, addresses claimed twice, private data.
    pub always_stops: bool,
    /// What it looks at.
    pub scope: Scope,
    /// Source of law, where one clause stands behind every finding.
    pub law: Option<&'static str>,
    /// Whether `[[accept]]` may settle it.
    pub acceptable: bool,
    /// Whether `[[accept]]` may name the place (`at`) instead of the finding's id.
    pub at: bool,
    /// The next step where a finding has none of its own: Chinese, English.
    pub next: Option<(&'static str, &'static str)>,
    /// What it finds, in Chinese.
    pub title: &'static str,
    /// What it finds, in English.
    pub title_en: &'static str,
}

impl Rule {
    const fn new(code: &'static str, severity: Severity, title: &'static str, title_en: &'static str) -> Rule {
        Rule { code, severity, always_stops: false, scope: Scope::Report, law: None, acceptable: true, at: false, next: None, title, title_en }
    }

    const fn scope(mut self, scope: Scope) -> Rule {
        self.scope = scope;
        self
    }

    const fn law(mut self, law: &'static str) -> Rule {
        self.law = Some(law);
        self
    }

    const fn at(mut self) -> Rule {
        self.at = true;
        self
    }

    const fn next(mut self, zh: &'static str, en: &'static str) -> Rule {
        self.next = Some((zh, en));
        self
    }

    /// The part of the code before the slash.
    pub fn family(&self) -> &'static str {
        self.code.split_once('/').map_or(self.code, |(family, _)| family)
    }
}

const fn stop(code: &'static str, title: &'static str, title_en: &'static str) -> Rule {
    let mut rule = Rule::new(code, Severity::Error, title, title_en);
    rule.always_stops = true;
    rule.acceptable = false;
    rule
}

/// Stops whatever the configuration says, until the body has said under `[[accept]]` why it stays.
const fn stop_unless_accepted(code: &'static str, title: &'static str, title_en: &'static str) -> Rule {
    let mut rule = stop(code, title, title_en);
    rule.acceptable = true;
    rule
}

const fn error(code: &'static str, title: &'static str, title_en: &'static str) -> Rule {
    Rule::new(code, Severity::Error, title, title_en)
}

const fn warning(code: &'static str, title: &'static str, title_en: &'static str) -> Rule {
    Rule::new(code, Severity::Warning, title, title_en)
}

const fn note(code: &'static str, title: &'static str, title_en: &'static str) -> Rule {
    Rule::new(code, Severity::Note, title, title_en)
}

const FORM_2021: &str = "国办公开办函〔2021〕30号：没有的填0";
const ARTICLE_49: &str = "《中华人民共和国政府信息公开条例》第四十九条";
const ARTICLE_50: &str = "《中华人民共和国政府信息公开条例》第五十条；当年度报告格式";
const HONEST: &str = "政府网站检查指标（国办秘书局2019年）：弄虚作假、伪造发稿日期";
const ALIKE: &str = "国办公开办函〔2021〕30号：内容雷同；《中华人民共和国政府信息公开条例》第四十七条";
const PERSONAL: &str = "《中华人民共和国个人信息保护法》；《中华人民共和国政府信息公开条例》第十五条";

/// All rules, by family.
pub static RULES: &[Rule] = &[
    // Figures.
    warning("figure/carried-over", "与上一年度年报的数不衔接", "figures that do not follow from last year's report").scope(Scope::Body).at(),
    warning("figure/cell-empty", "法定表里有空格或斜线", "empty or struck cells in a statutory table").law(FORM_2021).at(),
    warning("figure/change-mismatch", "写的同比变化与两年的数不符", "a stated change that the two years do not bear out").scope(Scope::Body).at(),
    note("figure/channels-exceed-total", "各渠道之和多于总数（可以如此，须说明）", "channels that add up to more than the total, which may be"),
    warning("figure/children-exceed-parent", "下级之和多于本级写的全域数", "children that add up to more than their parent states").scope(Scope::Portal).at(),
    warning("figure/jump", "与历年相比变化异常", "a figure far from all years before").scope(Scope::Body).at(),
    warning("figure/part-exceeds-whole", "部分多于整体", "a part that is more than its whole").at(),
    warning("figure/percentage-mismatch", "百分比与两数相除不符", "a percentage that its numbers do not give").at(),
    note("figure/percentage-truncated", "百分比是截去小数而不是四舍五入", "a percentage that was cut instead of rounded").at(),
    warning("figure/prose-sum-mismatch", "正文里各项之和与总数不符", "parts in the text that do not add up").at(),
    warning("figure/prose-table-mismatch", "正文写的数与表中的数不符", "text and table that state different numbers").at(),
    warning("figure/regulation-by-township", "没有规章制定权的机关填了规章数", "regulations stated by a body that makes none")
        .law("《中华人民共和国立法法》关于规章制定权限的规定")
        .at(),
    warning("figure/sum-mismatch", "合计与各项之和不符", "a total that is not the sum of its parts").at(),
    warning("figure/unit-doubtful", "金额的单位可疑（相差一万倍）", "an amount whose unit is in doubt").scope(Scope::Body).at(),
    warning("figure/unit-missing", "金额没有写单位", "an amount without its unit").at(),
    // Years and days.
    warning("date/fact-after-publication", "正文写到发布之后才发生的事", "facts later than the day of publication").law(HONEST).at(),
    warning("date/impossible", "不存在的日期", "a day that does not exist").at(),
    warning("date/incomplete", "日期缺年、月或日的数字", "a day with a number left out").at(),
    warning("date/late", "逾期发布", "published after the deadline").law(ARTICLE_49),
    warning("date/not-stated", "没有写明发布日期", "the day of publication is not stated"),
    warning("date/published-early", "统计期未满就发布", "published before the period had ended").law(HONEST),
    warning("date/report-missing", "截止日已过，未见年报", "no report after the deadline").scope(Scope::Body).law(ARTICLE_49).at(),
    warning("date/signed-after-publication", "署名日期晚于发布日期", "signed after it was published"),
    warning("date/signed-early", "统计期未满就署名", "signed before the period had ended"),
    warning("date/stale", "沿用了上年的日期", "a day carried over from last year's text").scope(Scope::Body).at(),
    warning("year/body-differs", "标题、署名写的不是本机关", "title or signature of another body"),
    warning("year/future", "写了未来的年度", "a year that has not come").at(),
    warning("year/lead-differs", "正文开头写的是别的年度", "a lead about another year").at(),
    warning("year/masked", "年份没有填", "a year left unfilled").at(),
    warning("year/period-differs", "统计期与报告年度不符", "a period that is not the report's year").law(ARTICLE_50).at(),
    warning("year/signature-differs", "署名的年份不对", "signed in another year"),
    // Form.
    warning("form/count-differs", "同一样事物前后数目不同", "one thing counted differently in one report").at(),
    warning("form/edition-differs", "用了别的年度的版式", "the form of other years").law(ARTICLE_50),
    warning("form/heading-number", "标题编号重复、跳号或缺失", "headings numbered twice, skipped or without a numeral").at(),
    warning("form/instruction-left", "格式里的填写说明没有删", "instructions of the form left in").at(),
    warning("form/parts-announced", "写明的部分数与实际不符", "another number of parts than announced").at(),
    warning("form/section-empty", "法定部分没有内容", "a statutory section without content").law(ARTICLE_50).at(),
    warning("form/section-missing", "缺法定部分", "a statutory section that is missing").law(ARTICLE_50).at(),
    warning("form/section-order", "法定部分次序不对", "statutory sections out of order").law(ARTICLE_50).at(),
    warning("form/signature-missing", "没有署名", "no signing body"),
    warning("form/statement-missing", "缺应当写明的内容", "a required statement that is missing").law(ARTICLE_50).at(),
    warning("form/table-missing", "缺法定表", "a statutory table that is missing").law(ARTICLE_50).at(),
    // Text.
    warning("text/advertising", "混入广告", "advertising").at(),
    warning("text/bracket-unbalanced", "括号、引号、书名号不成对", "brackets or quotes that do not close").at(),
    warning("text/character-doubled", "叠字", "characters or words typed twice").at(),
    warning("text/character-lost", "年、月、日或数字丢失", "lost characters or numbers").at(),
    error("text/direction-control", "有改变文字方向的控制字符", "characters that turn the direction of text"),
    warning("text/document-number", "文号括号不是〔〕或文号残缺", "a malformed document number")
        .law("《党政机关公文格式》GB/T 9704—2012 关于发文字号的规定")
        .at(),
    warning("text/invisible", "有看不见的字符", "invisible characters"),
    error("text/keywords-injected", "混入博彩、色情等关键词", "injected keywords"),
    warning("text/misspelt", "错字", "a misspelling").at(),
    warning("text/other-body", "出现别的机关的名称", "the name of another body").at(),
    warning("text/other-level", "用了别的层级的说法", "words of another administrative level").at(),
    warning("text/page-residue", "网页残留", "remains of a web page").at(),
    warning("text/programme-out-of-time", "提到的活动、规划不在当年", "a programme of other years").at(),
    // Reuse.
    error("reuse/copied", "只改了年份的年报", "last year's report with another year").scope(Scope::Body).law(ALIKE),
    warning("reuse/figures-identical", "数字与上一年度完全相同", "all figures as last year").scope(Scope::Body),
    warning("reuse/last-year", "文字与本机关往年年报雷同", "text taken from the body's own earlier report").scope(Scope::Body).law(ALIKE),
    warning("reuse/other-body", "文字与别的机关年报雷同", "text taken from another body's report").scope(Scope::Portal).law(ALIKE),
    note("reuse/some-shared", "有一部分文字与别的机关年报相同", "some text shared with another body's report").scope(Scope::Portal),
    // Private data and secrets.
    stop_unless_accepted("privacy/address", "姓名旁有详细住址", "a home address beside a name").law(PERSONAL).at(),
    stop("privacy/bank-card", "银行卡号或账号", "a bank card or account number").law(PERSONAL),
    stop_unless_accepted("privacy/health", "姓名旁有疾病、残疾情况", "health or disability beside a name").law(PERSONAL).at(),
    stop("privacy/id-number", "居民身份证号码", "a full identity number").law(PERSONAL),
    warning("privacy/id-number-weakly-masked", "身份证号码遮得太少", "an identity number of which too little is hidden").law(PERSONAL),
    stop_unless_accepted("privacy/minors", "未成年人名单", "a list of minors").law("《中华人民共和国个人信息保护法》第二十八条、第三十一条"),
    stop("privacy/mobile", "手机号码", "a mobile number that is no office line").law(PERSONAL),
    warning("privacy/not-looked-into", "附件无法检查", "an attachment that cannot be looked into").at(),
    warning("privacy/personal-contact", "以个人邮箱作联系方式", "a personal mailbox as an official contact").at(),
    stop("privacy/secrecy-mark", "密级标志或内部资料字样", "a mark of secrecy")
        .law("《中华人民共和国保守国家秘密法》；《中华人民共和国政府信息公开条例》第十四条、第十七条"),
    // Review.
    warning("review/accept-expired", "[[accept]] 已过期", "an accept that has expired"),
    error("review/accept-refused", "[[accept]] 不能成立", "an accept that cannot stand"),
    warning("review/accept-unused", "[[accept]] 没有对应的问题", "an accept that matches nothing"),
    note("review/approval-missing", "未经审核，暂不发布", "held back: nobody has approved it"),
    note("review/date-future", "发布日期未到，暂不发布", "held back: its day has not come"),
    note("review/draft", "草稿，暂不发布", "held back: a draft"),
    warning("review/text-changed", "审核之后文字又改过", "changed after it was approved"),
    // Forms and figures that cannot be read.
    note("form/cells-empty", "草稿的法定表还有空格", "a draft with empty cells in its tables")
        .next("没有就写 0，原表空白的留空。", "write 0 for none; leave a cell empty only where the original is blank."),
    error("form/edition-unknown", "版式不认识", "unknown edition of the form").next(
        "form 写 \"2008\"、\"2014\"、\"2019\"、\"2021\" 之一，或删去这一项，按年度自动选。",
        "write one of the editions, or leave `form` out: the year decides.",
    ),
    stop("form/file-broken", "版式或指标文件有误", "a form or indicator file that does not work")
        .next("按提示改正这个文件；删去它就回到内置的版式。", "mend this file; without it the built-in forms are used."),
    warning("form/row-unknown", "法定表中有认不出的行", "a row of a statutory table is not recognised")
        .next("行名按格式的写法改，gongkai new 写出的草稿里有全部行名。", "use the label of the form; a draft made by `gongkai new` has all of them."),
    error("form/row-length", "表格这一行的格数与表头不符", "a table row has more or fewer cells than its head")
        .next("补上或删去竖线，使这一行与表头的格数相同。", "add or remove bars until the row has as many cells as its head."),
    error("form/table-twice", "同一张法定表出现两次", "a statutory table stands twice in a report").next("请只留一张表。", "keep one of the tables."),
    error("form/unit-mismatch", "单位不能换算", "a unit that cannot be converted").next(
        "换成同一类的单位：件、条、次可以互换，元、万元、亿元可以互换。",
        "use a unit of the same kind: counting words convert to each other, and so do 元, 万元 and 亿元.",
    ),
    error("form/value-unreadable", "这一格读不出数字", "a cell that holds no readable number").next(
        "写一个数；没有发生写 0，不适用写 /，不予公开写 ***，不知道的留空。",
        "write a number: 0 for none, / for not applicable, *** for withheld, empty for not known.",
    ),
    error("form/value-conflict", "表格与 [figures] 的数不一致", "table and [figures] state different numbers")
        .next("请核对原件，改正一处，或删去 [figures] 里的这一行。", "compare with the original, then correct one of them or remove the line in [figures]."),
    // Links, files, addresses.
    error("link/anchor-missing", "链接指向的位置不存在", "a link to an anchor that does not exist").next(
        "改成那一页上有的位置：法定部分如 #overview，其他标题是 #s- 加编号，表的行是指标编号。",
        "name a place that the page has: #overview and its like, #s- and the number of a heading, the id of an indicator.",
    ),
    error("link/host-lookalike", "网址冒充 .gov.cn", "an address that looks like .gov.cn and is not").at(),
    error("link/target-missing", "链接指向的页面或文件不存在", "a link to a page or file that does not exist").next(
        "检查路径：从本页算起，../2023/ 是本机关 2023 年的年报；附件与年报放在同一目录。",
        "check the path: from this page ../2023/ is the report for 2023; attachments stand beside the report.",
    ),
    error("link/scheme-refused", "链接的协议不允许", "a link with a scheme that is not allowed")
        .next("只用 https、http、mailto、tel 或本站的相对地址。", "use https, http, mailto, tel or a relative address of this site."),
    stop("parse/byte-not-utf8", "文件不是 UTF-8 编码", "the file is not UTF-8")
        .next("用记事本或 WPS 打开，另存为 UTF-8。", "open it in an editor and save it as UTF-8."),
    note("parse/byte-order-mark", "文件开头有字节序标记", "the file begins with a byte order mark")
        .next("可以不管；gongkai check --fix 能去掉。", "may stay; `gongkai check --fix` removes it."),
    warning("parse/control-character", "文件中有控制字符", "control characters in the text")
        .next("删去这个字符，多半是粘贴带来的。", "remove it; most likely it was pasted."),
    note("parse/carriage-return", "行尾是回车换行", "lines end in carriage return and line feed")
        .next("可以不管；gongkai check --fix 能统一。", "may stay; `gongkai check --fix` mends it."),
    stop("parse/empty-file", "文件是空的", "the file is empty").next("写上内容，或删去这个文件。", "write its content, or remove the file."),
    stop("parse/file-refused", "不是普通文件，不读取", "not a regular file, not read")
        .next("换成普通文件：把链接指向的内容复制过来。", "put a regular file here: copy what the link points to."),
    stop("parse/file-too-large", "文件超过大小上限", "the file is over the size limit")
        .next("一份年报不会这样大：检查是不是把附件写进了正文，附件放在旁边。", "no report is that large: put attachments beside it instead of into it."),
    stop("parse/front-matter-missing", "文件开头没有 +++ 信息栏", "no front matter at the top of the file")
        .next("在文件最前面写 +++、title = \"标题\"、+++ 三行。", "begin the file with +++, title = \"…\", +++."),
    stop("parse/front-matter-unclosed", "+++ 信息栏没有结尾", "front matter without its closing +++")
        .next("在信息栏后面另起一行写 +++。", "write +++ on a line of its own after the front matter."),
    stop("parse/front-matter-syntax", "信息栏写法有误", "front matter that is not TOML")
        .next("每行写成 名称 = 值：文字加英文双引号，日期和数字不加。", "write key = value on each line: text in double quotes, dates and numbers without."),
    note("parse/html-shown-as-text", "HTML 代码按文字显示", "HTML code is shown as text")
        .next("用 Markdown 的写法：加粗写 **文字**，表格用竖线。", "write Markdown instead: **bold**, tables with bars."),
    stop("parse/key-unknown", "信息栏里有不认识的项", "an unknown key in front matter")
        .next("改成认识的项，或删去；全部项目见 docs/format.md。", "use a known key or remove it; docs/format.md names all."),
    stop("parse/key-missing", "信息栏缺少必填项", "a required key is missing").next("补上这一项。", "add it."),
    stop("parse/nested-too-deep", "引用或列表嵌套过深", "quotes or lists are nested too deep")
        .next("请删去多余的 > 或缩进。", "remove the surplus > or indentation."),
    stop("parse/value-type", "信息栏里的值类型不对", "a value of the wrong type in front matter")
        .next("照提示的样子改写：日期 2025-01-31 不加引号，文字加英文双引号。", "write it as shown: dates without quotes, text in double quotes."),
    stop("parse/value-invalid", "信息栏里的值不成立", "a value in front matter that cannot be")
        .next("照上面说的改写，样例见 docs/format.md 和 docs/config.md。", "write it as said above; docs/format.md and docs/config.md show examples."),
    stop("site/address-reserved", "名称为保留字", "a name that the portal needs for itself").next("换一个目录名或文件名。", "choose another name."),
    stop("site/address-taken", "两个文件要占同一个地址", "two files claim one address").next("把其中一个改名或删去。", "rename or remove one of them."),
    stop("site/body-missing", "目录里没有 _index.md", "a directory without _index.md")
        .next("在目录里写一个 _index.md，至少有 title。", "write an _index.md with a title into the folder."),
    stop("site/name-invalid", "文件或目录名不能作网址", "a name that cannot be an address")
        .next("只用小写字母、数字和连字符；附件不能是网页或脚本。", "use lower-case letters, digits and hyphens; attachments cannot be pages or scripts."),
    warning("site/contact-missing", "没有联系方式", "nowhere to ask").scope(Scope::Site).law("《中华人民共和国政府信息公开条例》第十二条"),
    warning("site/image-text-missing", "图片没有替代文字", "an image without text").at(),
    warning("site/security-expired", "security.txt 已过期", "a security.txt that has expired").scope(Scope::Site).next(
        "在 config.toml 的 [security] 改 expires，或发布新的年报；自备的文件请改 Expires。",
        "set `expires` under [security] in config.toml, or publish newer reports; in a file of your own, mend Expires.",
    ),
    note("site/security-missing", "没有写明漏洞向谁报告", "nobody to report holes to").scope(Scope::Site).next(
        "在 config.toml 的 [security] 写 contact（https、mailto 或 tel），或在 [furniture] 写 report_errors_url。",
        "set `contact` under [security] in config.toml (https, mailto or tel), or report_errors_url under [furniture].",
    ),
    error("site/template-broken", "模板有误", "a template that does not work")
        .next("按提示改正模板；删去它就回到内置的模板。", "mend the template; without it the built-in one is used."),
    error("site/year-mismatch", "标题年度与文件名不符", "title and file name name different years")
        .next("请改正标题或文件名。", "correct the title or the file's name."),
];

/// The rule of a code.
///
/// # Panics
/// If the code does not stand in [`RULES`]: a code is a constant of the program.
pub(super) fn named(code: &str) -> &'static Rule {
    RULES.iter().find(|rule| rule.code == code).unwrap_or_else(|| panic!("`{code}` is not a rule"))
}

/// A rule put aside and read again by its code.
pub(super) mod by_code {
    use super::{RULES, Rule};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(in crate::diag) fn serialize<S: Serializer>(rule: &&'static Rule, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(rule.code)
    }

    pub(in crate::diag) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<&'static Rule, D::Error> {
        let code = String::deserialize(from)?;
        RULES.iter().find(|rule| rule.code == code).ok_or_else(|| D::Error::custom(format!("`{code}` is not a rule")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_what_readers_find_has_a_next_step() {
        let mut codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
        codes.sort_unstable();
        let count = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), count);
        for rule in RULES.iter().filter(|rule| matches!(rule.family(), "parse" | "link")) {
            assert!(rule.next.is_some() || rule.code == "link/host-lookalike", "{}", rule.code);
        }
    }
}
