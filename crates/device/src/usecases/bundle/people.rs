//! The folder from which people carry: the shell names it at the start, and no page can name another.

use std::path::{Path, PathBuf};

/// How a person gets at a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// As at any other.
    Desktop,
    /// From a computer, through a cable.
    Android,
    /// In the system's own app for files, or from a computer.
    Ios,
}

/// A folder that people reach without this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleFolder {
    path: PathBuf,
    reach: Reach,
}

impl PeopleFolder {
    /// Below the folder for documents that the system gives this program: a desktop gives the person's own, a phone one
    /// that is the app's alone.
    pub fn below(documents: &Path, reach: Reach) -> Self {
        let folder = match reach {
            Reach::Desktop => "巡集/离线包",
            Reach::Android | Reach::Ios => "离线包",
        };
        Self {
            path: documents.join(folder),
            reach,
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The same for people.
    pub fn words(&self) -> String {
        let path = self.path.display().to_string();
        match self.reach {
            Reach::Desktop => path,
            // A computer shows what begins here; what stands before it is the phone's own affair.
            Reach::Android => match path.find("Android/").and_then(|at| path.get(at..)) {
                Some(shown) => format!("手机内部存储/{shown}"),
                None => path,
            },
            Reach::Ios => "“文件”应用：我的 iPhone/巡集/离线包".to_owned(),
        }
    }

    /// How a person gets at what lies there.
    pub fn how(&self) -> &'static str {
        match self.reach {
            Reach::Desktop => "把这些文件全部拷到 U 盘，交到所里导入",
            Reach::Android => {
                "用数据线接电脑，选“传输文件”，按上面的位置找到，全部拷到 U 盘，交到所里导入"
            }
            Reach::Ios => "在“文件”应用里拷到 U 盘，或用数据线接电脑拷出，全部交到所里导入",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_it_is_is_said_as_people_see_it() {
        let of = |documents: &str, reach| {
            let folder = PeopleFolder::below(Path::new(documents), reach);
            (folder.path().display().to_string(), folder.words())
        };
        let own = "/srv/甲/文档/巡集/离线包".to_owned();
        assert_eq!(of("/srv/甲/文档", Reach::Desktop), (own.clone(), own));
        let phone = "/storage/emulated/0/Android/data/cn.xunji.field/files/Documents";
        assert_eq!(
            of(phone, Reach::Android),
            (
                format!("{phone}/离线包"),
                "手机内部存储/Android/data/cn.xunji.field/files/Documents/离线包".to_owned()
            )
        );
        let (path, words) = of("/var/mobile/Documents", Reach::Ios);
        assert_eq!(path, "/var/mobile/Documents/离线包");
        assert!(!words.contains("/var"), "{words}");
    }
}
