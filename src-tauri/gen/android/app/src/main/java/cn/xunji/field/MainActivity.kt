package cn.xunji.field

import android.graphics.Color
import android.graphics.drawable.ColorDrawable
import android.graphics.drawable.LayerDrawable
import android.os.Bundle
import android.view.View
import androidx.activity.SystemBarStyle
import androidx.activity.enableEdgeToEdge
import androidx.core.content.ContextCompat
import androidx.core.view.ViewCompat
import androidx.core.view.WindowInsetsCompat
import kotlin.math.max

/**
 * The one window. From Android 15 on it lies under the system's bars and the keyboard no longer shrinks it,
 * and old WebViews tell the page nothing of either. So the page is kept clear of them here, on every version,
 * and is told that there is nothing left to keep clear of.
 */
class MainActivity : TauriActivity() {
  override fun onCreate(savedInstanceState: Bundle?) {
    // The bar above the page is 石青 by day and by night: light signs on it.
    enableEdgeToEdge(statusBarStyle = SystemBarStyle.dark(Color.TRANSPARENT))
    super.onCreate(savedInstanceState)
    keepClear(findViewById(android.R.id.content))
  }

  private fun keepClear(content: View) {
    val head = ColorDrawable(ContextCompat.getColor(this, R.color.brand))
    val foot = ColorDrawable(ContextCompat.getColor(this, R.color.foot))
    val behind = LayerDrawable(arrayOf(head, foot))
    ViewCompat.setOnApplyWindowInsetsListener(content) { view, insets ->
      val bars = insets.getInsets(
        WindowInsetsCompat.Type.systemBars() or WindowInsetsCompat.Type.displayCutout()
      )
      val keyboard = insets.getInsets(WindowInsetsCompat.Type.ime())
      view.setPadding(bars.left, bars.top, bars.right, max(bars.bottom, keyboard.bottom))
      behind.setLayerInset(1, 0, bars.top, 0, 0)
      view.background = behind
      WindowInsetsCompat.CONSUMED
    }
  }
}
