// A talk's page: applause without loading the page anew, once for each person.
import { hasApplauded, sendApplause } from "./lib/applause.js";

const form = document.querySelector("[data-applause]");
const button = form?.querySelector("button");
const problem = document.querySelector("[data-problem]");

function showDone() {
  button.disabled = true;
  button.textContent = button.dataset.done;
}

async function applaud(event) {
  event.preventDefault();
  button.setAttribute("aria-busy", "true");
  problem.hidden = true;
  try {
    const answer = await sendApplause(form.action, form.dataset.applause);
    document.querySelector("[data-count]").textContent = answer.count;
    document.querySelector("[data-words]").textContent = answer.words;
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
