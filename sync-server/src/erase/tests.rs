//! Who may erase what, and when.

#![allow(clippy::unwrap_used)]

use super::command::{Asked, CommandError, due_now, erase};
use crate::admin::{Made, init};
use crate::app::App;
use crate::config::DataFolder;
use chrono::{Months, NaiveDate};
use tempfile::TempDir;
use xunji_domain::time::CHINA_OFFSET_MIN;

struct County {
    _folder: TempDir,
    data: DataFolder,
    accounts: String,
}

impl County {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = DataFolder::new(folder.path().join("county"));
        let path = folder.path().join("accounts.txt");
        init(data.clone(), &path, &Made::default()).unwrap();
        let accounts = std::fs::read_to_string(path).unwrap();
        Self {
            _folder: folder,
            data,
            accounts,
        }
    }

    fn today(&self) -> NaiveDate {
        let app = App::open(self.data.clone(), 0).unwrap();
        app.clock.now().date(CHINA_OFFSET_MIN).unwrap()
    }

    /// The account on the line that names a person.
    fn account(&self, name: &str) -> String {
        let line = self.accounts.lines().find(|line| line.contains(name));
        let line = line.unwrap_or_else(|| panic!("{name} in {}", self.accounts));
        let word = line.split_whitespace().next().unwrap();
        word.to_owned()
    }

    fn asked(&self) -> Asked {
        Asked {
            data: self.data.clone(),
            rule: "inspection".to_owned(),
            before: None,
            order: None,
        }
    }

    fn refused(&self, asked: &Asked) -> CommandError {
        erase(asked, &mut |_| {}).unwrap_err()
    }
}

#[test]
fn it_lists_by_default_and_reaches_no_further_than_its_rule() {
    let county = County::new();
    let mut lines = Vec::new();
    let line = erase(&county.asked(), &mut |line| lines.push(line.to_owned())).unwrap();
    assert_eq!(line["due"]["records"], 0);
    assert!(line.get("erased").is_none(), "nothing was erased");
    assert!(lines.iter().any(|line| line.ends_with("（待核实）")));
    let reaches = county.today() - Months::new(60);
    assert_eq!(line["before"], reaches.to_string());
    let early = Asked {
        before: reaches.succ_opt(),
        ..county.asked()
    };
    assert!(matches!(county.refused(&early), CommandError::TooEarly(..)));
    let unknown = Asked {
        rule: "everything".to_owned(),
        ..county.asked()
    };
    assert!(matches!(county.refused(&unknown), CommandError::NoRule(..)));
    let app = App::open(county.data.clone(), 0).unwrap();
    assert!(due_now(&app).unwrap().is_empty());
}

#[test]
fn it_is_ordered_by_somebody_in_charge_and_by_a_paper() {
    let county = County::new();
    let by = |account: String, paper: &str| Asked {
        order: Some((account, paper.to_owned())),
        ..county.asked()
    };
    let (chief, admin) = (county.account("所长甲"), county.account("管理员甲"));
    for account in [chief, "nobody".to_owned()] {
        let asked = by(account, "鉴定1号");
        assert!(matches!(
            county.refused(&asked),
            CommandError::NotAllowed(_)
        ));
    }
    let blank = by(admin.clone(), "  ");
    assert!(matches!(county.refused(&blank), CommandError::NoOrder));
    let done = erase(&by(admin, "鉴定1号"), &mut |_| {}).unwrap();
    assert_eq!(done["erased"]["records"], 0);
}

#[test]
fn a_county_may_have_rules_of_its_own_and_bad_ones_erase_nothing() {
    let county = County::new();
    let own = county.data.path().join("retention.toml");
    let rules = "[[rules]]\nid = \"inspection\"\nname = \"n\"\ncovers = \"inspection\"\nyears = 10\ntext = \"十年\"\ngrounds = []\n";
    std::fs::write(&own, rules).unwrap();
    let line = erase(&county.asked(), &mut |_| {}).unwrap();
    let reaches = county.today() - Months::new(120);
    assert_eq!(line["before"], reaches.to_string());
    std::fs::write(&own, rules.replace("years = 10", "years = 0")).unwrap();
    assert!(matches!(
        county.refused(&county.asked()),
        CommandError::Rules(_)
    ));
}
