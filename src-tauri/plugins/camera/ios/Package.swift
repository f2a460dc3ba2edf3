// swift-tools-version:5.3
import PackageDescription

let package = Package(
  name: "xunji-camera",
  // As Tauri's own plugins say it: this version of the tools knows no later one. The app itself asks for 15.
  platforms: [.macOS(.v10_13), .iOS(.v13)],
  products: [
    .library(name: "xunji-camera", type: .static, targets: ["xunji-camera"])
  ],
  dependencies: [
    .package(name: "Tauri", path: "../.tauri/tauri-api")
  ],
  targets: [
    .target(name: "xunji-camera", dependencies: [.byName(name: "Tauri")], path: "Sources")
  ]
)
