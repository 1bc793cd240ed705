//! The page of `cargo guards report --html`, as a browser has it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::browser::{Scheme, probe, screenshot};
use crate::report::is_as_the_schema_says;
use crate::support::{Workspace, ran};

const PHONE: u32 = 390;
const DESKTOP: u32 = 1280;

/// A report with every kind of verdict and cell, names that are markup, and two runs, one of them partial.
fn sample() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/report.json");
    is_as_the_schema_says(&serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap());
    path
}

/// The page on a report in a file. No workspace is needed for that.
fn page(report: &Path) -> String {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("page.html");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-guards"));
    command.args(["report", "--from"]).arg(report).arg("--html").arg(&file).current_dir(temp.path());
    let ran = ran(command);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    fs::read_to_string(file).unwrap()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn violations_come_first_and_every_cell_says_what_it_is() {
    let seen = probe(&page(&sample()), DESKTOP, Scheme::Light);
    assert_eq!(seen["title"], "4 violations · resource guards");
    let headings = strings(&seen["headings"]);
    assert_eq!(
        headings[..7],
        [
            "h1 4 violations",
            "h2 Violations",
            "h3 test agents::opens_a_session used tmux without declaring it",
            "h3 test images::keeps_its_tags declares git and never used it",
            "h3 fixture database used http at api.example.org without declaring it",
            "h3 the process of test sessions::ends_with_its_process ended with success before the test did",
            "h2 Tests and resources",
        ]
    );
    let groups = strings(&seen["groups"]);
    let groups: Vec<&str> = groups.iter().map(|group| group.split(' ').next().unwrap()).collect();
    assert_eq!(groups, ["Violated", "Failed", "Left", "Unknown", "Passed"]);
    // docker, git, http, postgres, tar, tmux
    for (test, cells) in [
        ("agents::opens_a_session", ["used", "", "", "", "", "undeclared"]),
        ("images::keeps_its_tags", ["", "unused", "", "", "", ""]),
        ("sessions::ends_with_its_process", ["", "", "undeclared", "used", "", ""]),
        ("images::are_stored", ["missing", "declared", "", "", "", ""]),
        ("agents::fails_by_itself", ["used", "", "", "", "", "declared"]),
        ("images::pulls_layers", ["used 15×", "", "", "", "", ""]),
        ("publish::asks_the_api", ["", "", "used", "", "", "may"]),
        ("archive::knows_its_tool", ["", "", "", "", "asked", ""]),
        ("cache::is_warm", ["", "used", "", "", "", ""]),
        ("cache::is_covered", ["", "declared", "", "", "", ""]),
        ("plain::computes", ["", "", "", "", "", ""]),
    ] {
        assert_eq!(seen["cells"][test], json!(cells), "{test}");
    }
}

#[test]
fn it_fits_a_phone_and_a_desktop_light_and_dark_and_is_readable_in_each() {
    let page = page(&sample());
    for scheme in [Scheme::Light, Scheme::Dark] {
        for width in [320, PHONE, 800, DESKTOP] {
            let seen = probe(&page, width, scheme);
            assert_eq!((&seen["width"], &seen["dark"]), (&json!(width), &json!(scheme == Scheme::Dark)));
            assert_eq!((&seen["scrolls"], &seen["outside"]), (&json!(false), &json!([])), "{width} {scheme:?}");
            assert_eq!(seen["rows_reach_outside"], false, "{width}");
            // On a phone rows are folded instead of scrolled, and each cell names its resource.
            assert!(width > PHONE || (seen["table_scrolls"] == false && seen["labelled"] == true), "{width}");
            // WCAG 2.2, 1.4.3.
            assert!(seen["least_contrast"].as_f64().unwrap() >= 4.5, "{scheme:?}: {}", seen["least_readable"]);
        }
    }
}

#[test]
fn it_is_operable_by_keyboard_and_has_what_a_screen_reader_needs() {
    for width in [PHONE, DESKTOP] {
        let seen = probe(&page(&sample()), width, Scheme::Light);
        assert_eq!((&seen["language"], &seen["first"]), (&json!("en"), &json!("Skip to the tests")));
        assert_eq!(seen["skip_is_on_screen"], true, "once it is reached");
        assert_eq!(seen["unmarked"], json!([]), "what has the focus shows it");
        assert!(seen["reachable"].as_u64().unwrap() > 20);
        for wrong in ["unscoped", "unlabelled", "duplicates"] {
            assert_eq!(seen[wrong], 0, "{wrong}");
        }
        let levels: Vec<u32> =
            strings(&seen["headings"]).iter().map(|heading| heading[1..2].parse().unwrap()).collect();
        assert!(levels[0] == 1 && levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    }
}

#[test]
fn it_is_filtered_by_verdict_and_resource_without_a_script_and_by_name_with_it() {
    for width in [PHONE, DESKTOP] {
        let seen = probe(&page(&sample()), width, Scheme::Light);
        assert_eq!(seen["all"], 15);
        let by_verdict =
            json!({ "v-all": 15, "v-violated": 3, "v-failed": 1, "v-skipped": 1, "v-unknown": 1, "v-passed": 9 });
        assert_eq!(seen["by_verdict"], by_verdict);
        let by_resource =
            json!({ "Any": 15, "docker 4": 4, "git 5": 5, "http 2": 2, "postgres 1": 1, "tar 2": 2, "tmux 3": 3 });
        assert_eq!(seen["by_resource"], by_resource);
        assert_eq!(seen["empty"], true, "it says so where nothing matches both, and only there");
        let search = json!({ "SESSION agentd": [2, "2 of 15"], "agentd::cli": [3, "3 of 15"], "nothing-like-it": [0, "0 of 15"] });
        assert_eq!((&seen["search"], &seen["search_is_offered"]), (&search, &json!(true)));
    }
}

#[test]
fn without_its_script_nothing_is_missing_but_the_search() {
    let page = page(&sample());
    let (before, rest) = page.split_once("<script>").unwrap();
    let (_, after) = rest.split_once("</script>").unwrap();
    let seen = probe(&format!("{before}{after}"), DESKTOP, Scheme::Light);
    assert_eq!((&seen["search_is_offered"], &seen["all"]), (&json!(false), &json!(15)));
    assert_eq!((&seen["by_verdict"]["v-passed"], &seen["by_resource"]["git 5"]), (&json!(9), &json!(5)));
}

#[test]
fn it_loads_nothing_and_what_tests_are_called_stays_text() {
    let page = page(&sample());
    let seen = probe(&page, DESKTOP, Scheme::Light);
    assert_eq!((&seen["fetched"], &seen["elements"]), (&json!([]), &json!(["link", "script", "script"])));
    assert_eq!(page.matches("<script>").count(), 1, "the other is the probe's");
    assert!(page.contains("<link rel=\"icon\" href=\"data:,\">"));
    for reference in ["src=", "url(", "@import", "http:", "https:"] {
        let hostile = usize::from(reference == "src=");
        assert_eq!(page.matches(reference).count(), hostile, "{reference}");
    }
    let name = "case::<script>document.title='x'</script>\"'&amp;</style></table>";
    assert!(strings(&seen["names"]).contains(&name));
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}') && page.contains("\\u{1b}"));
}

#[test]
fn pictures_of_it_can_be_made_and_differ_by_scheme() {
    let page = page(&sample());
    let size = (DESKTOP, 1600);
    let light = screenshot(&page, "light", size, Scheme::Light);
    let dark = screenshot(&page, "dark", size, Scheme::Dark);
    let phone = screenshot(&page, "phone", (PHONE, 1600), Scheme::Light);
    assert_eq!((light.0, light.1), size);
    assert_eq!((phone.0, phone.1), (PHONE, 1600));
    assert!(light.2 != dark.2 && light.2.len() > 50_000 && dark.2.len() > 50_000);
}

#[test]
fn ten_thousand_tests_stay_below_five_megabytes_however_much_they_did() {
    let sample: Value = serde_json::from_str(&fs::read_to_string(sample()).unwrap()).unwrap();
    let few = sample["tests"].as_array().unwrap();
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("many.json");
    for busy in [false, true] {
        let tests = (0..10_000).map(|n| {
            let mut test = few[n % few.len()].clone();
            test["name"] = format!("{}_{n}", test["name"].as_str().unwrap()).into();
            if busy {
                let uses = few.iter().flat_map(|test| test["tries"][0]["uses"].as_array().unwrap());
                test["tries"][0]["uses"] = uses.cloned().collect();
            }
            test
        });
        let mut many = sample.clone();
        many["tests"] = tests.collect();
        fs::write(&file, serde_json::to_vec(&many).unwrap()).unwrap();
        let page = page(&file);
        assert!(page.len() < 5_000_000, "{}", page.len());
        assert_eq!(page.contains("The evidence is in the JSON report."), busy);
        assert_eq!(page.matches("<tr class=").count(), 10_000 + 5);
    }
}

#[test]
fn a_real_run_has_a_page() {
    let workspace = Workspace::get();
    let mut command = workspace.command("", &["guards", "test", "--no-fail-fast", "-m", "mail or log"]);
    command.env("BROKEN", "always");
    assert_ne!(ran(command).code, 0);
    let html = workspace.run(&["guards", "report", "--html", "-"]);
    assert_eq!((html.code, html.stderr.as_str()), (0, ""));
    let seen = probe(&html.stdout, PHONE, Scheme::Dark);
    assert_eq!(seen["title"], "1 violation · resource guards");
    assert_eq!(seen["names"], json!(["tests::keeps_its_word", "tests::logs", "tests::sends"]));
    assert_eq!(seen["cells"]["tests::sends"], json!(["may", "used 2×"]));
    assert_eq!((&seen["scrolls"], &seen["outside"]), (&json!(false), &json!([])));
}
