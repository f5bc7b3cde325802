// Runs before first paint (a small blocking script): apply the reader's choice of colours, if there is one.
(function () {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be switched off: the system's preference stands.
  }
})();
