// Stars follow their owner: what changed on this device goes to the account, what changed elsewhere comes from it.
// The device comes first: it never waits for the network, and what could not be sent is sent the next time.

const ADDRESS = "/api/v1/me/stars/";
const SOON = 300;

function csrfToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

function without(ids, others) {
  return new Set([...ids].filter((id) => !others.has(id)));
}

/** What the account and this device have together, and what must be told to the account.
 * `base` is what both had when they last agreed; stars of somebody else who was signed in here are not ours. */
export function merge({ device, account, base, isSamePerson }) {
  const known = isSamePerson ? base : new Set();
  const own = isSamePerson ? device : without(device, base);
  const add = without(without(own, known), account);
  const remove = new Set([...known].filter((id) => account.has(id) && !own.has(id)));
  return { add, remove, together: new Set([...without(account, remove), ...add]) };
}

export class StarSync {
  constructor(stars, event) {
    this.stars = stars;
    this.key = `lectern.stars-agreed.${event}`;
    this.agreed = { owner: "", ids: [] };
  }

  /** For who is signed in, as the page's head says; `onChange` runs when stars came from elsewhere. */
  start(programme, onChange) {
    if (!document.querySelector('.site-head a[href="/me/"]')) return;
    Object.assign(this, { programme, onChange });
    window.addEventListener("online", () => this.soon());
    document.addEventListener("visibilitychange", () => document.hidden || this.soon());
    this.soon();
  }

  soon() {
    if (!this.programme) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#run(), SOON);
  }

  async #run() {
    if (this.isRunning) return this.soon();
    this.isRunning = true;
    try {
      await this.#agree();
    } catch {
      // No network: the device keeps what it has, and asks again when there is one.
    } finally {
      this.isRunning = false;
    }
  }

  async #agree() {
    const response = await fetch(ADDRESS, { cache: "no-store" });
    if (!response.ok) return;
    const { owner, stars } = await response.json();
    const uids = this.#uids();
    const marked = new Set(stars.map((star) => star.uid));
    const agreed = this.#read();
    const before = new Set(this.stars.ids);
    const onPage = (ids) => new Set([...ids].filter((id) => uids.has(id)));
    const { add, remove, together } = merge({
      device: onPage(before),
      account: new Set([...uids.keys()].filter((id) => marked.has(uids.get(id)))),
      base: onPage(agreed.ids),
      isSamePerson: !agreed.owner || agreed.owner === owner,
    });
    if ((add.size || remove.size) && !(await this.#tell([...add].map((id) => uids.get(id)), [...remove].map((id) => uids.get(id))))) return;
    this.#write({ owner, ids: [...together] });
    this.#take(together, before, uids);
  }

  /** What was pressed while we asked stays as it was pressed, and is told the next time. */
  #take(together, before, uids) {
    const result = new Set([...this.stars.ids].filter((id) => !uids.has(id)));
    let isNews = false;
    for (const id of uids.keys()) {
      const now = this.stars.has(id);
      const isPressed = now !== before.has(id);
      if (isPressed ? now : together.has(id)) result.add(id);
      if (isPressed) this.soon();
      else if (now !== together.has(id)) isNews = true;
    }
    if (!isNews) return;
    this.stars.replace(result);
    this.onChange();
  }

  async #tell(add, remove) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
    const response = await fetch(ADDRESS, { method: "POST", headers, body: JSON.stringify({ add, remove }) });
    return response.ok;
  }

  /** The UID of each star on the page, by its id. */
  #uids() {
    const buttons = this.programme.querySelectorAll("[data-star][data-uid]");
    return new Map([...buttons].map((button) => [button.dataset.star, button.dataset.uid]));
  }

  #read() {
    try {
      this.agreed = JSON.parse(localStorage.getItem(this.key)) ?? this.agreed;
    } catch {
      // Storage may be switched off: then it is known as long as the page is open.
    }
    return this.agreed;
  }

  #write(agreed) {
    this.agreed = agreed;
    try {
      localStorage.setItem(this.key, JSON.stringify(agreed));
    } catch {
      // As above.
    }
  }
}
