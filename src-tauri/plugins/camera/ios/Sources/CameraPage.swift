import AVFoundation
import UIKit

/// How the camera's page ended.
enum Ended {
  case taken
  case closed
  case failed(String)
}

/// The camera's page: what it sees, a shutter, a way out. One press, one JPEG under the name that the core gave.
class CameraPage: UIViewController, AVCapturePhotoCaptureDelegate {
  private let file: URL
  private let ended: (Ended) -> Void
  private let session = AVCaptureSession()
  private let output = AVCapturePhotoOutput()
  /// Starting and stopping a session blocks: never on the main thread.
  private let line = DispatchQueue(label: "cn.xunji.camera")
  private let seen = AVCaptureVideoPreviewLayer()
  private let shutter = UIButton(type: .system)
  private let out = UIButton(type: .system)
  /// A page ends once, whoever says so first.
  private var over = false

  init(_ file: URL, _ ended: @escaping (Ended) -> Void) {
    self.file = file
    self.ended = ended
    super.init(nibName: nil, bundle: nil)
  }

  required init?(coder: NSCoder) {
    return nil
  }

  override func viewDidLoad() {
    super.viewDidLoad()
    view.backgroundColor = .black
    seen.session = session
    seen.videoGravity = .resizeAspect
    view.layer.addSublayer(seen)
    layKeys()
  }

  override func viewDidAppear(_ animated: Bool) {
    super.viewDidAppear(animated)
    line.async { self.begin() }
  }

  override func viewDidLayoutSubviews() {
    super.viewDidLayoutSubviews()
    seen.frame = view.bounds
  }

  private func begin() {
    let back = AVCaptureDevice.default(.builtInWideAngleCamera, for: .video, position: .back)
    guard let device = back ?? AVCaptureDevice.default(for: .video),
      let input = try? AVCaptureDeviceInput(device: device),
      session.canAddInput(input), session.canAddOutput(output)
    else {
      DispatchQueue.main.async { self.end(.failed("no camera")) }
      return
    }
    session.beginConfiguration()
    session.sessionPreset = .photo
    session.addInput(input)
    session.addOutput(output)
    session.commitConfiguration()
    session.startRunning()
    DispatchQueue.main.async { self.shutter.isEnabled = true }
  }

  @objc private func shoot() {
    shutter.isEnabled = false
    // Who left now would be told that there is no picture, and the core would find one.
    out.isEnabled = false
    if let connection = output.connection(with: .video), connection.isVideoOrientationSupported {
      connection.videoOrientation = turned()
    }
    let jpeg = AVCapturePhotoSettings(format: [AVVideoCodecKey: AVVideoCodecType.jpeg])
    output.capturePhoto(with: jpeg, delegate: self)
  }

  /// The window's turn, not the phone's: flat on a table the phone has none.
  private func turned() -> AVCaptureVideoOrientation {
    switch view.window?.windowScene?.interfaceOrientation {
    case .landscapeLeft: return .landscapeLeft
    case .landscapeRight: return .landscapeRight
    case .portraitUpsideDown: return .portraitUpsideDown
    default: return .portrait
    }
  }

  func photoOutput(
    _ output: AVCapturePhotoOutput, didFinishProcessingPhoto photo: AVCapturePhoto, error: Error?
  ) {
    let done: Ended
    if let bytes = photo.fileDataRepresentation(), error == nil {
      do {
        // Whole or not at all: written beside, then given its name.
        try bytes.write(to: file, options: .atomic)
        done = .taken
      } catch {
        done = .failed(error.localizedDescription)
      }
    } else {
      done = .failed(error?.localizedDescription ?? "no picture")
    }
    DispatchQueue.main.async { self.end(done) }
  }

  @objc private func close() {
    end(.closed)
  }

  private func end(_ how: Ended) {
    if over { return }
    over = true
    line.async { self.session.stopRunning() }
    dismiss(animated: false) { self.ended(how) }
  }

  private func layKeys() {
    out.setTitle("不拍了", for: .normal)
    out.addTarget(self, action: #selector(self.close), for: .touchUpInside)
    shutter.setTitle("拍照", for: .normal)
    shutter.isEnabled = false
    shutter.addTarget(self, action: #selector(shoot), for: .touchUpInside)
    let keys = UIStackView(arrangedSubviews: [out, shutter])
    keys.distribution = .fillEqually
    keys.translatesAutoresizingMaskIntoConstraints = false
    for key in [out, shutter] {
      key.titleLabel?.font = .preferredFont(forTextStyle: .title2)
      key.tintColor = .white
    }
    view.addSubview(keys)
    let safe = view.safeAreaLayoutGuide
    NSLayoutConstraint.activate([
      keys.leadingAnchor.constraint(equalTo: safe.leadingAnchor),
      keys.trailingAnchor.constraint(equalTo: safe.trailingAnchor),
      keys.bottomAnchor.constraint(equalTo: safe.bottomAnchor),
      keys.heightAnchor.constraint(equalToConstant: 88),
    ])
  }
}
