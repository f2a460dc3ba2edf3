//! A desktop: below the person's own documents. A demo says where else, so that all of its state lies in one place.

use std::path::PathBuf;
use tauri::{AppHandle, Manager as _, Runtime};
use xunji_device::door::{PeopleFolder, Reach};

/// The folder; none for a person without one for documents and without a home.
pub fn folder<R: Runtime>(app: &AppHandle<R>) -> Option<PeopleFolder> {
    let named = std::env::var_os("XUNJI_DOCUMENTS_DIR").map(PathBuf::from);
    // A desktop that knows no documents has a home all the same; the page says where the files lie.
    let documents = named
        .or_else(|| app.path().document_dir().ok())
        .or_else(|| app.path().home_dir().ok());
    if documents.is_none() {
        tracing::warn!("no folder for what people carry");
    }
    documents.map(|documents| PeopleFolder::below(&documents, Reach::Desktop))
}
