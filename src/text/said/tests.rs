use super::*;

fn read(year: i64, section: &str, text: &str) -> Vec<String> {
    let registry = Registry::built_in();
    let (phrases, broken) = Phrases::new(&registry);
    assert_eq!(broken, []);
    let year = Year::new(year);
    let scope = Scope { section, year, form: year.map(|year| registry.form_for(year)), township: true };
    let shown = |said: Statement| {
        let part = if said.breakdown == Breakdown::TOTAL { String::new() } else { format!(".{}", registry.breakdown_name(said.breakdown).0) };
        let mut line = format!("{}{part}={}", registry.indicator(said.indicator).key, said.amount);
        line.push_str(said.about.map_or("", About::word));
        line.push_str(if said.time == TimeSpan::Cumulative { "累计" } else { "" });
        line.push_str(&said.dated.map_or(String::new(), |year| format!("@{year}")));
        if let Some(elsewhere) = said.elsewhere {
            line.push_str(&format!(" {elsewhere:?}"));
        }
        line
    };
    phrases.read(&registry, scope, text).into_iter().map(shown).collect()
}

#[test]
fn totals_channels_and_classes() {
    assert_eq!(
        read(
            2023,
            "一、总体情况",
            "2023年，我镇主动公开政府信息312条，比上年增加25条，同比增长8.7%，其中通过政府网站公开120条，微信公众号“云溪发布”推送150余条，公开栏42条。"
        ),
        [
            "proactive_disclosed_total=312",
            "proactive_yoy_increase=25",
            "proactive_yoy_growth_rate=8.7",
            "via_website=120",
            "via_wechat=150余",
            "via_bulletin_board=42"
        ]
    );
    assert_eq!(
        read(2012, "二、主动公开", "全年公开信息1,204条。其中，政策法规类信息338条,占7%;规划计划类信息138条、其它类信息12条。"),
        ["proactive_disclosed_total=1204", "info_policy_regulation=338", "info_plan=138", "info_other=12"]
    );
}

#[test]
fn applications_by_way_and_answer() {
    assert_eq!(
        read(
            2015,
            "三、依申请公开",
            "2015年共收到信息公开申请6件，其中当面申请2件，网络申请3件、信函申请1件。已办结6件，同意公开4件，部分公开1件，不予公开1件。"
        ),
        [
            "applications_new=6",
            "applications_in_person=2",
            "applications_online=3",
            "applications_letter=1",
            "completed=6",
            "reply_granted=4",
            "reply_granted_partial=1",
            "reply_refused=1"
        ]
    );
    assert_eq!(
        read(2023, "三", "收到申请三件，上年结转1件，予以公开2件，结转下年度办理0件。"),
        ["applications_new=3", "applications_carried_in=1", "granted_full=2", "carried_out=0"]
    );
}

#[test]
fn zeros_in_words() {
    assert_eq!(read(2013, "", "本年度无依申请公开情况。"), ["applications_new=0"]);
    assert_eq!(read(2013, "", "本年度没有因政府信息公开申请行政复议、提起行政诉讼的情况。"), ["reconsideration=0", "litigation_total=0"]);
    assert_eq!(read(2013, "", "未收取任何费用。"), ["fees=0"]);
    assert_eq!(read(2013, "", "全年没有收到公民、法人和其他组织提出的政府信息公开申请。"), ["applications_new=0"]);
}

#[test]
fn what_is_not_this_years() {
    assert_eq!(
        read(2013, "", "2012年主动公开政府信息90条。计划主动公开信息100条，每月主动公开信息5条。"),
        ["proactive_disclosed_total=90@2012", "proactive_disclosed_total=100 Plan", "proactive_disclosed_total=5 Each"]
    );
    assert_eq!(read(2013, "", "截至2013年底累计主动公开政府信息904条。"), ["proactive_disclosed_total=904累计"]);
    assert_eq!(read(2013, "", "根据《条例》第二十条，云政发〔2013〕6号，共12条规定。"), Vec::<String>::new());
}

#[test]
fn staff_training_places() {
    assert_eq!(
        read(2015, "", "全镇总面积77.39平方公里，人口9.4万人，下辖12个社区，16个村。"),
        ["area_km2=77.39", "population=94000", "communities=12", "villages=16"]
    );
    assert_eq!(
        read(2015, "", "配备专职人员1名、兼职人员3名，设查阅点2处，举办培训班2期，培训人员120人次，发放宣传资料5000余份。"),
        ["staff_full_time=1", "staff_part_time=3", "reading_points=2", "trainings=2", "trained_people=120", "leaflets_distributed=5000余"]
    );
    assert_eq!(
        read(2023, "", "全年制发行政规范性文件2件，废止行政规范性文件1件，作出行政处罚决定14件，办理行政许可32件。"),
        ["normative_documents_issued=2", "normative_documents_abolished=1", "admin_penalties=14", "admin_permits=32"]
    );
}

