//! The shell around the device core: a window, two commands, one picture scheme, one event. It decides nothing.

mod commands;
mod news;
mod phone;
mod pictures;
mod platform;
mod settings;

use phone::Phone;
use settings::Settings;
use std::process::ExitCode;
use std::sync::Arc;
use tauri::Manager as _;

/// Runs the app until its window is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let ran = platform::position::prepare(tauri::Builder::default())
        .setup(|app| {
            let pictures = platform::camera::pictures(app.handle());
            let settings = Settings::from_env(app.path().app_data_dir()?, pictures);
            let phone = Arc::new(Phone::new(settings));
            app.manage(Arc::clone(&phone));
            platform::page::watch(app);
            let handle = app.handle().clone();
            // Opening the files takes a moment; the window is painted meanwhile.
            std::thread::Builder::new()
                .name("open".to_owned())
                .spawn(move || news::open_and_tell(&phone, &handle))?;
            Ok(())
        })
        .on_window_event(|window, event| {
            if platform::life::came_back(event) {
                news::look_again(Arc::clone(&window.state::<Arc<Phone>>()));
            }
        })
        .register_asynchronous_uri_scheme_protocol("photo", pictures::answer)
        .invoke_handler(tauri::generate_handler![
            commands::call,
            commands::photo_chunk
        ])
        .run(tauri::generate_context!());
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the window did not open");
            ExitCode::FAILURE
        }
    }
}
