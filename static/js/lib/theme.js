// Light and dark: the header's button flips the theme and remembers it on this device.

const root = document.documentElement;
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches;
}

function remember(theme) {
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Storage may be switched off: the choice then holds for this page only.
  }
}

function label(button) {
  button.setAttribute("aria-label", isDark() ? button.dataset.toLight : button.dataset.toDark);
}

export function setUpThemeToggle() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.hidden = false;
    label(button);
    prefersDark.addEventListener("change", () => label(button));
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember(root.dataset.theme);
      label(button);
    });
  }
}
