// Keeps a screen of the stage awake while it is looked at; where the browser cannot, the device's own settings stand.

async function stayAwake() {
  if (document.hidden) return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // Refused while the battery is low
  }
}

export function keepAwake() {
  if (!("wakeLock" in navigator)) return;
  document.addEventListener("visibilitychange", stayAwake); // it is let go whenever the page is hidden
  stayAwake();
}

/** F, or a double click: the whole screen and back. */
export function setUpFullScreen() {
  const flip = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  document.addEventListener("dblclick", flip);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "f" && !event.ctrlKey && !event.metaKey && !event.altKey) flip();
  });
}
