//! When the app comes back to the person: from the camera, from another app, from the lock screen.
//! A hint, never a state: iOS may send the one word without the other.

use tauri::WindowEvent;

/// Whether this says that the person is back.
pub fn came_back(event: &WindowEvent) -> bool {
    #[cfg(mobile)]
    {
        matches!(event, WindowEvent::Resumed)
    }
    #[cfg(desktop)]
    {
        matches!(event, WindowEvent::Focused(true))
    }
}
