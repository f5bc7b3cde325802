// The page that shows a calendar address, once: other choices make another address of the same key, here in the browser.

const form = document.getElementById("choices");
const field = document.getElementById("address");

function address() {
  const chosen = new FormData(form);
  const roles = chosen.getAll("roles");
  if (!roles.length) return "";
  const alarm = chosen.get("alarm");
  return `${form.dataset.feed}?roles=${roles.join(",")}${alarm ? `&alarm=${alarm}` : ""}`;
}

function webcal(url) {
  return url.replace(/^https?:/, "webcal:");
}

/** The same link for another address, which stands in it as it is or inside its query. */
function led(link, from, to) {
  if (link.href === webcal(from)) return webcal(to);
  const target = new URL(link.href);
  for (const [name, value] of target.searchParams) {
    if (value === from) target.searchParams.set(name, to);
    if (value === webcal(from)) target.searchParams.set(name, webcal(to));
  }
  return target.href.replaceAll("+", "%20");
}

function show(to) {
  for (const link of document.querySelectorAll(".me__ways a")) link.href = led(link, field.value, to);
  for (const button of document.querySelectorAll("[data-copy]")) button.dataset.copy = to;
  field.value = to;
}

form.hidden = false;
form.addEventListener("change", (event) => {
  const to = address();
  if (to) show(to);
  else event.target.checked = true; // an empty calendar helps nobody
});
