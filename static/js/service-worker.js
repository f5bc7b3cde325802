// Served at /service-worker.js. Keeps schedules and doors that were opened, with what they need to be drawn, for when the
// network is gone. Pages come from the network first, files from the cache first (and are renewed behind it). Of a door
// only the page without names is kept: the names are in the door's own store, which forgets them.

const CACHE = "lectern-1";
const SCHEDULE = /^\/events\/[^/]+\/schedule\/$/;
const DOOR = /^\/events\/[^/]+\/door\/$/;
const WITHOUT_NAMES = "?shell=1";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

// The page that brought this worker was fetched before the worker ran, so it names what it is made of.
self.addEventListener("message", (event) => {
  const paths = (event.data?.keep ?? []).filter((path) => path.startsWith("/static/") || SCHEDULE.test(path));
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await Promise.allSettled(paths.map((path) => cache.add(path)));
      if (DOOR.test(event.data?.door ?? "")) await keepDoor(cache, event.data.door + WITHOUT_NAMES);
    })(),
  );
});

/** A redirect leads to the sign-in page, which is no door. */
async function keepDoor(cache, path) {
  const response = await fetch(path);
  if (response.ok && !response.redirected) await cache.put(path, response);
}

async function doorFromNetwork(request, path) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(path + WITHOUT_NAMES, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

async function fromNetworkFirst(request, path) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(path, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(path, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

async function fromCacheFirst(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  const fresh = fetch(request).then(async (response) => {
    if (response.ok) await cache.put(request, response.clone());
    return response;
  });
  if (!kept) return fresh;
  fresh.catch(() => {});
  return kept;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fromCacheFirst(request));
  else if (request.mode === "navigate" && SCHEDULE.test(url.pathname)) event.respondWith(fromNetworkFirst(request, url.pathname));
  else if (request.mode === "navigate" && DOOR.test(url.pathname)) event.respondWith(doorFromNetwork(request, url.pathname));
});
