//! Every show of the galleries, light and dark, against its reference in `tests/pictures`.

use image::RgbImage;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xunji_tests::looks::compare::{Found, compare};
use xunji_tests::looks::gallery::{FACES, THEMES, checkout, every_show};
use xunji_tests::looks::palette::{reduced, write};

const ACCEPT: &str = "Look at them. If they are as they should be: ./x screenshots --accept";

#[tokio::test(flavor = "multi_thread")]
async fn the_components_look_as_they_did() {
    let root = checkout();
    let pictures = every_show(&root.join("ui")).await.unwrap();
    let out = root.join("target/looks");
    let _ = std::fs::remove_dir_all(&out);
    let mut wrong = Vec::new();
    let mut known = references(&root);
    for picture in &pictures {
        known.remove(&picture.name);
        let actual = reduced(&picture.pixels);
        let path = root
            .join("tests/pictures")
            .join(format!("{}.png", picture.name));
        let Ok(expected) = image::open(&path).map(|read| read.to_rgb8()) else {
            wrong.push(format!("{}: has no reference yet", picture.name));
            keep(&out, &picture.name, &[("actual", &actual)]);
            continue;
        };
        let (found, drawn) = compare(&expected, &actual);
        if found != Found::Same {
            wrong.push(format!("{}: {found:?}", picture.name));
            let all = [
                ("expected", &expected),
                ("actual", &actual),
                ("diff", &drawn),
            ];
            keep(&out, &picture.name, &all);
        }
    }
    wrong.extend(
        known
            .iter()
            .map(|name| format!("{name}: is shown nowhere any more")),
    );
    let (many, folder) = (wrong.len(), out.display());
    assert!(
        wrong.is_empty(),
        "{many} pictures differ; expected, actual and diff are in {folder}\n{}\n{ACCEPT}",
        wrong.join("\n")
    );
    let least = FACES.len() * THEMES.len() * 3;
    assert!(pictures.len() >= least, "only {} pictures", pictures.len());
}

fn references(root: &Path) -> BTreeSet<String> {
    let files = std::fs::read_dir(root.join("tests/pictures")).unwrap();
    files
        .filter_map(|file| file.unwrap().file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".png").map(str::to_owned))
        .collect()
}

fn keep(out: &Path, name: &str, pictures: &[(&str, &RgbImage)]) {
    for (which, picture) in pictures {
        let path: PathBuf = out.join(format!("{name}-{which}.png"));
        write(&path, picture).unwrap();
    }
}

#[test]
fn the_references_are_small() {
    let files = std::fs::read_dir(checkout().join("tests/pictures")).unwrap();
    let bytes: u64 = files
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum();
    assert!(
        bytes < 2_000_000,
        "the references are {bytes} bytes together"
    );
}
