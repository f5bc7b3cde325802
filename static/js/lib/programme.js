// Reads the programme out of the page: every box and slot with its instants and what it can be filtered by.

function read(element) {
  const data = element.dataset;
  return {
    element,
    id: data.item,
    starts: data.starts ? Date.parse(data.starts) : NaN,
    ends: data.ends ? Date.parse(data.ends) : NaN,
    kind: data.kind ?? "",
    room: data.room ?? "",
    level: data.level ?? "",
    language: data.language ?? "",
    track: data.track ?? "",
    topics: data.topics ? data.topics.split(" ") : [],
    version: data.version ?? "",
    isCancelled: "cancelled" in data,
    isRest: "rest" in data,
    state: data.state, // of a slot whose round is on stage: now, next, past or nothing; else undefined
    expected: data.expected ? Date.parse(data.expected) : NaN,
    isStrip: element.classList.contains("strip"),
    isOpen: element.classList.contains("is-open"),
  };
}

/** Sessions and rounds, in the order of the page; a round carries its slots. */
export function readItems(root) {
  return [...root.querySelectorAll(".session, .strip")].map((element) => {
    const item = read(element);
    item.slots = item.isStrip ? [...element.querySelectorAll(".slot")].map(read) : [];
    return item;
  });
}

/** The words a search looks through. */
export function searchText(item) {
  return fold(item.element.textContent);
}

/** Lower case without accents, as the server folds. */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

export function overlap(one, other) {
  return one.starts < other.ends && other.starts < one.ends;
}
