//! Typst as a pure function: one template, one JSON view, pictures and fonts; no file system.

use chrono::{Datelike, Timelike};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Array, Bytes, Datetime, Dict, Duration, Smart, Value};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use typst_render::RenderOptions;

use crate::day_report::RenderInputs;
use crate::error::ReportError;
use crate::fonts::FontSet;

/// What is to be set.
pub(crate) struct Job {
    pub template: &'static str,
    /// Read by the template as `json(sys.inputs.view)`.
    pub view: serde_json::Value,
    /// JPEG bytes, `sys.inputs.pictures`.
    pub pictures: Vec<Vec<u8>>,
    /// `sys.inputs.qr`.
    pub qr_svg: String,
}

/// Lays the job out and hands the document to `export`. What the engine remembers of it is
/// dropped afterwards: a server that prints every day must not grow with every report.
pub(crate) fn pages<T>(
    job: &Job,
    fonts: &FontSet,
    export: impl FnOnce(&PagedDocument) -> Result<T, ReportError>,
) -> Result<T, ReportError> {
    let outcome = lay_out(job, fonts).and_then(|document| export(&document));
    typst::comemo::evict(0);
    outcome
}

/// PDF/A-2b, tagged, with date and id from `inputs`.
pub(crate) fn to_pdf(
    document: &PagedDocument,
    inputs: &RenderInputs,
) -> Result<Vec<u8>, ReportError> {
    let standards = PdfStandards::new(&[PdfStandard::A_2b])
        .map_err(|error| compile_error(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(inputs.identifier.clone()),
        creator: Smart::Custom(Some("Xunji".to_owned())),
        timestamp: timestamp(inputs),
        standards,
        tagged: true,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|errors| messages(&errors))
}

/// One PNG a page.
pub(crate) fn to_png(document: &PagedDocument, width_px: u32) -> Result<Vec<Vec<u8>>, ReportError> {
    document
        .pages()
        .iter()
        .map(|page| {
            let pixel_per_pt = f64::from(width_px.max(1)) / page.frame.width().to_pt();
            let options = RenderOptions {
                pixel_per_pt: pixel_per_pt.into(),
                render_bleed: false,
            };
            typst_render::render(page, &options)
                .encode_png()
                .map_err(|error| compile_error(format!("PNG: {error}")))
        })
        .collect()
}

fn lay_out(job: &Job, fonts: &FontSet) -> Result<PagedDocument, ReportError> {
    let world = Desk::new(job, fonts)?;
    let document = typst::compile::<PagedDocument>(&world)
        .output
        .map_err(|errors| messages(&errors))?;
    let mut tofu = String::new();
    for page in document.pages() {
        collect_tofu(&page.frame, &mut tofu);
    }
    if tofu.is_empty() {
        Ok(document)
    } else {
        Err(ReportError::MissingGlyphOwnWords { characters: tofu })
    }
}

/// The last check before printing: glyph 0 is an empty box whatever the font tables promised.
fn collect_tofu(frame: &Frame, tofu: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => collect_tofu(&group.frame, tofu),
            FrameItem::Text(text) => text
                .glyphs
                .iter()
                .filter(|glyph| glyph.id == 0)
                .filter_map(|glyph| text.text.get(glyph.range()))
                .for_each(|missing| tofu.push_str(missing)),
            _ => {}
        }
    }
}

fn timestamp(inputs: &RenderInputs) -> Option<Timestamp> {
    let at = inputs.document_date;
    let small = |n: u32| u8::try_from(n).ok();
    let datetime = Datetime::from_ymd_hms(
        at.year(),
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?,
    )?;
    Timestamp::new_local(datetime, at.offset().local_minus_utc() / 60)
}

fn messages(errors: &[SourceDiagnostic]) -> ReportError {
    let lines: Vec<String> = errors
        .iter()
        .map(|e| {
            let hints = e
                .hints
                .iter()
                .map(|h| format!(" ({})", h.v))
                .collect::<String>();
            format!("{}{hints}", e.message)
        })
        .collect();
    compile_error(lines.join("\n"))
}

fn compile_error(message: String) -> ReportError {
    ReportError::Compile { message }
}

/// Everything the engine may see.
struct Desk<'a> {
    library: LazyHash<Library>,
    fonts: &'a FontSet,
    source: Source,
}

impl<'a> Desk<'a> {
    fn new(job: &Job, fonts: &'a FontSet) -> Result<Self, ReportError> {
        // Pictures travel as values, not as files with names: the engine never forgets a file
        // name and has room for 65 535 of them in the life of a process.
        let path = VirtualPath::new("/report.typ").map_err(|e| compile_error(e.to_string()))?;
        let main = FileId::new(RootedPath::new(VirtualRoot::Project, path));
        let pictures: Array = job
            .pictures
            .iter()
            .map(|jpeg| Value::Bytes(Bytes::new(jpeg.clone())))
            .collect();
        let mut inputs = Dict::new();
        inputs.insert(
            "view".into(),
            Value::Bytes(Bytes::from_string(job.view.to_string())),
        );
        inputs.insert("pictures".into(), Value::Array(pictures));
        inputs.insert(
            "qr".into(),
            Value::Bytes(Bytes::from_string(job.qr_svg.clone())),
        );
        Ok(Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            fonts,
            source: Source::new(main, job.template.to_owned()),
        })
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() {
            Ok(self.source.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
