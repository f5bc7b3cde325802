// Where a reader is in the programme: notes that are open, and what has the focus. Kept while the programme is renewed.

function sameAs(element) {
  if (element.dataset.star) return `[data-star="${CSS.escape(element.dataset.star)}"]`;
  if (element.hasAttribute("href")) return `a[href="${CSS.escape(element.getAttribute("href"))}"]`;
  return element.localName === "summary" ? `#${CSS.escape(element.closest("[data-item]").id)} summary` : null;
}

/** Remember it now; the answer brings it back. */
export function keepPlace(programme) {
  const open = [...programme.querySelectorAll("[data-item] details[open]")].map((notes) => notes.closest("[data-item]").id);
  const active = document.activeElement;
  const focused = programme.contains(active) ? sameAs(active) : null;
  return () => {
    for (const id of open) {
      const notes = document.getElementById(id)?.querySelector("details");
      if (notes) notes.open = true;
    }
    if (focused) programme.querySelector(focused)?.focus({ preventScroll: true });
  };
}
