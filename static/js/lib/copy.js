// Buttons that copy an address: <button data-copy="https://…" data-copied="Copied" hidden>. Shown only where they work.

export function setUpCopyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.querySelector("[data-label]") ?? button;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      label.textContent = button.dataset.copied;
    });
  }
}
