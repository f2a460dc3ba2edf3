package cn.xunji.camera

import android.Manifest
import android.app.Activity
import android.content.Intent
import androidx.activity.result.ActivityResult
import app.tauri.PermissionState
import app.tauri.annotation.ActivityCallback
import app.tauri.annotation.Command
import app.tauri.annotation.InvokeArg
import app.tauri.annotation.Permission
import app.tauri.annotation.PermissionCallback
import app.tauri.annotation.TauriPlugin
import app.tauri.plugin.Invoke
import app.tauri.plugin.JSObject
import app.tauri.plugin.Plugin

@InvokeArg
class TakeArgs {
  lateinit var path: String
}

/** Opens the camera's page for one file and says what came of it: `taken`, `closed`, `denied`, or an error. */
@TauriPlugin(permissions = [Permission(strings = [Manifest.permission.CAMERA], alias = "camera")])
class CameraPlugin(private val activity: Activity) : Plugin(activity) {
  @Command
  fun take(invoke: Invoke) {
    if (getPermissionState("camera") == PermissionState.GRANTED) {
      open(invoke)
    } else {
      // Android asks a person twice at most; after that this comes back at once, refused.
      requestPermissionForAlias("camera", invoke, "asked")
    }
  }

  @PermissionCallback
  fun asked(invoke: Invoke) {
    if (getPermissionState("camera") == PermissionState.GRANTED) {
      open(invoke)
    } else {
      said(invoke, "denied")
    }
  }

  @ActivityCallback
  fun shot(invoke: Invoke, result: ActivityResult) {
    when (result.resultCode) {
      Activity.RESULT_OK -> said(invoke, "taken")
      Activity.RESULT_CANCELED -> said(invoke, "closed")
      else -> invoke.reject(result.data?.getStringExtra(CameraActivity.WHY) ?: "no camera")
    }
  }

  private fun open(invoke: Invoke) {
    val path = invoke.parseArgs(TakeArgs::class.java).path
    val intent = Intent(activity, CameraActivity::class.java).putExtra(CameraActivity.PATH, path)
    startActivityForResult(invoke, intent, "shot")
  }

  private fun said(invoke: Invoke, outcome: String) {
    val answer = JSObject()
    answer.put("outcome", outcome)
    invoke.resolve(answer)
  }
}
