// What every screen of a stage does first: reads the document out of the page and follows it from there.
import { StageFeed } from "./stage-feed.js";

/** The feed of the round in `root` (data-api, data-stream, data-document: the id of its JSON), not started yet. */
export function feedOf(root, callbacks) {
  const stage = JSON.parse(document.getElementById(root.dataset.document ?? "stage-document").textContent);
  const { api: address, stream } = root.dataset;
  return new StageFeed({ stage, address, stream, ...callbacks });
}
