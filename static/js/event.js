// The event page: the reader's own clock, and places that count down while one looks.
import { SeatsCard } from "./lib/seats.js";
import { setUpZoneSwitch } from "./lib/zone.js";

const card = document.getElementById("rsvp-live");
const zone = document.querySelector("[data-zone-switch]")?.dataset.zoneSwitch;

setUpZoneSwitch();
if (card) new SeatsCard(card, document.getElementById("rsvp-dock"), zone).start();
