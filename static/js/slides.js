// The slide bay: too large a file is said before it travels, and what travels shows how far it is.

const form = document.querySelector("[data-upload]");
const bar = form?.querySelector("progress");
const state = form?.querySelector("[data-state]");
const problem = form?.querySelector("[data-problem]");
const file = form?.querySelector("input[type=file]");
const button = form?.querySelector("button");

function fail(words) {
  problem.textContent = words;
  problem.hidden = false;
  bar.hidden = true;
  state.textContent = "";
  button.removeAttribute("aria-busy");
  button.disabled = false;
}

function isTooLarge() {
  return (file.files[0]?.size ?? 0) > Number(form.dataset.most);
}

function finish(request) {
  let answer = {};
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    // Not ours: a proxy's page
  }
  if (answer.next) {
    const next = new URL(answer.next, window.location.href);
    const isThisPage = next.pathname === window.location.pathname;
    window.location.assign(next);
    if (isThisPage) window.location.reload();
  } else {
    fail(answer.error ?? (request.status === 413 ? form.dataset.tooLarge : form.dataset.lost));
  }
}

function send(event) {
  event.preventDefault();
  if (isTooLarge()) {
    fail(form.dataset.tooLarge);
    return;
  }
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (step) => {
    if (step.lengthComputable) bar.value = step.loaded / step.total;
  });
  request.upload.addEventListener("load", () => {
    state.textContent = form.dataset.sent;
  });
  request.addEventListener("load", () => finish(request));
  request.addEventListener("error", () => fail(form.dataset.lost));
  problem.hidden = true;
  bar.hidden = false;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  request.send(new FormData(form));
}

form?.addEventListener("submit", send);
file?.addEventListener("change", () => {
  problem.hidden = true;
  if (isTooLarge()) fail(form.dataset.tooLarge);
});