#[test]
fn parts_by_applicant_and_result() {
    assert_eq!(
        read(2020, "", "收到申请10件（自然人9件、商业企业1件），同比增加3件。行政复议2件，结果维持1件、尚未审结1件。"),
        [
            "applications_new=10",
            "applications_new.natural_person=9",
            "applications_new.commercial=1",
            "applications_yoy_increase=3",
            "reconsideration=2",
            "reconsideration.upheld=1",
            "reconsideration.pending=1"
        ]
    );
    assert_eq!(
        read(2015, "", "被申请行政复议2件，维持1件、纠错1件；行政诉讼1件，驳回原告诉讼请求1件。"),
        ["reconsideration=2", "reconsideration_upheld=1", "reconsideration_corrected=1", "litigation_total=1", "litigation_upheld=1"]
    );
    // Those of a result are not all, and an answer of the sheet of 2014 is none of a form that counts others.
    assert_eq!(read(2024, "", "行政复议7件，被纠正的复议1件、诉讼1件。").first().map(String::as_str), Some("reconsideration=7"));
    assert_eq!(read(2020, "三、收到申请", "信息不存在2件。"), Vec::<String>::new());
}

#[test]
fn since_counting_began() {
    assert_eq!(read(2015, "", "本街道2015年共主动公开政府信息11条，历年累计234条。"), ["proactive_disclosed_total=11", "proactive_disclosed_total=234累计"]);
    assert_eq!(read(2013, "", "2013年主动公开信息20条，历年累计公开6.2万条。"), ["proactive_disclosed_total=20", "proactive_disclosed_total=62000累计"]);
}

#[test]
fn channels_and_what_was_put_on_them() {
    assert_eq!(read(2023, "二、主动公开", "通过门户网站、微信公众号发布信息30条。"), ["proactive_disclosed_total=30"]);
    assert_eq!(read(2023, "二、主动公开", "通过门户网站发布政策解读12件。"), ["policy_interpretations=12"]);
    assert_eq!(read(2012, "一、主动公开", "其中贴在公开栏的51条，发在县政府网站的32条。"), ["via_bulletin_board=51", "via_website=32"]);
}

#[test]
fn labels_that_could_be_two_are_none() {
    assert_eq!(read(2015, "二、主动公开", "公开信息，其中安全生产、应急管理类5条，规划计划类4条。"), ["info_plan=4"]);
    assert_eq!(read(2023, "二、主动公开", "公开镇街动态455条，部门动态798条，通知公告12条。"), ["info_notice=12"]);
}

#[test]
fn zeros_of_several_things() {
    assert_eq!(read(2023, "二", "行政许可、行政处罚、行政强制均为0件。"), ["admin_permits=0", "admin_penalties=0", "admin_coercion=0"]);
    assert_eq!(read(2010, "", "未发生针对本单位有关政府信息公开事务的行政复议案、行政诉讼案。"), ["reconsideration=0", "litigation_total=0"]);
    assert_eq!(read(2016, "", "2016年未发生申请行政复议和提起行政诉讼情况。"), ["reconsideration=0", "litigation_total=0"]);
}

#[test]
fn what_is_hoped_for_and_paid_piece_by_piece() {
    assert_eq!(read(2011, "", "下一步争取全年举办培训2次。2012年计划办培训3次。"), ["trainings=2 Plan", "trainings=3@2012 Plan"]);
    assert_eq!(read(2012, "四、收费", "收取复印费15元、邮寄费6元，合计21元。"), ["fees=21"]);
}

#[test]
fn halls_are_not_disclosure() {
    assert_eq!(
        read(2012, "", "2012-中心共受理各类办件30604件,同比增加11279件,共收取各类费用3.79亿元,同比增加2.67亿元,按时办结率为100%各乡镇。"),
        [
            "service_center_cases=30604",
            "service_center_cases_yoy_increase=11279",
            "service_center_fees=379000000",
            "service_center_fees_yoy_increase=267000000",
            "service_center_on_time_rate=100"
        ]
    );
}
