//! The shell around the device core: a window, three commands, one picture scheme, one event. It decides nothing.

mod commands;
mod host;
mod pictures;
mod platform;
mod settings;

use host::Shell;
use std::process::ExitCode;
use std::sync::Arc;
use tauri::Manager as _;
use xunji_device::door::Door;

/// Runs the app until its window is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let builder = platform::camera::prepare(platform::position::prepare(tauri::Builder::default()));
    let ran = builder
        .setup(|app| {
            let pictures = platform::camera::pictures(app.handle());
            let people = platform::carried::folder(app.handle());
            let settings = settings::from_env(app.path().app_data_dir()?, pictures, people);
            let shell = Shell(app.handle().clone());
            let door = Arc::new(Door::new(settings, Box::new(shell)));
            app.manage(Arc::clone(&door));
            platform::page::watch(app);
            // Opening the files takes a moment; the window is painted meanwhile.
            std::thread::Builder::new()
                .name("open".to_owned())
                .spawn(move || door.open_and_tell())?;
            Ok(())
        })
        .on_window_event(|window, event| {
            if platform::life::came_back(event) {
                let door = Arc::clone(&window.state::<Arc<Door>>());
                tauri::async_runtime::spawn_blocking(move || door.look_again());
            }
        })
        .register_asynchronous_uri_scheme_protocol("photo", pictures::answer)
        .invoke_handler(tauri::generate_handler![
            commands::call,
            commands::photo_chunk,
            commands::take_photo
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
