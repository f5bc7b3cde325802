// Translated words a page hands to its scripts, as JSON data: <script type="application/json" id="words">.

const element = document.getElementById("words");
const words = element ? JSON.parse(element.textContent) : {};

/** The page's words for `key`, with {name} replaced by `values.name`. */
export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The words for a count: `key.one` for 1, else `key.other`. */
export function sayCount(key, count) {
  return say(`${key}.${count === 1 ? "one" : "other"}`, { count });
}
