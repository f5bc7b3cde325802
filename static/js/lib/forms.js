// Filter forms are plain GET forms with a button; with script a changed choice is sent at once, and empty fields stay
// out of the address.

function leaveOutEmptyFields(form) {
  for (const field of form.elements) {
    if (field.name && field.value === "") field.disabled = true;
  }
}

export function setUpAutoSubmit() {
  for (const form of document.querySelectorAll("form[data-autosubmit]")) {
    form.addEventListener("submit", () => leaveOutEmptyFields(form));
    form.addEventListener("change", (event) => {
      if (event.target.type !== "search") form.requestSubmit();
    });
  }
  // A page taken back out of the browser's memory still has the disabled fields.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const field of document.querySelectorAll("form[data-autosubmit] :disabled:not([data-always-disabled])")) {
      field.disabled = false;
    }
  });
}
