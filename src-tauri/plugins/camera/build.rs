//! Tells the app's build where the camera's Kotlin and Swift are. The page may call nothing of it.

fn main() {
    println!("cargo:rustc-check-cfg=cfg(mobile)");
    let built = tauri_plugin::Builder::new(&[])
        .android_path("android")
        .ios_path("ios")
        .try_build();
    if let Err(error) = built {
        println!("cargo:error={error:#}");
    }
}
