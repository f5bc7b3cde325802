// Menus are <details>: they open without script. Script closes them on Escape and on a click elsewhere.

function openMenus() {
  return document.querySelectorAll("details.menu[open]");
}

export function setUpMenus() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}
