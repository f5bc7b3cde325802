// Keeps opened schedules readable without a network: registers the service worker and tells it what this page is made of.

function madeOf() {
  const files = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const own = files.filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/"));
  return [location.pathname, ...new Set(own.map((url) => url.pathname))];
}

export async function keepOffline() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/service-worker.js");
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ keep: madeOf() });
  } catch {
    // Refused by the browser's settings: the page works as before, online.
  }
}
