// The web address somebody types, made whole, or what is wrong with it: the same rules as lightning/web_address.py.

const LONGEST = 500 - "https://".length;
const SCHEME = /^[a-z][a-z0-9+.-]*:(?!\d)/i;
const HOST = /^(?:[a-z0-9](?:[\w-]{0,61}[a-z0-9])?\.)+[a-z][\w-]{0,61}[a-z0-9]$/i;

/** {address} (empty for nothing) or {wrong}: comma, blank, email, scheme, long, other. */
export function readAddress(typed) {
  const text = typed.trim();
  if (!text) return { address: "" };
  if (text.length > LONGEST) return { wrong: "long" };
  if (/[\s\u0000-\u001f\u007f-\u009f]/.test(text)) return { wrong: "blank" };
  const address = SCHEME.test(text) ? text : `https://${text}`;
  const authority = address.replace(/^[^:]*:\/*/, "").split(/[/?#]/)[0];
  if (/^mailto:/i.test(address) || authority.includes("@")) return { wrong: "email" };
  if (!/^https?:/i.test(address)) return { wrong: "scheme" };
  if (authority.includes(",")) return { wrong: "comma" };
  return asUrl(address);
}

function asUrl(address) {
  if (address.includes("\\") || !URL.canParse(address)) return { wrong: "other" };
  return HOST.test(new URL(address).hostname) ? { address } : { wrong: "other" };
}

/** github.com/rayan for https://www.github.com/rayan/. */
export function bareAddress(address) {
  const bare = address.replace(/^https?:\/\//i, "").replace(/^www\./i, "").replace(/[?#].*$/, "");
  return bare.replace(/\/$/, "");
}
