import AVFoundation
import SwiftRs
import Tauri
import UIKit
import WebKit

class TakeArgs: Decodable {
  let path: String
}

/// Opens the camera's page for one file and says what came of it: `taken`, `closed`, `denied`, or an error.
class CameraPlugin: Plugin {
  @objc public func take(_ invoke: Invoke) throws {
    let path = try invoke.parseArgs(TakeArgs.self).path
    switch AVCaptureDevice.authorizationStatus(for: .video) {
    case .authorized:
      open(invoke, path)
    case .notDetermined:
      AVCaptureDevice.requestAccess(for: .video) { allowed in
        if allowed {
          self.open(invoke, path)
        } else {
          invoke.resolve(["outcome": "denied"])
        }
      }
    default:
      invoke.resolve(["outcome": "denied"])
    }
  }

  private func open(_ invoke: Invoke, _ path: String) {
    DispatchQueue.main.async {
      guard let window = self.manager.viewController else {
        invoke.reject("no window")
        return
      }
      let page = CameraPage(URL(fileURLWithPath: path)) { ended in
        switch ended {
        case .taken: invoke.resolve(["outcome": "taken"])
        case .closed: invoke.resolve(["outcome": "closed"])
        case .failed(let why): invoke.reject(why)
        }
      }
      page.modalPresentationStyle = .fullScreen
      window.present(page, animated: false)
    }
  }
}

@_cdecl("init_plugin_xunji_camera")
func initPlugin() -> Plugin {
  return CameraPlugin()
}
