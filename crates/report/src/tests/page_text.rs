//! Reads a laid-out document back as text.

use typst::layout::{Frame, FrameItem, Point, Transform};
use typst_layout::PagedDocument;

/// The text of one page, in drawing order and by line.
pub struct Page {
    /// Text runs as drawn: cells and paragraphs are contiguous.
    pub runs: Vec<String>,
    /// Lines from top to bottom, the runs of one line joined by a space.
    pub lines: Vec<String>,
}

/// The pages of a document.
pub fn of(document: &PagedDocument) -> Vec<Page> {
    document
        .pages()
        .iter()
        .map(|page| {
            let mut placed = Vec::new();
            collect(&page.frame, Transform::identity(), &mut placed);
            Page {
                runs: placed.iter().map(|p| p.2.clone()).collect(),
                lines: lines(placed),
            }
        })
        .collect()
}

type Placed = (i64, i64, String);

fn collect(frame: &Frame, base: Transform, placed: &mut Vec<Placed>) {
    for (position, item) in frame.items() {
        let here = base.pre_concat(Transform::translate(position.x, position.y));
        match item {
            FrameItem::Group(group) => {
                collect(&group.frame, here.pre_concat(group.transform), placed);
            }
            FrameItem::Text(text) => {
                let at = Point::zero().transform(here);
                let tenths = |length: typst::layout::Abs| (length.to_pt() * 10.0) as i64;
                placed.push((tenths(at.y), tenths(at.x), text.text.to_string()));
            }
            _ => {}
        }
    }
}

/// Baselines within 2 pt are one line: serif and sans do not share theirs to the tenth.
fn lines(mut placed: Vec<Placed>) -> Vec<String> {
    placed.sort_by_key(|p| (p.0, p.1));
    let mut rows: Vec<Vec<Placed>> = Vec::new();
    for run in placed {
        match rows.last_mut() {
            Some(row) if run.0 - row[0].0 < 20 => row.push(run),
            _ => rows.push(vec![run]),
        }
    }
    rows.into_iter()
        .map(|mut row| {
            row.sort_by_key(|p| p.1);
            row.into_iter().map(|p| p.2).collect::<Vec<_>>().join(" ")
        })
        .collect()
}
