// A talk's page: applause without loading the page anew, once for each person.

const form = document.querySelector("[data-applause]");
const button = form?.querySelector("button");
const problem = document.querySelector("[data-problem]");

function remember(code) {
  try {
    localStorage.setItem(`lectern.applauded.${code}`, "1");
  } catch {
    // Private windows keep nothing: the server still counts each person once
  }
}

function hasApplauded(code) {
  try {
    return localStorage.getItem(`lectern.applauded.${code}`) !== null;
  } catch {
    return false;
  }
}

function showDone() {
  button.disabled = true;
  button.textContent = button.dataset.done;
}

async function applaud(event) {
  event.preventDefault();
  button.setAttribute("aria-busy", "true");
  problem.hidden = true;
  try {
    const response = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    document.querySelector("[data-count]").textContent = answer.count;
    document.querySelector("[data-words]").textContent = answer.words;
    remember(form.dataset.applause);
    showDone();
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) {
      form.submit(); // the page itself says what is wrong
      return;
    }
    problem.textContent = error.message;
    problem.hidden = false;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

if (form) {
  form.addEventListener("submit", applaud);
  if (hasApplauded(form.dataset.applause)) showDone();
}
