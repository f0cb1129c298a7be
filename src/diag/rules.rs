//! Every rule's code, severity and what no setting can turn off. Codes never change their meaning.

use super::Severity;

/// One rule.
#[derive(PartialEq, Eq, Debug)]
pub struct Rule {
    /// `family/what-is-wrong`.
    pub code: &'static str,
    /// Severity without configuration.
    pub severity: Severity,
    /// Whether it stops a build whatever the configuration says: unreadable files, addresses claimed twice.
    pub always_stops: bool,
    /// What it finds, in Chinese.
    pub title: &'static str,
    /// What it finds, in English.
    pub title_en: &'static str,
}

const fn stop(code: &'static str, title: &'static str, title_en: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, always_stops: true, title, title_en }
}

const fn error(code: &'static str, title: &'static str, title_en: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, always_stops: false, title, title_en }
}

const fn warning(code: &'static str, title: &'static str, title_en: &'static str) -> Rule {
    Rule { code, severity: Severity::Warning, always_stops: false, title, title_en }
}

const fn note(code: &'static str, title: &'static str, title_en: &'static str) -> Rule {
    Rule { code, severity: Severity::Note, always_stops: false, title, title_en }
}

/// All rules, by code.
pub static RULES: &[Rule] = &[
    warning("figure/carried-over", "与上一年度年报的数不衔接", "figures that do not follow from last year's report"),
    warning("figure/part-exceeds-whole", "部分多于整体", "a part that is more than its whole"),
    warning("figure/regulation-by-township", "没有规章制定权的机关填了规章数", "regulations stated by a body that makes none"),
    warning("figure/sum-mismatch", "合计与各项之和不符", "a total that is not the sum of its parts"),
    note("form/cells-empty", "草稿的法定表还有空格", "a draft with empty cells in its tables"),
    error("form/edition-unknown", "版式不认识", "unknown edition of the form"),
    stop("form/file-broken", "版式或指标文件有误", "a form or indicator file that does not work"),
    warning("form/row-unknown", "法定表中有认不出的行", "a row of a statutory table is not recognised"),
    error("form/row-length", "表格这一行的格数与表头不符", "a table row has more or fewer cells than its head"),
    error("form/table-twice", "同一张法定表出现两次", "a statutory table stands twice in a report"),
    error("form/unit-mismatch", "单位不能换算", "a unit that cannot be converted"),
    error("form/value-unreadable", "这一格读不出数字", "a cell that holds no readable number"),
    error("form/value-conflict", "表格与 [figures] 的数不一致", "table and [figures] state different numbers"),
    error("link/anchor-missing", "链接指向的位置不存在", "a link to an anchor that does not exist"),
    error("link/target-missing", "链接指向的页面或文件不存在", "a link to a page or file that does not exist"),
    error("link/scheme-refused", "链接的协议不允许", "a link with a scheme that is not allowed"),
    stop("parse/byte-not-utf8", "文件不是 UTF-8 编码", "the file is not UTF-8"),
    note("parse/byte-order-mark", "文件开头有字节序标记", "the file begins with a byte order mark"),
    warning("parse/control-character", "文件中有控制字符", "control characters in the text"),
    note("parse/carriage-return", "行尾是回车换行", "lines end in carriage return and line feed"),
    stop("parse/empty-file", "文件是空的", "the file is empty"),
    stop("parse/file-refused", "不是普通文件，不读取", "not a regular file, not read"),
    stop("parse/file-too-large", "文件超过大小上限", "the file is over the size limit"),
    stop("parse/front-matter-missing", "文件开头没有 +++ 信息栏", "no front matter at the top of the file"),
    stop("parse/front-matter-unclosed", "+++ 信息栏没有结尾", "front matter without its closing +++"),
    stop("parse/front-matter-syntax", "信息栏写法有误", "front matter that is not TOML"),
    note("parse/html-shown-as-text", "HTML 代码按文字显示", "HTML code is shown as text"),
    stop("parse/key-unknown", "信息栏里有不认识的项", "an unknown key in front matter"),
    stop("parse/key-missing", "信息栏缺少必填项", "a required key is missing"),
    stop("parse/nested-too-deep", "引用或列表嵌套过深", "quotes or lists are nested too deep"),
    stop("parse/value-type", "信息栏里的值类型不对", "a value of the wrong type in front matter"),
    stop("parse/value-invalid", "信息栏里的值不成立", "a value in front matter that cannot be"),
    stop("site/address-reserved", "名称为保留字", "a name that the portal needs for itself"),
    stop("site/address-taken", "两个文件要占同一个地址", "two files claim one address"),
    stop("site/body-missing", "目录里没有 _index.md", "a directory without _index.md"),
    stop("site/name-invalid", "文件或目录名不能作网址", "a name that cannot be an address"),
    error("site/template-broken", "模板有误", "a template that does not work"),
    error("site/year-mismatch", "标题年度与文件名不符", "title and file name name different years"),
];

/// The rule of a code.
///
/// # Panics
/// If the code does not stand in [`RULES`]: a code is a constant of the program.
pub(super) fn named(code: &str) -> &'static Rule {
    RULES.iter().find(|rule| rule.code == code).unwrap_or_else(|| panic!("`{code}` is not a rule"))
}
