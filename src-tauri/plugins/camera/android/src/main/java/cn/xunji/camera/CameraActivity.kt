package cn.xunji.camera

import android.app.Activity
import android.content.Intent
import android.graphics.Color
import android.os.Bundle
import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.FrameLayout
import android.widget.LinearLayout
import androidx.activity.OnBackPressedCallback
import androidx.appcompat.app.AppCompatActivity
import androidx.camera.core.CameraSelector
import androidx.camera.core.ImageCapture
import androidx.camera.core.ImageCaptureException
import androidx.camera.view.CameraController
import androidx.camera.view.LifecycleCameraController
import androidx.camera.view.PreviewView
import androidx.core.content.ContextCompat
import androidx.core.view.ViewCompat
import androidx.core.view.WindowInsetsCompat
import java.io.File

/**
 * The camera's page: what it sees, a shutter, a way out. One press, one JPEG under the name that the core gave; CameraX
 * writes it beside and then gives it that name. Focus by a tap and zoom by two fingers are CameraX's.
 */
class CameraActivity : AppCompatActivity() {
  private lateinit var camera: LifecycleCameraController
  private lateinit var shutter: Button
  private lateinit var close: Button

  /** While a picture is being written nobody leaves: the page would say that there is none, and the core would find one. */
  private val stay = object : OnBackPressedCallback(false) {
    override fun handleOnBackPressed() {}
  }

  override fun onCreate(savedInstanceState: Bundle?) {
    super.onCreate(savedInstanceState)
    val path = intent.getStringExtra(PATH)
    if (path == null) {
      give(NOT_OPENED, "no file was named")
      return
    }
    camera = LifecycleCameraController(this)
    camera.setEnabledUseCases(CameraController.IMAGE_CAPTURE)
    camera.imageCaptureMode = ImageCapture.CAPTURE_MODE_MINIMIZE_LATENCY
    setContentView(page(File(path)))
    onBackPressedDispatcher.addCallback(this, stay)
    camera.initializationFuture.addListener(Runnable { begin() }, ContextCompat.getMainExecutor(this))
  }

  /** The phone's cameras are known now: the one at the back, or the only one there is. */
  private fun begin() {
    try {
      camera.initializationFuture.get()
      camera.cameraSelector = when {
        camera.hasCamera(CameraSelector.DEFAULT_BACK_CAMERA) -> CameraSelector.DEFAULT_BACK_CAMERA
        else -> CameraSelector.DEFAULT_FRONT_CAMERA
      }
      camera.bindToLifecycle(this)
      shutter.isEnabled = true
    } catch (error: Exception) {
      give(NOT_OPENED, error.toString())
    }
  }

  private fun shoot(file: File) {
    shutter.isEnabled = false
    close.isEnabled = false
    stay.isEnabled = true
    shutter.setText(R.string.xunji_camera_saving)
    val into = ImageCapture.OutputFileOptions.Builder(file).build()
    val saved = object : ImageCapture.OnImageSavedCallback {
      override fun onImageSaved(results: ImageCapture.OutputFileResults) {
        give(Activity.RESULT_OK, null)
      }

      override fun onError(error: ImageCaptureException) {
        give(NOT_OPENED, error.toString())
      }
    }
    camera.takePicture(into, ContextCompat.getMainExecutor(this), saved)
  }

  private fun give(result: Int, why: String?) {
    setResult(result, Intent().putExtra(WHY, why))
    finish()
  }

  private fun page(file: File): View {
    val seen = PreviewView(this)
    seen.controller = camera
    shutter = key(R.string.xunji_camera_shoot) { shoot(file) }
    shutter.isEnabled = false
    close = key(R.string.xunji_camera_close) { give(Activity.RESULT_CANCELED, null) }
    val keys = LinearLayout(this)
    keys.addView(close, LinearLayout.LayoutParams(0, WRAP_CONTENT, 1f))
    keys.addView(shutter, LinearLayout.LayoutParams(0, WRAP_CONTENT, 2f))
    val page = FrameLayout(this)
    page.setBackgroundColor(Color.BLACK)
    page.addView(seen, FrameLayout.LayoutParams(MATCH_PARENT, MATCH_PARENT))
    page.addView(keys, FrameLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT, Gravity.BOTTOM))
    keepClear(page)
    return page
  }

  /** From Android 15 on a page lies under the system's bars; the keys must not. */
  private fun keepClear(page: View) {
    ViewCompat.setOnApplyWindowInsetsListener(page) { view, insets ->
      val bars = insets.getInsets(
        WindowInsetsCompat.Type.systemBars() or WindowInsetsCompat.Type.displayCutout()
      )
      view.setPadding(bars.left, bars.top, bars.right, bars.bottom)
      WindowInsetsCompat.CONSUMED
    }
  }

  private fun key(word: Int, pressed: () -> Unit): Button {
    val key = Button(this)
    key.setText(word)
    key.textSize = 20f
    key.minHeight = (72 * resources.displayMetrics.density).toInt()
    key.setOnClickListener { pressed() }
    return key
  }

  companion object {
    const val PATH = "path"
    const val WHY = "why"
    const val NOT_OPENED = Activity.RESULT_FIRST_USER
  }
}
