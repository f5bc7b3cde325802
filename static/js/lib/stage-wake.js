// Keeps a screen of the stage awake while it is looked at; where the browser cannot, the device's own settings stand.

const RESTS = 3_000;

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

/** F, a double click, or the button where there is one: the whole screen and back. */
export function setUpFullScreen(button = null) {
  if (!document.fullscreenEnabled) return;
  const flip = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  document.addEventListener("dblclick", flip);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "f" && !event.ctrlKey && !event.metaKey && !event.altKey) flip();
  });
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", flip);
}

/** The pointer, and what is there for it alone, go away when it rests. */
export function hideIdlePointer(root) {
  let timer = 0;
  const show = () => {
    root.classList.remove("is-idle");
    clearTimeout(timer);
    timer = setTimeout(() => root.classList.add("is-idle"), RESTS);
  };
  for (const sign of ["pointermove", "pointerdown", "keydown"]) document.addEventListener(sign, show);
  show();
}
