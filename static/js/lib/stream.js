// The event's stream for pages that look again when it says so. A browser gives up after an answer that is no stream,
// as a proxy gives while the stream process starts anew, and the process itself while it cannot hear Redis: we do not.
const REOPEN = 20_000;

/** @param address of the stream; `onMessage(message)` for what it says, `onState(isOpen)` when it opens or is lost. */
export function followStream(address, { onMessage, onState = () => {} }) {
  const source = new EventSource(address);
  source.addEventListener("open", () => onState(true));
  source.addEventListener("message", (event) => onMessage(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    onState(false);
    if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
    setTimeout(() => followStream(address, { onMessage, onState }), REOPEN * (1 + Math.random()));
  });
}
