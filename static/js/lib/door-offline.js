// Lets the page be opened again without network: the service worker keeps it without names; the names are in the store.

function filesOfThisPage() {
  const files = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const own = files.filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/"));
  return [...new Set(own.map((url) => url.pathname))];
}

export async function keepDoor() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/service-worker.js");
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ keep: filesOfThisPage(), door: location.pathname });
  } catch {
    // Refused by the browser's settings: the page works as long as it stays open.
  }
}
