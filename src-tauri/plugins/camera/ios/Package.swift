// swift-tools-version:5.3
import PackageDescription

let package = Package(
  name: "xunji-camera",
  platforms: [.iOS(.v15)],
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
