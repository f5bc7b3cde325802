// What a phone remembers of one door: the list for some hours, and each act until the server has it.

const PREFIX = "lectern.door.";
const KEEP_LIST = 12 * 3_600_000;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage may be full or switched off: then everything holds while the page is open.
  }
}

/** Lists of other evenings hold names: they do not stay on a phone. */
function forgetOldLists(now) {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX) || !key.endsWith(".list")) continue;
    const kept = read(key);
    if (!kept || now - kept.savedAt > KEEP_LIST) localStorage.removeItem(key);
  }
}

export class DoorStore {
  /** @param event its short name, @param host whose phone this is: acts are sent in their name alone */
  constructor(event, host) {
    this.key = `${PREFIX}${event}.${host}.`;
    try {
      forgetOldLists(Date.now());
    } catch {
      // No storage, nothing to forget.
    }
  }

  /** {people, etag, savedAt}, or null. */
  list() {
    return read(`${this.key}list`);
  }

  saveList(people, etag) {
    write(`${this.key}list`, { people, etag, savedAt: Date.now() });
  }

  forgetList() {
    try {
      localStorage.removeItem(`${this.key}list`);
    } catch {
      // Nothing was stored either.
    }
  }

  /** Acts that wait to be sent, oldest first; each has a key of its own, so that two open pages lose none. */
  acts() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${this.key}act.`));
      return keys.map(read).filter(Boolean).sort((a, b) => (a.at < b.at ? -1 : 1));
    } catch {
      return [];
    }
  }

  keep(act) {
    write(`${this.key}act.${act.id}`, act);
  }

  drop(id) {
    try {
      localStorage.removeItem(`${this.key}act.${id}`);
    } catch {
      // Nothing was stored either.
    }
  }

  setting(name, otherwise) {
    return read(`${PREFIX}${name}`) ?? otherwise;
  }

  set(name, value) {
    write(`${PREFIX}${name}`, value);
  }
}
