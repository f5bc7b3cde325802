// One applause for each person and talk: what was given from this device is remembered here, the server counts.

function key(code) {
  return `lectern.applauded.${code}`;
}

function remember(code) {
  try {
    localStorage.setItem(key(code), "1");
  } catch {
    // Private windows keep nothing: the server still counts each person once
  }
}

export function hasApplauded(code) {
  try {
    return localStorage.getItem(key(code)) !== null;
  } catch {
    return false;
  }
}

/** The server's {count, words}. Throws an Error with its sentence, or another kind of error where none came. */
export async function sendApplause(action, code) {
  const response = await fetch(action, { method: "POST", headers: { Accept: "application/json" } });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  remember(code);
  return answer;
}
